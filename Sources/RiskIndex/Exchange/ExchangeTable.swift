import GRDB

/// A table whose rows travel as lines of one kind. Its columns are read from the schema, so that a column which a later
/// migration adds travels too.
struct ExchangeTable {
    enum Form: Sendable, Equatable {
        case text, integer, time, real
        /// A list of texts, or of lists of so many to so many texts.
        case list
        case lists(minimum: Int, maximum: Int)
        case anyList
    }

    struct Column {
        var name: String
        /// Its name in a line.
        var member: String
        var form: Form
        var isRequired: Bool
        /// SQL of the value that a missing member stands for.
        var defaultSQL: String?
        /// The column `<name>_folded` follows from it.
        var isFolded: Bool
    }

    /// What the rows belong to, which a line names by key.
    struct Parent {
        var table: String
        var column: String
    }

    var kind: ExchangeKind
    var parent: Parent?
    /// Without ids and what follows from other columns.
    var columns: [Column]
    /// Of the rows, total.
    var order: String
    /// The time by which a range takes rows; nil for all of them.
    var rangeColumn: String?

    var name: String { kind.rawValue }

    init(_ kind: ExchangeKind, _ database: Database) throws {
        self.kind = kind
        let parents: [ExchangeKind: Parent] = [
            .findingChange: Parent(table: "finding", column: "finding_id"),
            .findingReview: Parent(table: "finding", column: "finding_id"),
            .runRule: Parent(table: "run", column: "run_id"), .runSource: Parent(table: "run", column: "run_id"),
        ]
        parent = parents[kind]
        switch kind {
        case .finding, .run: (order, rangeColumn) = ("\(kind.rawValue).time, \(kind.rawValue).key", "time")
        case .findingChange: (order, rangeColumn) = ("finding.time, finding.key, position", "time")
        case .findingReview:
            (order, rangeColumn) = ("finding.time, finding.key, finding_review.time, finding_review.id", "time")
        case .suppression: (order, rangeColumn) = ("start, key", nil)
        case .throttledFiring: (order, rangeColumn) = ("time, rule_id, field_values", "time")
        case .runRule: (order, rangeColumn) = ("run.time, run.key, search_name", "time")
        default: (order, rangeColumn) = ("run.time, run.key, sourcetype", "time")
        }
        columns = try Self.columns(kind.rawValue, parent: parent, database)
    }

    private static func columns(_ table: String, parent: Parent?, _ database: Database) throws -> [Column] {
        let sql = try String.fetchOne(
            database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", arguments: [table])
        let rows = try Row.fetchAll(
            database, sql: "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(?) ORDER BY cid",
            arguments: [table])
        let names = Set(rows.map { $0[0] as String })
        return rows.compactMap { row in
            let name: String = row[0]
            guard name != "id", name != parent?.column, !name.hasSuffix("_folded") else { return nil }
            let isTime = name == "time" || name.hasSuffix("_time") || name == "start" || name == "until"
            let form: Form
            switch row[1] as String {
            case "INTEGER": form = isTime ? .time : .integer
            case "REAL": form = .real
            default: form = sql?.contains("json_valid(\(name))") == true ? listForm("\(table).\(name)") : .text
            }
            let defaultSQL: String? = row[3]
            return Column(
                name: name, member: form == .time ? name + "_us" : name == "kind" ? "\(table)_kind" : name, form: form,
                isRequired: (row[2] as Bool || row[4] as Int > 0) && defaultSQL == nil, defaultSQL: defaultSQL,
                isFolded: names.contains(name + "_folded"))
        }
    }

    private static func listForm(_ column: String) -> Form {
        switch column {
        case "finding.all_risk_objects", "finding_change.sources", "finding_change.tactics": .list
        case "finding.fields": .lists(minimum: 2, maximum: .max)
        case "finding_change.threat_objects", "run_rule.lost": .lists(minimum: 2, maximum: 2)
        default: .anyList
        }
    }

    /// The key of the parent first, where there is one, then the columns. - Parameter hasRange: the bounds are arguments
    /// 1 and 2.
    func selectSQL(hasRange: Bool) -> String {
        var selection = columns.map { "\(name).\($0.name)" }
        var source = name
        if let parent {
            selection.insert("\(parent.table).key", at: 0)
            source += " JOIN \(parent.table) ON \(parent.table).id = \(name).\(parent.column)"
        }
        var sql = "SELECT \(selection.joined(separator: ", ")) FROM \(source)"
        if hasRange, let rangeColumn {
            let column = "\(parent?.table ?? name).\(rangeColumn)"
            sql += " WHERE \(column) >= ?1 AND \(column) < ?2"
        }
        return sql + " ORDER BY \(order)"
    }
}
