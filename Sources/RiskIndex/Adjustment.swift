import GRDB

/// Which risk events were entered by hand, and which event each of them answers.
public struct Adjustments: Sendable {
    /// By the key of the entry, the key of the answered event; nil for an entry that stands for itself.
    public var answeredKeys: [String: String?]

    public init(answeredKeys: [String: String?] = [:]) { self.answeredKeys = answeredKeys }
}

extension RiskIndex {
    public func adjustments() throws(IndexError) -> Adjustments {
        try reading { database in
            let sql = """
                SELECT entry.key, answered.key FROM adjustment
                JOIN risk_record AS entry ON entry.id = risk_event_id
                LEFT JOIN risk_record AS answered ON answered.id = answered_event_id
                """
            var keys: [String: String?] = [:]
            let rows = try Row.fetchCursor(database, sql: sql)
            while let row = try rows.next() { keys.updateValue(row[1] as String?, forKey: row[0]) }
            return Adjustments(answeredKeys: keys)
        }
    }
}
