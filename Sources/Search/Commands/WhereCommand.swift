import Columns
import SPL

/// `where <expression>` keeps the rows for which the expression is true; null is not true.
///
/// Source: Splunk Search Reference 9.4, "where"; AND binds tighter than OR here, unlike in `search`.
struct WhereCommand: Command {
    static let name = "where"
    static let help = CommandHelp("where <expression>", "Keeps the rows for which an expression is true.")

    let condition: CompiledExpression
    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        guard !syntax.arguments.isEmpty else {
            throw Diagnostic(
                "E314", "where has no expression", span: syntax.nameSpan, hint: "write where <expression>")
        }
        let expression = try EvalExpression.parse(syntax.argumentText, at: syntax.argumentOffset)
        condition = try CompiledExpression(expression, context: context)
        text = expression.description
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.formUnion(condition.fields)
        return needed
    }

    var policies: [Policy] { [.nullComparisonIsNotTrue] }
    var readsClock: Bool { condition.readsClock }
    var explanation: String { "where: \(text)" }

    var streams: Bool { condition.isConstantPerSearch }

    func makeOperator() -> any Operator { WhereOperator(condition: condition) }
}

private struct WhereOperator: Operator {
    let condition: CompiledExpression

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        let results = try condition.evaluate(batch, context, isCondition: true)
        let isTrue = results.values.map { $0 == .boolean(true) }
        return batch.filtered(results.ids.map { isTrue[Int($0)] })
    }
}
