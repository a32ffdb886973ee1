import Columns
import SPL

/// `delta <field> [AS <name>] [p=<rows>]`: the field's value less its value `p` rows before, in the order of the rows.
///
/// Without AS the result is `delta(<field>)`. Null in the first `p` rows, and where one of the two is no number.
/// Source: Splunk Search Reference 9.4, "delta".
struct DeltaCommand: Command {
    static let name = "delta"
    static let help = CommandHelp(
        "delta <field> [AS <name>] <options>", "Gives the difference between a row's number and that of a row before.",
        options: [
            ("p=<rows>", "how many rows back, 1 unless written")
        ])

    private let field: String
    private let output: String
    private let distance: Int
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        let read = try RowWindowArguments(syntax, hasPeriod: true)
        field = read.field
        output = read.output ?? "delta(\(field))"
        distance = read.periods?.lowerBound ?? 1
        if let periods = read.periods, periods.count > 1 {
            throw Diagnostic("E380", "delta takes one distance", span: syntax.nameSpan, hint: "write p=1")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }
    func schema(after input: Schema) -> Schema { input.adding(output) }
    var dependsOnOrder: Bool { true }
    func makeOperator() -> any Operator { DeltaOperator(field: field, output: output, distance: distance) }
}

private struct DeltaOperator: Operator {
    let field: String
    let output: String
    let distance: Int
    /// The last `distance` values.
    var window = RowWindow<Double?>()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        var results: [Value] = []
        results.reserveCapacity(batch.rowCount)
        for row in 0..<batch.rowCount {
            let number = batch[field, row].numeric
            let before = window.push(number, keeping: distance) ?? nil
            if let number, let before { results.append(.number(number - before)) } else { results.append(.null) }
        }
        batch.set(output, Column(results))
        return batch
    }
}
