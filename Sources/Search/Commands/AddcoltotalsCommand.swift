import Columns
import SPL

/// `addcoltotals [labelfield=<field>] [label=<text>] [<fields>]`: a last row with the sum of each column's numbers.
///
/// Without fields all but internal ones are summed; the row has `label` in `labelfield`, which is added where it does not
/// exist. Source: Splunk Search Reference 9.4, "addcoltotals".
struct AddcoltotalsCommand: Command {
    static let name = "addcoltotals"
    static let help = CommandHelp(
        "addcoltotals <options> [<fields>]", "Adds a last row with the sum of each column's numbers.",
        options: [
            ("labelfield=<field>", "the field of the last row that holds the label, added where it does not exist"),
            ("label=<text>", "the label, `Total` unless written"),
        ])

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
                case "labelfield": labelField = value.text
                case "label": label = value.text
                default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else {
                patterns += try reader.furtherFields()
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        guard !patterns.isEmpty else { return .all }
        var needed = after
        for pattern in patterns { needed.insert(pattern) }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        if let labelField, !schema.names.contains(labelField) { schema.names.append(labelField) }
        return schema
    }

    func rowKey(after input: [String]?) -> [String]? { nil }

    func makeOperator() -> any Operator {
        AddtotalsOperator(
            output: nil, patterns: patterns,
            totals: ColumnTotals(patterns: patterns, labelField: labelField, label: label))
    }
}
