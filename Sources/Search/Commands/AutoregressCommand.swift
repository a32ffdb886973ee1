import Columns
import SPL

/// `autoregress <field> [AS <name>] [p=<rows> | p=<from>-<to>]`: copies the values of rows before into each row.
///
/// The copies are named `<field>_p<rows>`, or `name` where there is one. Null where there is no row so far back.
/// Source: Splunk Search Reference 9.4, "autoregress".
struct AutoregressCommand: Command {
    static let name = "autoregress"
    static let help = CommandHelp(
        "autoregress <field> [AS <name>] <options>", "Copies the values of rows before into each row.",
        options: [
            ("p=<rows>|<from>-<to>", "how many rows back, 1 unless written")
        ])

    private let field: String
    private let outputs: [(name: String, distance: Int)]
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        let read = try RowWindowArguments(syntax, hasPeriod: true)
        field = read.field
        let periods = read.periods ?? 1...1
        if let output = read.output {
            guard periods.count == 1 else {
                throw Diagnostic(
                    "E385", "autoregress has one name for \(periods.count) fields", span: syntax.nameSpan,
                    hint: "leave out AS, or write one number behind p=")
            }
            outputs = [(output, periods.lowerBound)]
        } else {
            outputs = periods.map { ("\(read.field)_p\($0)", $0) }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }
    func schema(after input: Schema) -> Schema { outputs.reduce(input) { $0.adding($1.name) } }
    var dependsOnOrder: Bool { true }
    func makeOperator() -> any Operator { AutoregressOperator(field: field, outputs: outputs) }
}

private struct AutoregressOperator: Operator {
    let field: String
    let outputs: [(name: String, distance: Int)]
    var window = RowWindow<Value>()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        let column = batch.column(field) ?? .nulls(rowCount: batch.rowCount)
        var copies = outputs.map { _ in ColumnBuilder() }
        let furthest = outputs.last?.distance ?? 1
        for row in 0..<batch.rowCount {
            for (index, output) in outputs.enumerated() {
                copies[index].append(window.value(output.distance) ?? .null)
            }
            _ = window.push(column[row], keeping: furthest)
        }
        for (index, output) in outputs.enumerated() { batch.set(output.name, copies[index].finish()) }
        return batch
    }
}
