import GRDB

/// The text and arguments of one SELECT, put together from a query's parts.
struct SelectStatement {
    private(set) var arguments: [any DatabaseValueConvertible] = []
    private var conditions: [String] = []
    private var limit: Int?
    private let selection: String
    private let source: String
    private let order: String

    init(_ selection: String, from source: String, order: String) {
        self.selection = selection
        self.source = source
        self.order = order
    }

    var sql: String {
        var sql = "SELECT \(selection) FROM \(source)"
        if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
        sql += " ORDER BY \(order)"
        if let limit { sql += " LIMIT \(limit)" }
        return sql
    }

    mutating func require(_ condition: String, _ argument: (any DatabaseValueConvertible)?) {
        guard let argument else { return }
        conditions.append(condition)
        arguments.append(argument)
    }

    /// - Throws: `invalidQuery` for more names than one statement takes (SQLite's own default limit is 32,766).
    mutating func require(_ column: String, anyOf names: [String]?, path: String) throws(IndexError) {
        guard let names else { return }
        guard names.count <= 30_000 else {
            throw IndexError(
                code: .invalidQuery,
                message: "a query of risk index '\(path)' names \(names.count) values of '\(column)'",
                hint: "name at most 30,000, or read by time and filter the rows")
        }
        // `= ?` for one name: the index then also gives the order.
        let test = names.count == 1 ? "= ?" : "IN (\(names.map { _ in "?" }.joined(separator: ", ")))"
        conditions.append("\(column) \(test)")
        arguments += names.map(StoredText.encode)
    }

    mutating func keep(first limit: Int?) {
        self.limit = limit.map { max(0, $0) }
    }
}

extension SelectStatement {
    init(_ query: RiskEventQuery, path: String) throws(IndexError) {
        self.init(RiskEventRecord.selection, from: RiskEventRecord.source, order: "risk_event.time, risk_event.key")
        require("risk_event.time >= ?", query.startMicroseconds)
        require("risk_event.time < ?", query.endMicroseconds)
        try require(
            "risk_event.normalized_risk_object_folded", anyOf: query.normalizedRiskObjects?.map(FoldedName.fold),
            path: path)
        try require("risk_event.risk_object_folded", anyOf: query.riskObjects?.map(FoldedName.fold), path: path)
        require("risk_event.risk_object_type = ?", query.riskObjectType.map(StoredText.encode))
        require(
            """
            risk_event.id IN (SELECT risk_event_id FROM risk_event_threat_object WHERE value_folded = ?)
            """, query.threatObject.map { StoredText.encode(FoldedName.fold($0)) })
        try require("risk_event.search_name", anyOf: query.searchNames, path: path)
        keep(first: query.limit)
    }

    init(_ query: FindingQuery, path: String) throws(IndexError) {
        self.init(FindingRecord.selection, from: "finding", order: "time, key")
        require("time >= ?", query.startMicroseconds)
        require("time < ?", query.endMicroseconds)
        try require(
            "normalized_risk_object_folded", anyOf: query.normalizedRiskObjects?.map(FoldedName.fold), path: path)
        require("risk_object_type = ?", query.riskObjectType.map(StoredText.encode))
        try require("search_name", anyOf: query.searchNames, path: path)
        keep(first: query.limit)
    }
}
