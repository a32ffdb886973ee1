import Columns
import SPL

/// `search <terms>`: as first command it names the events to read, later it filters rows.
///
/// Source: Splunk Search Reference 9.4, "search".
struct SearchCommand: Command {
    static let name = "search"

    let expression: SearchExpression
    let predicate: CompiledPredicate

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        let expression = try SearchExpression.parse(syntax.argumentText, at: syntax.argumentOffset)
        try self.init(expression, context)
    }

    init(_ expression: SearchExpression, _ context: CompileContext) throws(Diagnostic) {
        self.expression = expression
        predicate = try CompiledPredicate(expression, context: context)
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.formUnion(predicate.fields)
        return needed
    }

    var explanation: String { "search: \(expression)" }

    func makeOperator() -> any Operator { FilterOperator(predicate: predicate) }
}

struct FilterOperator: Operator {
    let predicate: CompiledPredicate

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        batch.filtered(predicate.evaluate(batch))
    }
}
