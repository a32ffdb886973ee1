import Columns
import SPL

/// `untable <x-field> <name-field> <data-field>`: a row for each value of each other column, the opposite of `xyseries`.
///
/// The first field is kept, the second gets the column's name and the third its value. Nulls make no row; nor do internal
/// fields other than the first. Source: Splunk Search Reference 9.4, "untable".
struct UntableCommand: Command {
    static let name = "untable"
    static let help = CommandHelp(
        "untable <x-field> <name-field> <data-field>",
        "Makes a row of each value of the other columns, the opposite of xyseries.")

    private let fields: [String]
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        fields = try reader.fieldList()
        try reader.expectEnd()
        guard fields.count == 3, Set(fields).count == 3, !fields.contains(where: { $0.contains("*") }) else {
            throw .fieldsExpected(syntax, "untable <x-field> <name-field> <data-field>")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }
    func schema(after input: Schema) -> Schema { Schema(isOpen: false, names: fields) }
    func rowKey(after input: [String]?) -> [String]? { input == [fields[0]] ? Array(fields.prefix(2)) : nil }
    func makeOperator() -> any Operator { UntableOperator(fields: fields) }
}

private struct UntableOperator: Operator {
    let fields: [String]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        let others = zip(batch.names, batch.columns).filter { $0.0 != fields[0] && !$0.0.hasPrefix("_") }
        var rows: [Int] = []
        var names = ColumnBuilder()
        var values = ColumnBuilder()
        for row in 0..<batch.rowCount {
            for (name, column) in others where column.ids[row] != 0 {
                rows.append(row)
                names.append(.text(name))
                values.append(column[row])
            }
        }
        var result = batch.selecting([fields[0]]).gathered(rows)
        result.set(fields[1], names.finish())
        result.set(fields[2], values.finish())
        return result
    }
}
