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

    /// - Parameter frame: what the test of the column stands in, such as a subselect.
    /// - Throws: `invalidQuery` for more names than one statement takes (SQLite's own default limit is 32,766).
    mutating func require(
        _ column: String, anyOf names: [String]?, path: String, frame: (_ test: String) -> String = { $0 }
    ) throws(IndexError) {
        guard let names else { return }
        guard names.count <= 30_000 else {
            throw IndexError(
                code: .invalidQuery,
                message: "a query of risk index '\(path)' names \(names.count) values of '\(column)'",
                hint: "name at most 30,000, or read by time and filter the rows")
        }
        // `= ?` for one name: the index then also gives the order.
        let test = names.count == 1 ? "= ?" : "IN (\(names.map { _ in "?" }.joined(separator: ", ")))"
        conditions.append(frame("\(column) \(test)"))
        arguments += names.map(StoredText.encode)
    }

    mutating func keep(first limit: Int?) {
        self.limit = limit.map { max(0, $0) }
    }
}

extension SelectStatement {
    init(_ query: RiskEventQuery, path: String) throws(IndexError) {
        try self.init(
            query, RiskEventRecord.selection, from: RiskEventRecord.source, order: RiskEventRecord.order, path: path)
    }

    /// - Parameter source: has `risk_record` in it.
    init(
        _ query: RiskEventQuery, _ selection: String, from source: String, order: String, path: String
    ) throws(IndexError) {
        self.init(selection, from: source, order: order)
        require("risk_record.time >= ?", query.startMicroseconds)
        require("risk_record.time < ?", query.endMicroseconds)
        try require(
            "normalized_risk_object_folded", anyOf: query.normalizedRiskObjects?.map(FoldedName.fold), path: path
        ) {
            "risk_object_id IN (SELECT risk_object.id FROM entity JOIN risk_object ON entity_id = entity.id WHERE \($0))"
        }
        try require("risk_object_folded", anyOf: query.riskObjects?.map(FoldedName.fold), path: path) {
            "risk_object_id IN (SELECT id FROM risk_object WHERE \($0))"
        }
        // Asked of each row that the others find: a list of all names of the type would cost more than an entity's events.
        require(
            "EXISTS (SELECT 1 FROM risk_object WHERE id = risk_object_id AND risk_object_type = ?)",
            query.riskObjectType.map(StoredText.encode))
        require(
            """
            risk_record.id IN (SELECT risk_event_id FROM risk_record_threat_object WHERE threat_object_id IN
                (SELECT id FROM threat_object WHERE value_folded = ?))
            """, query.threatObject.map { StoredText.encode(FoldedName.fold($0)) })
        try require("search_name", anyOf: query.searchNames, path: path) {
            "rule IN (SELECT id FROM rule WHERE \($0))"
        }
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
