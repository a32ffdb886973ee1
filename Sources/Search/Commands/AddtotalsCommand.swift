import Columns
import SPL

/// `addtotals [row=<bool>] [col=<bool>] [fieldname=<name>] [labelfield=<field>] [label=<text>] [<fields>]`: the sum of each
/// row's numbers in a field `Total`; with `col=t` a last row with the sum of each column.
///
/// Without fields all but internal ones are summed. Text that is no number and multivalues count nothing; a row without
/// numbers has the total 0. The last row has `label` in `labelfield`, which is added where it does not exist.
/// Source: Splunk Search Reference 9.4, "addtotals".
struct AddtotalsCommand: Command {
    static let name = "addtotals"
    static let help = CommandHelp(
        "addtotals <options> [<fields>]",
        "Adds the sum of each row's numbers, and a last row with the sums of the columns.",
        options: [
            ("row=<bool>", "sums each row, `t` unless written"),
            ("col=<bool>", "adds the last row, `f` unless written"),
            ("fieldname=<name>", "the field of the row sums, `Total` unless written"),
            ("labelfield=<field>", "the field of the last row that holds the label, added where it does not exist"),
            ("label=<text>", "the label, `Total` unless written"),
        ])

    private var sumsRows = true
    private var sumsColumns = false
    private var output = "Total"
    private var labelField: String?
    private var label = "Total"
    private var patterns: [String] = []
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "row": sumsRows = try BooleanOption.value(value)
                case "col": sumsColumns = try BooleanOption.value(value)
                case "fieldname": output = value.text
                case "labelfield": labelField = value.text
                case "label": label = value.text
                default:
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else {
                patterns += try reader.furtherFields()
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        if patterns.isEmpty, sumsRows || sumsColumns { return .all }
        var needed = after
        for pattern in patterns { needed.insert(pattern) }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for name in (sumsRows ? [output] : []) + (sumsColumns ? [labelField].compactMap { $0 } : [])
        where !schema.names.contains(name) {
            schema.names.append(name)
        }
        return schema
    }

    func rowKey(after input: [String]?) -> [String]? { sumsColumns ? nil : input }

    func makeOperator() -> any Operator {
        AddtotalsOperator(
            output: sumsRows ? output : nil, patterns: patterns,
            totals: sumsColumns ? ColumnTotals(patterns: patterns, labelField: labelField, label: label) : nil)
    }
}

struct AddtotalsOperator: Operator {
    let output: String?
    let patterns: [String]
    var totals: ColumnTotals?

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        if let output {
            var sums = [Double](repeating: 0, count: batch.rowCount)
            for (name, column) in zip(batch.names, batch.columns)
            where name != output && ColumnTotals.isSummed(name, patterns) {
                let numbers = column.values.map { $0.numeric ?? 0 }
                for (row, id) in column.ids.enumerated() { sums[row] += numbers[Int(id)] }
            }
            batch.set(output, Column(sums.map { .number($0) }))
        }
        totals?.add(batch, always: output)
        return batch
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? { totals?.row() }
}
