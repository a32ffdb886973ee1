import Columns
import SPL

/// `fieldformat <field>=<expression>` says how Splunk shows a field, and leaves its value as it is: the expression is
/// checked and not run.
///
/// Errors: those of an expression that does not compile. Source: Splunk Search Reference 9.4, "fieldformat".
struct FieldformatCommand: Command {
    static let name = "fieldformat"
    static let help = CommandHelp(
        "fieldformat <field>=<expression>",
        "Says how Splunk shows a field; the value stays, and the expression is only checked.")

    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        let assignments = try EvalAssignment.parseList(syntax.argumentText, at: syntax.argumentOffset)
        for assignment in assignments { _ = try CompiledExpression(assignment.expression, context: context) }
        text = assignments.map { "\($0.target)=\($0.expression)" }.joined(separator: ", ")
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var explanation: String { "fieldformat: \(text)" }

    var streams: Bool { true }

    func makeOperator() -> any Operator { PassOperator() }
}
