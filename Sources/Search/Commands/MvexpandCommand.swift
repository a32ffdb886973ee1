import Columns
import SPL

/// `mvexpand <field> [limit=<n>]` makes a row of each value of a multivalue field, at most n of them where n is not 0; the
/// other fields are copied. A row with one value or none stays.
///
/// Errors: E306 where the rows become more than a search may hold. Source: Splunk Search Reference 9.4, "mvexpand".
struct MvexpandCommand: Command {
    static let name = "mvexpand"
    static let help = CommandHelp(
        "mvexpand <field> <options>", "Makes a row of each value of a multivalue field.",
        options: [
            ("limit=<count>", "how many values of a row count, 0 (all) unless written")
        ])

    private let field: String
    private let limit: Int

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var limit = 0
        var field: String?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard name == "limit" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                limit = try NumberOption.count(value, for: name)
            } else if field == nil {
                field = try reader.fieldName("the field to expand", allowingParentheses: true)
            } else {
                try reader.expectEnd()
            }
        }
        guard let field else { throw .noField(Self.name, syntax.nameSpan, "mvexpand <field>") }
        self.field = field
        self.limit = limit
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }

    func rowKey(after input: [String]?) -> [String]? {
        input.map { $0.contains(field) ? $0 : $0 + [field] }
    }

    var policies: [Policy] { [.mvexpandKeepsRow] }
    var readsClock: Bool { false }
    var explanation: String { "mvexpand: \(field)" + (limit == 0 ? "" : ", first \(limit)") }

    var streams: Bool { true }

    func makeOperator() -> any Operator { MvexpandOperator(field: field, limit: limit == 0 ? .max : limit) }
}

private struct MvexpandOperator: Operator {
    let field: String
    let limit: Int

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard let column = batch.column(field),
            column.values.contains(where: { if case .multivalue = $0 { true } else { false } })
        else { return batch }
        var rows: [Int] = []
        var builder = ColumnBuilder()
        for row in 0..<batch.rowCount {
            guard case .multivalue(let values) = column[row] else {
                rows.append(row)
                builder.append(column[row])
                continue
            }
            for value in values.prefix(limit) {
                rows.append(row)
                builder.append(value)
            }
            guard rows.count <= context.limits.rows else {
                throw Diagnostic(
                    "E306", "mvexpand makes more than \(context.limits.rows) rows",
                    hint: "filter earlier, or write limit=<n>")
            }
        }
        var result = batch.gathered(rows)
        result.set(field, builder.finish())
        return result
    }
}
