import GRDB

/// How much the index holds.
public struct IndexCounts: Sendable, Hashable {
    public var riskEvents: Int
    public var findings: Int
    public var firings: Int
    public var storedEvents: Int

    public init(riskEvents: Int, findings: Int, firings: Int, storedEvents: Int) {
        self.riskEvents = riskEvents
        self.findings = findings
        self.firings = firings
        self.storedEvents = storedEvents
    }
}

/// The summed risk of one entity in a window.
public struct RiskScore: Sendable, Hashable {
    public var normalizedRiskObject: String
    public var riskObjectType: String
    /// Sum of `calculated_risk_score`.
    public var riskScore: Double
    public var riskEventCount: Int

    public init(normalizedRiskObject: String, riskObjectType: String, riskScore: Double, riskEventCount: Int) {
        self.normalizedRiskObject = normalizedRiskObject
        self.riskObjectType = riskObjectType
        self.riskScore = riskScore
        self.riskEventCount = riskEventCount
    }
}

extension RiskIndex {
    public func counts() throws(IndexError) -> IndexCounts {
        try reading { database in
            func count(_ table: String) throws -> Int {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \(table)") ?? 0
            }
            return IndexCounts(
                riskEvents: try count("risk_record"), findings: try count("finding"), firings: try count("firing"),
                storedEvents: try count("stored_event"))
        }
    }

    /// Time of the first and of the last risk event, UTC microseconds, both inclusive; nil for an empty index.
    public func timeRange() throws(IndexError) -> ClosedRange<Int64>? {
        try reading { database in
            // Two selects: SQLite reads min and max from an index only when asked for one of them.
            guard let first = try Int64.fetchOne(database, sql: RiskIndex.firstTimeSQL),
                let last = try Int64.fetchOne(database, sql: RiskIndex.lastTimeSQL)
            else { return nil }
            return first...last
        }
    }

    static let firstTimeSQL = "SELECT min(time) FROM risk_record"
    static let lastTimeSQL = "SELECT max(time) FROM risk_record"

    /// The plain sum of risk of each entity in `start <= _time < end` (UTC microseconds), by entity, then type.
    ///
    /// Source: ES 7.3 "Default risk incident rules": `sum(All_Risk.calculated_risk_score)` by normalized_risk_object
    /// and risk_object_type.
    public func riskScores(start: Int64, end: Int64) throws(IndexError) -> [RiskScore] {
        try reading { database in
            try Row.fetchAll(database, sql: RiskIndex.riskScoreSQL, arguments: [start, end]).map { row in
                RiskScore(
                    normalizedRiskObject: StoredText.decode(row[0]), riskObjectType: StoredText.decode(row[1]),
                    riskScore: row[2], riskEventCount: row[3])
            }
        }
    }

    static let riskScoreSQL = """
        SELECT normalized_risk_object, entity.risk_object_type, sum(risk), sum(events)
        FROM (
            SELECT risk_object_id, sum(calculated_risk_score) AS risk, count(*) AS events
            FROM risk_record WHERE time >= ? AND time < ? GROUP BY risk_object_id)
        JOIN risk_object ON risk_object.id = risk_object_id JOIN entity ON entity.id = entity_id
        GROUP BY entity.id ORDER BY normalized_risk_object, entity.risk_object_type
        """
}
