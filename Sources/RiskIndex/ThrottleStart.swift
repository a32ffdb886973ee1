import GRDB

/// A firing after which a detection's throttling keeps silent about rows with the same values.
public struct ThrottleStart: Sendable, Hashable {
    public var ruleID: String
    /// The values of each throttling field, in the order of the rule's list.
    public var values: [[String]]
    /// UTC microseconds: of the scheduled run, or of the row where there is no schedule.
    public var timeMicroseconds: Int64
    /// Identity of the row (``Firing/key``), whether it made a risk event or not.
    public var firingKey: String

    public init(ruleID: String, values: [[String]], timeMicroseconds: Int64, firingKey: String) {
        self.ruleID = ruleID
        self.values = values
        self.timeMicroseconds = timeMicroseconds
        self.firingKey = firingKey
    }
}

extension RiskIndex {
    /// The rule's starts in any run so far, by values, then time.
    public func throttleStarts(ruleID: String) throws(IndexError) -> [ThrottleStart] {
        try reading { database in
            try Row.fetchAll(
                database, sql: RiskIndex.throttleStartSQL, arguments: [StoredText.encode(ruleID)]
            ).map { row in
                guard let values = StringListJSON.decodeLists(row[0]) else {
                    throw IndexError.damagedRecord(path: path, table: "throttled firing", key: row[0])
                }
                return ThrottleStart(ruleID: ruleID, values: values, timeMicroseconds: row[1], firingKey: row[2])
            }
        }
    }

    static let throttleStartSQL = """
        SELECT field_values, time, firing_key FROM throttled_firing WHERE rule_id = ? ORDER BY field_values, time
        """
}

extension ThrottleStart {
    func insert(_ database: Database) throws {
        let sql = """
            INSERT INTO throttled_firing (rule_id, field_values, time, firing_key) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """
        try database.cachedStatement(sql: sql).execute(arguments: [
            StoredText.encode(ruleID), StringListJSON.encode(values), timeMicroseconds, firingKey,
        ])
    }
}
