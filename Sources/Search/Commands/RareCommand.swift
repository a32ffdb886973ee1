import Columns
import SPL

/// `rare [<count>] <fields> [by <fields>]`: the least frequent values of the fields, the least frequent first; 10 per group, 0 is all.
///
/// Options `limit countfield percentfield showcount showperc useother otherstr`. Rows that lack one of the fields do not
/// count; each value of a multivalue field does. Source: Splunk Search Reference 9.4, "rare".
struct RareCommand: Command {
    static let name = "rare"
    static let help = CommandHelp(
        "rare [<count>] <fields> <options> [BY <fields>]", "Gives the least frequent values of the fields.",
        options: FrequencyArguments.help)

    private let arguments: FrequencyArguments
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        arguments = try FrequencyArguments(syntax)
        explanation = syntax.explanation
    }

    func needs(_ after: FieldSet) -> FieldSet { FieldSet(names: Set(arguments.keys + arguments.fields)) }
    func schema(after input: Schema) -> Schema { arguments.schema }
    func rowKey(after input: [String]?) -> [String]? { arguments.keys + arguments.fields }
    var dependsOnOrder: Bool { true }
    var policies: [Policy] { arguments.policies }
    func makeOperator() -> any Operator { FrequencyOperator(arguments, wantsRare: true) }
}
