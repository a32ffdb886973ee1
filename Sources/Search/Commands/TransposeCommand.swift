import Columns
import SPL

/// `transpose [<rows>] [column_name=<name>] [header_field=<field>] [include_empty=<bool>]`: a row per field, a column per
/// row; the first 5 rows, 0 is all.
///
/// The first column, `column`, has the names of the fields, the others are `row 1`, `row 2`, ..., or what `header_field`
/// holds, which is then no row. `include_empty=f` leaves out fields without values.
/// Source: Splunk Search Reference 9.4, "transpose".
struct TransposeCommand: Command {
    static let name = "transpose"
    static let help = CommandHelp(
        "transpose [<rows>] <options>",
        "Makes a row of each field and a column of each row, of the first 5 rows unless told otherwise.",
        options: [
            ("column_name=<name>", "the column of the fields' names, `column` unless written"),
            ("header_field=<field>", "the field whose values name the columns, `row 1`, `row 2`, ... unless written"),
            ("include_empty=<bool>", "`f` leaves out fields without values; `t` unless written"),
        ])

    private var count: Int?
    private var columnName = "column"
    private var header: String?
    private var includesEmpty = true
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if let (name, value) = reader.option() {
                switch name {
                case "column_name": columnName = value.text
                case "header_field": header = value.text
                case "include_empty": includesEmpty = try BooleanOption.value(value)
                case "int": count = try NumberOption.count(value, for: name)
                default:
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else {
                count = try NumberOption.count(token, for: "transpose")
                _ = reader.next()
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }
    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: [columnName]) }
    func rowKey(after input: [String]?) -> [String]? { [columnName] }
    var dependsOnOrder: Bool { true }
    func makeOperator() -> any Operator {
        TransposeOperator(count: count, columnName: columnName, header: header, includesEmpty: includesEmpty)
    }
}

private struct TransposeOperator: Operator {
    private static let defaultCount = 5

    let count: Int?
    let columnName: String
    let header: String?
    let includesEmpty: Bool
    var held = RowBuffer()
    var seen = 0

    init(count: Int?, columnName: String, header: String?, includesEmpty: Bool) {
        self.count = count
        self.columnName = columnName
        self.header = header
        self.includesEmpty = includesEmpty
    }

    private var limit: Int { count == 0 ? .max : count ?? Self.defaultCount }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        seen += batch.rowCount
        try held.append(batch.prefix(max(0, limit - held.count)), &context)
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = held.take(&context)
        if count == nil, seen > limit {
            context.warn("W313", "transpose keeps \(limit) of \(seen) rows", hint: "write transpose 0 for all")
        }
        let names = all.names.filter { name in
            name != header
                && (includesEmpty
                    || (all.column(name)?.values.dropFirst().contains { !($0.printed?.isEmpty ?? true) } ?? false))
        }
        guard names.count * max(1, all.rowCount) <= PivotBounds.cells else { throw PivotBounds.tooMany(columnName) }
        var result = Batch(rowCount: all.rowCount == 0 ? 0 : names.count)
        let rows = all.rowCount == 0 ? [] : names
        result.set(columnName, Column(rows.map { .text($0) }))
        for row in 0..<all.rowCount {
            var title = header.flatMap { all[$0, row].printed?.string } ?? "row \(row + 1)"
            if title.isEmpty || result.contains(title) { title = "row \(row + 1)" }
            result.set(title, Column(names.map { all[$0, row] }))
        }
        if let origins = all.origins {
            result.origins = [[UInt32]](repeating: Array(origins.joined()), count: result.rowCount)
        }
        return result
    }
}
