import Columns
import SPL
import Search

/// One `EVAL-<field>`.
struct CompiledEval: Sendable {
    var field: String
    /// Equal texts are computed once.
    var text: String
    var expression: CompiledExpression
    /// False where equal inputs may give different results.
    var isDeterministic: Bool
    var line: AddonLine

    init(_ rule: FieldRules.Eval, context: CompileContext) throws(Diagnostic) {
        let syntax = try EvalExpression.parse(rule.text)
        field = rule.field
        text = rule.text
        line = rule.line
        expression = try CompiledExpression(syntax, context: context)
        isDeterministic = !Self.calls("random", syntax)
    }

    private static func calls(_ name: String, _ expression: EvalExpression) -> Bool {
        switch expression {
        case .number, .string, .field: false
        case .call(let called, let arguments, _): called == name || arguments.contains { calls(name, $0) }
        case .unary(_, let operand, _): calls(name, operand)
        case .binary(_, let left, let right, _): calls(name, left) || calls(name, right)
        case .inList(let operand, let items, _): calls(name, operand) || items.contains { calls(name, $0) }
        }
    }
}

enum EvalStep {
    /// Computes all, then sets all: they see the fields before this step, not each other.
    static func apply(_ evals: [CompiledEval], to batch: inout Batch, _ context: ExecutionContext) throws(SearchError) {
        var computed: [(field: String, column: Column)] = []
        var known: [String: Column] = [:]
        for eval in evals {
            let column: Column
            if eval.isDeterministic {
                if let done = known[eval.text] { column = done } else { column = try grouped(eval, batch, context) }
                known[eval.text] = column
            } else {
                column = try eval.expression.evaluate(batch, context)
            }
            computed.append((eval.field, column))
        }
        for (field, column) in computed { batch.set(field, column) }
    }

    private static func grouped(
        _ eval: CompiledEval, _ batch: Batch, _ context: ExecutionContext
    ) throws(SearchError) -> Column {
        let names = eval.expression.fields.names.filter { batch.contains($0) }.sorted { asciiCompare($0, $1) < 0 }
        let columns = names.compactMap { batch.column($0) }
        let groups = RowGroups(columns, rowCount: batch.rowCount)
        // Where nearly every row is its own group there is nothing to gain.
        guard groups.firstRows.count * 4 < batch.rowCount * 3 else {
            return try eval.expression.evaluate(batch, context)
        }
        var representatives = Batch(rowCount: groups.firstRows.count)
        for (name, column) in zip(names, columns) {
            representatives.set(name, column.gathered(groups.firstRows))
        }
        return groups.spread(try eval.expression.evaluate(representatives, context))
    }
}
