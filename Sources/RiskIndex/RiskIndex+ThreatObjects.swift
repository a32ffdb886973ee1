import GRDB

/// What one threat object was seen with.
public struct ThreatSightings: Sendable, Hashable {
    /// As seen, sorted: they differ by case at most.
    public var values: [String]
    /// Sorted.
    public var types: [String]
    /// By first sighting, then name, then type.
    public var entities: [ThreatEntity]
    /// By first sighting, then name.
    public var rules: [ThreatRule]
    public var riskEventCount: Int
    public var firstMicroseconds: Int64
    public var lastMicroseconds: Int64

    public init(
        values: [String], types: [String], entities: [ThreatEntity], rules: [ThreatRule], riskEventCount: Int,
        firstMicroseconds: Int64, lastMicroseconds: Int64
    ) {
        self.values = values
        self.types = types
        self.entities = entities
        self.rules = rules
        self.riskEventCount = riskEventCount
        self.firstMicroseconds = firstMicroseconds
        self.lastMicroseconds = lastMicroseconds
    }
}

/// An entity that was seen with a threat object.
public struct ThreatEntity: Sendable, Hashable {
    public var normalizedRiskObject: String
    public var riskObjectType: String
    public var riskEventCount: Int
    /// Sum of `calculated_risk_score` over the events with that threat object.
    public var riskScore: Double
    public var firstMicroseconds: Int64
    public var lastMicroseconds: Int64

    public init(
        normalizedRiskObject: String, riskObjectType: String, riskEventCount: Int, riskScore: Double,
        firstMicroseconds: Int64, lastMicroseconds: Int64
    ) {
        self.normalizedRiskObject = normalizedRiskObject
        self.riskObjectType = riskObjectType
        self.riskEventCount = riskEventCount
        self.riskScore = riskScore
        self.firstMicroseconds = firstMicroseconds
        self.lastMicroseconds = lastMicroseconds
    }
}

/// A rule that named a threat object.
public struct ThreatRule: Sendable, Hashable {
    public var searchName: String
    public var riskEventCount: Int
    public var firstMicroseconds: Int64
    public var lastMicroseconds: Int64

    public init(searchName: String, riskEventCount: Int, firstMicroseconds: Int64, lastMicroseconds: Int64) {
        self.searchName = searchName
        self.riskEventCount = riskEventCount
        self.firstMicroseconds = firstMicroseconds
        self.lastMicroseconds = lastMicroseconds
    }
}

extension RiskIndex {
    /// What the threat object `value` was seen with over the whole index, compared by ``FoldedName``.
    ///
    /// - Returns: nil when no risk event names it.
    public func threat(_ value: String) throws(IndexError) -> ThreatSightings? {
        let folded = StoredText.encode(FoldedName.fold(value))
        return try reading { database in
            func list(_ column: String) throws -> [String] {
                try String.fetchAll(database, sql: RiskIndex.threatListSQL(column), arguments: [folded])
                    .map(StoredText.decode)
            }
            let entities = try Row.fetchAll(database, sql: RiskIndex.threatEntitySQL, arguments: [folded]).map { row in
                ThreatEntity(
                    normalizedRiskObject: StoredText.decode(row[0]), riskObjectType: StoredText.decode(row[1]),
                    riskEventCount: row[2], riskScore: row[3], firstMicroseconds: row[4], lastMicroseconds: row[5])
            }
            let rules = try Row.fetchAll(database, sql: RiskIndex.threatRuleSQL, arguments: [folded]).map { row in
                ThreatRule(
                    searchName: StoredText.decode(row[0]), riskEventCount: row[1], firstMicroseconds: row[2],
                    lastMicroseconds: row[3])
            }
            guard let first = rules.map(\.firstMicroseconds).min(), let last = rules.map(\.lastMicroseconds).max()
            else { return nil }
            return ThreatSightings(
                values: try list("value"), types: try list("type"), entities: entities, rules: rules,
                riskEventCount: rules.reduce(0) { $0 + $1.riskEventCount }, firstMicroseconds: first,
                lastMicroseconds: last)
        }
    }

    static func threatListSQL(_ column: String) -> String {
        "SELECT DISTINCT \(column) FROM threat_object WHERE value_folded = ? ORDER BY \(column)"
    }

    // IN, not JOIN: an event that names the object twice counts once.
    static let threatEntitySQL = """
        SELECT normalized_risk_object, risk_object_type, count(*), sum(calculated_risk_score), min(time), max(time)
        FROM risk_event
        WHERE id IN (SELECT risk_event_id FROM risk_event_threat_object WHERE value_folded = ?)
        GROUP BY normalized_risk_object, risk_object_type
        ORDER BY min(time), normalized_risk_object, risk_object_type
        """

    static let threatRuleSQL = """
        SELECT search_name, count(*), min(time), max(time) FROM risk_event
        WHERE id IN (SELECT risk_event_id FROM risk_event_threat_object WHERE value_folded = ?)
        GROUP BY search_name ORDER BY min(time), search_name
        """
}
