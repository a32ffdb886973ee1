/// A table whose rows exist for those that refer to them.
struct SharedTable {
    var name: String
    /// SQL that holds for a row which nothing refers to.
    var isOrphan: String

    /// In the order in which they are emptied: what frees rows of another table comes before it.
    ///
    /// Of rules, names and threat objects the row with the largest number is never an orphan: without it SQLite would
    /// give its number to the next row, and readers take a number for one thing as long as they run.
    static let all = [
        SharedTable("firing", usedBy: "risk_record", "firing_id", keepsLast: false),
        SharedTable("stored_event", usedBy: "firing_stored_event", "stored_event_id", keepsLast: false),
        SharedTable("rule", usedBy: "risk_record", "rule"),
        SharedTable("risk_object", usedBy: "risk_record", "risk_object_id"),
        SharedTable("entity", usedBy: "risk_object", "entity_id"),
        SharedTable("threat_object", usedBy: "risk_record_threat_object", "threat_object_id"),
    ]

    private init(_ name: String, usedBy user: String, _ column: String, keepsLast: Bool = true) {
        self.name = name
        var condition = "NOT EXISTS (SELECT 1 FROM \(user) WHERE \(user).\(column) = \(name).id)"
        if keepsLast { condition += " AND \(name).id < (SELECT max(id) FROM \(name))" }
        isOrphan = condition
    }
}
