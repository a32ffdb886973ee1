import GRDB

/// A finding with its steps, as an incident run leaves it.
public struct FindingLife: Sendable, Hashable {
    public var finding: Finding
    /// In order; the first is `opened`.
    public var changes: [FindingChange]

    public init(finding: Finding, changes: [FindingChange]) {
        self.finding = finding
        self.changes = changes
    }
}

extension RiskIndex {
    /// The steps of a finding, in order; empty for an unknown one.
    public func changes(findingKey: String) throws(IndexError) -> [FindingChange] {
        try reading { database in try changes(findingKey, database) }
    }

    /// The findings that match, with their steps.
    public func lives(_ query: FindingQuery) throws(IndexError) -> [FindingLife] {
        let found = try findings(query)
        return try reading { database in
            try found.map { FindingLife(finding: $0, changes: try changes($0.key, database)) }
        }
    }

    private func changes(_ findingKey: String, _ database: Database) throws -> [FindingChange] {
        guard
            let id = try Int64.fetchOne(
                database.cachedStatement(sql: "SELECT id FROM finding WHERE key = ?"), arguments: [findingKey])
        else { return [] }
        let rows = try Row.fetchCursor(
            database.cachedStatement(sql: FindingChangeRecord.selectSQL), arguments: [id])
        var changes: [FindingChange] = []
        while let row = try rows.next() {
            changes.append(try FindingChangeRecord.decode(row, findingKey: findingKey, path: path))
        }
        return changes
    }

    /// Writes lives as they stand now, in one transaction: findings that are new, with all their steps; of known ones the
    /// state, the steps, and the risk events that joined. Nothing of a finding is taken away.
    public func write(_ lives: [FindingLife]) throws(IndexError) -> FindingInsertCount {
        try writing { database in
            let writer = try FindingWriter(database, indexTimeMicroseconds: indexTimeMicroseconds, path: path)
            var count = FindingInsertCount(newFindings: 0, knownFindings: 0)
            for life in lives {
                if try writer.write(life) { count.newFindings += 1 } else { count.knownFindings += 1 }
            }
            return count
        }
    }
}
