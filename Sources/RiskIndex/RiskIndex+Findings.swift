import GRDB

extension RiskIndex {
    /// The findings that match, by time, then key.
    public func findings(_ query: FindingQuery) throws(IndexError) -> [Finding] {
        let select = try SelectStatement(query, path: path)
        return try reading { database in try findings(select, database) }
    }

    /// The finding whose key begins with `idPrefix`, in either case of the hex digits.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `ambiguousPrefix`, which lists the first candidates, when there are several.
    public func finding(idPrefix: String) throws(IndexError) -> Finding? {
        guard let key = try uniqueKey(of: "finding", idPrefix: idPrefix, idLength: 12) else { return nil }
        var select = SelectStatement(FindingRecord.selection, from: "finding", order: "key")
        select.require("key = ?", key)
        return try reading { database in try findings(select, database).first }
    }

    private func findings(_ select: SelectStatement, _ database: Database) throws -> [Finding] {
        let riskEventKeys = try database.cachedStatement(sql: FindingRecord.riskEventKeySQL)
        let rows = try Row.fetchCursor(database, sql: select.sql, arguments: StatementArguments(select.arguments))
        var findings: [Finding] = []
        while let row = try rows.next() {
            findings.append(try FindingRecord.decode(row, riskEventKeys: riskEventKeys, path: path))
        }
        return findings
    }

    /// - Parameter table: `risk_record` or `finding`.
    /// - Parameter idLength: how many digits of a key people see.
    func uniqueKey(of table: String, idPrefix: String, idLength: Int) throws(IndexError) -> String? {
        // Keys are hex digits: U+10FFFF sorts behind all of them.
        let lower = String(decoding: idPrefix.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        guard !lower.utf8.contains(0) else { return nil }
        let limit = 6
        let keys = try reading { database in
            try String.fetchAll(
                database, sql: RiskIndex.keysByPrefixSQL(table: table, limit: limit),
                arguments: [lower, lower + "\u{10FFFF}"])
        }
        guard keys.count > 1 else { return keys.first }
        // Long enough to tell the candidates apart, at least as long as the id that people see.
        let length = max(idLength, idPrefix.utf8.count + 4)
        var candidates = keys.prefix(limit - 1).map { "'\($0.prefix(length))'" }
        if keys.count == limit { candidates.append("and more") }
        throw IndexError(
            code: .ambiguousPrefix,
            message: "'\(idPrefix)' begins several ids in '\(path)': \(candidates.joined(separator: ", "))",
            hint: "give more digits")
    }

    static func keysByPrefixSQL(table: String, limit: Int) -> String {
        "SELECT key FROM \(table) WHERE key >= ? AND key < ? ORDER BY key LIMIT \(limit)"
    }
}
