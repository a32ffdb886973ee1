import Columns
import SPL

/// `accum <field> [AS <name>]`: the running total of the field's numbers, in the order of the rows, in the field itself or
/// in `name`.
///
/// A row whose value is no number adds nothing: the field keeps its value, `name` stays null.
/// Source: Splunk Search Reference 9.4, "accum".
struct AccumCommand: Command {
    static let name = "accum"
    static let help = CommandHelp(
        "accum <field> [AS <name>]", "Makes a running total of a field's numbers, in the order of the rows.")

    private let field: String
    private let output: String
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        let read = try RowWindowArguments(syntax, hasPeriod: false)
        field = read.field
        output = read.output ?? read.field
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }
    func schema(after input: Schema) -> Schema { input.adding(output) }
    var dependsOnOrder: Bool { true }
    func makeOperator() -> any Operator { AccumOperator(field: field, output: output) }
}

private struct AccumOperator: Operator {
    let field: String
    let output: String
    var total = 0.0

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard let column = batch.column(field) else { return batch }
        var batch = batch
        var results: [Value] = []
        results.reserveCapacity(batch.rowCount)
        for row in 0..<batch.rowCount {
            if let number = column[row].numeric {
                total += number
                results.append(.number(total))
            } else {
                results.append(output == field ? column[row] : .null)
            }
        }
        batch.set(output, Column(results))
        return batch
    }
}
