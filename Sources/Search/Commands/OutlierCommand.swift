import Columns
import SPL

/// `outlier [type=iqr] [action=remove|transform] [param=2.5] [uselower=<bool>] [mark=<bool>] [<fields>]`: finds numbers
/// further from the middle half of their field than `param` times its width.
///
/// Above the third quartile only, below the first too with `uselower=t`. `transform` (`tf`, the default) puts the threshold
/// in the outlier's place, with 000 before it where `mark=t`; `remove` (`rm`) drops the row. Without fields all but
/// internal ones; values that are no numbers take no part. Source: Splunk Search Reference 9.4, "outlier".
struct OutlierCommand: Command {
    static let name = "outlier"
    static let help = CommandHelp(
        "outlier <options> [<fields>]", "Finds numbers far from the middle half of their field.",
        options: [
            ("type=iqr", "how numbers are judged; there is one way"),
            (
                "action=transform|tf|remove|rm",
                "puts the threshold in the outlier's place (unless written), or drops the row"
            ),
            ("param=<number>", "the threshold as a multiple of the width of the middle half, 2.5 unless written"),
            ("uselower=<bool>", "looks below the middle half too; `f` unless written"),
            ("mark=<bool>", "`transform` puts 000 before the threshold; `f` unless written"),
        ])

    fileprivate var removes = false
    fileprivate var factor = 2.5
    fileprivate var usesLower = false
    fileprivate var marks = false
    fileprivate var fields: [String] = []
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "type":
                    guard value.text.lowercased() == "iqr" else {
                        throw .unknownValue(value, of: name, values: ["iqr"])
                    }
                case "action":
                    switch value.text.lowercased() {
                    case "remove", "rm": removes = true
                    case "transform", "tf": removes = false
                    default: throw .unknownValue(value, of: name, values: ["remove", "rm", "transform", "tf"])
                    }
                case "param": factor = try NumberOption.number(value, for: name)
                case "uselower": usesLower = try BooleanOption.value(value)
                case "mark": marks = try BooleanOption.value(value)
                default:
                    throw .unknownOption(
                        name, of: syntax.name, options: Self.help.optionNames, token.span)
                }
            } else {
                fields += try reader.furtherFields()
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        guard !fields.isEmpty else { return .all }
        var needed = after
        for field in fields { needed.insert(field) }
        return needed
    }
    func rowKey(after input: [String]?) -> [String]? { input }
    var policies: [Policy] { [.quartilesInterpolate] }
    func makeOperator() -> any Operator { OutlierOperator(command: self) }
}

private struct OutlierOperator: Operator {
    let command: OutlierCommand
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        var all = held.take(&context)
        var keep = [Bool](repeating: true, count: all.rowCount)
        for name in all.names where ColumnTotals.isSummed(name, command.fields) {
            guard let column = all.column(name) else { continue }
            let numbers = column.values.map(\.numeric)
            guard let quartiles = Quartiles(column.ids.compactMap { numbers[Int($0)] }) else { continue }
            let high = quartiles.third + command.factor * quartiles.range
            let low = command.usesLower ? quartiles.first - command.factor * quartiles.range : -Double.infinity
            if command.removes {
                for (row, id) in column.ids.enumerated() {
                    if let number = numbers[Int(id)], number > high || number < low { keep[row] = false }
                }
            } else {
                all.set(name, column.mapped { value in truncated(value, low, high) })
            }
        }
        return all.filtered(keep)
    }

    private func truncated(_ value: Value, _ low: Double, _ high: Double) -> Value {
        guard let number = value.numeric, number > high || number < low else { return value }
        let bound = number > high ? high : low
        return command.marks ? .text("000" + NumberText.print(bound)) : .number(bound)
    }
}
