import GRDB

/// A finding that tells of the same firings as another one.
public struct FindingTwin: Sendable, Hashable {
    public var key: String
    public var timeMicroseconds: Int64
    public var searchName: String
    public var normalizedRiskObject: String
    public var riskObjectType: String
    public var riskScore: Double
    public var state: FindingState
    /// How many risk events it has, and how many of them are of the other finding's firings.
    public var riskEventCount: Int
    public var sharedEventCount: Int
    /// How many firings both have.
    public var sharedFiringCount: Int

    /// `finding_id`.
    public var id: String { String(key.prefix(12)) }
}

extension RiskIndex {
    /// The findings of other entities, or of other rules, that share firings with this one, by time, then key.
    public func twins(of finding: Finding) throws(IndexError) -> [FindingTwin] {
        try reading { database in
            let rows = try Row.fetchAll(
                database, sql: Self.twinSQL,
                arguments: [
                    "key": finding.key, "search_name": StoredText.encode(finding.searchName),
                    "object": StoredText.encode(finding.normalizedRiskObject),
                    "type": StoredText.encode(finding.riskObjectType),
                ])
            return try rows.map { row in
                guard let state = FindingState(rawValue: row[6]) else {
                    throw IndexError.damagedRecord(path: path, table: "finding", key: row[0])
                }
                return FindingTwin(
                    key: row[0], timeMicroseconds: row[1], searchName: StoredText.decode(row[2]),
                    normalizedRiskObject: StoredText.decode(row[3]), riskObjectType: StoredText.decode(row[4]),
                    riskScore: row[5], state: state, riskEventCount: row[7], sharedEventCount: row[8],
                    sharedFiringCount: row[9])
            }
        }
    }

    // From the finding's firings to their events to the findings of these; CROSS JOIN keeps SQLite at that order.
    static let twinSQL = """
        WITH own AS MATERIALIZED (
            SELECT DISTINCT risk_record.firing_id
            FROM finding CROSS JOIN finding_risk_event ON finding_id = finding.id
            CROSS JOIN risk_record ON risk_record.id = risk_event_id WHERE finding.key = :key)
        SELECT finding.key, finding.time, finding.search_name, finding.normalized_risk_object, finding.risk_object_type,
            finding.risk_score, finding.state,
            (SELECT count(*) FROM finding_risk_event WHERE finding_id = finding.id), count(*),
            count(DISTINCT risk_record.firing_id)
        FROM own CROSS JOIN risk_record ON risk_record.firing_id = own.firing_id
        CROSS JOIN finding_risk_event ON risk_event_id = risk_record.id
        CROSS JOIN finding ON finding.id = finding_id
        WHERE finding.key <> :key AND (finding.search_name <> :search_name
            OR finding.normalized_risk_object <> :object OR finding.risk_object_type <> :type)
        GROUP BY finding.id ORDER BY finding.time, finding.key
        """
}
