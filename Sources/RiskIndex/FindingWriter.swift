import GRDB

/// The statements that store one finding, prepared once a transaction.
struct FindingWriter {
    private let database: Database
    private let indexTimeMicroseconds: Int64
    private let path: String
    private let insertFinding: Statement
    private let selectFinding: Statement
    private let setState: Statement
    private let insertChange: Statement
    private let linkRiskEvent: Statement

    init(_ database: Database, indexTimeMicroseconds: Int64, path: String) throws {
        self.database = database
        self.indexTimeMicroseconds = indexTimeMicroseconds
        self.path = path
        insertFinding = try database.cachedStatement(sql: FindingRecord.insertSQL)
        selectFinding = try database.cachedStatement(sql: "SELECT id FROM finding WHERE key = ?")
        setState = try database.cachedStatement(sql: "UPDATE finding SET state = ?, state_time = ? WHERE id = ?")
        insertChange = try database.cachedStatement(sql: FindingChangeRecord.insertSQL)
        linkRiskEvent = try database.cachedStatement(
            sql: """
                INSERT INTO finding_risk_event (finding_id, position, risk_event_id)
                SELECT ?, ?, id FROM risk_record WHERE key = ?
                """)
    }

    /// - Returns: whether the finding is new.
    func write(_ life: FindingLife) throws -> Bool {
        let finding = life.finding
        guard finding.riskScore.isFinite, finding.rawRiskScore.isFinite, finding.countedRiskScore.isFinite else {
            throw IndexError.invalidRecord("the score of finding '\(finding.key)' is not a finite number", path: path)
        }
        try insertFinding.execute(
            arguments: FindingRecord.arguments(finding, indexTimeMicroseconds: indexTimeMicroseconds))
        let isNew = database.changesCount == 1
        guard let findingID = try Int64.fetchOne(selectFinding, arguments: [finding.key]) else {
            throw IndexError.damagedRecord(path: path, table: "finding", key: finding.key)
        }
        if !isNew {
            try setState.execute(arguments: [finding.state.rawValue, finding.stateTimeMicroseconds, findingID])
        }
        for (position, change) in life.changes.enumerated() {
            try insertChange.execute(
                arguments: FindingChangeRecord.arguments(change, findingID: findingID, position: position))
        }
        try link(finding, findingID, isNew: isNew)
        return isNew
    }

    private func link(_ finding: Finding, _ findingID: Int64, isNew: Bool) throws {
        var known: Set<String> = []
        if !isNew {
            let keys = try database.cachedStatement(sql: FindingRecord.riskEventKeySQL)
            known = Set(try String.fetchAll(keys, arguments: [findingID]))
        }
        var position = known.count
        for key in finding.riskEventKeys where !known.contains(key) {
            try linkRiskEvent.execute(arguments: [findingID, position, key])
            guard database.changesCount == 1 else {
                throw IndexError.invalidRecord(
                    "finding '\(finding.key)' names risk event '\(key)', which the index does not hold", path: path)
            }
            position += 1
        }
    }
}
