import Columns
import SPL

/// `head [<count>]` keeps the first rows, 10 when no count is written; `head limit=<count>` likewise;
/// `head (<expression>) [keeplast=<bool>] [null=<bool>]` keeps rows until the expression is not true.
///
/// A null result ends the run unless `null=true`. `keeplast=true` keeps the row that ended it.
/// Source: Splunk Search Reference 9.4, "head".
struct HeadCommand: Command {
    static let name = "head"
    static let help = CommandHelp(
        "head [<count> | (<expression>)] <options>",
        "Keeps the first rows, 10 unless told otherwise, or those before the expression is not true.",
        options: [
            ("limit=<count>", "the count, written as an option"),
            ("keeplast=<bool>", "keeps the row that ended it too; `f` unless written"),
            ("null=<bool>", "a null result does not end it; `f` unless written"),
        ])

    private var count: Int?
    private var condition: CompiledExpression?
    private var conditionText = ""
    private var keepsLast = false
    private var keepsNull = false

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "limit": count = try Self.count(value)
                case "keeplast": keepsLast = try BooleanOption.value(value)
                case "null": keepsNull = try BooleanOption.value(value)
                default:
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if token.kind == .openParenthesis {
                let (text, offset) = try reader.parenthesizedText()
                let expression = try EvalExpression.parse(text, at: offset)
                condition = try CompiledExpression(expression, context: context)
                conditionText = expression.description
            } else {
                _ = reader.next()
                count = try Self.count(token)
            }
        }
        if count == nil, condition == nil { count = 10 }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        if let condition { needed.formUnion(condition.fields) }
        return needed
    }

    var dependsOnOrder: Bool { true }

    var explanation: String {
        let rows = count.map { "first \($0) rows" } ?? "rows"
        if condition == nil { return "head: \(rows)" }
        return "head: \(rows) while \(conditionText)" + (keepsLast ? ", keeplast" : "") + (keepsNull ? ", null" : "")
    }

    func makeOperator() -> any Operator {
        HeadOperator(remaining: count ?? .max, condition: condition, keepsLast: keepsLast, keepsNull: keepsNull)
    }

    private static func count(_ token: Token) throws(Diagnostic) -> Int {
        guard let count = Int(token.text), count >= 0 else {
            throw Diagnostic(
                "E312", "head takes a count of rows, not '\(token.text)'", span: token.span,
                hint: "write head 20, or head (<expression>)")
        }
        return count
    }
}

private struct HeadOperator: Operator {
    var remaining: Int
    let condition: CompiledExpression?
    let keepsLast: Bool
    let keepsNull: Bool
    var isOver = false

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard !isOver else { return batch.prefix(0) }
        var kept = batch.prefix(remaining)
        if let condition {
            let results = try condition.evaluate(kept, context, isCondition: true)
            for row in 0..<kept.rowCount {
                let value = results[row]
                if value == .boolean(true) || (keepsNull && value.isNull) { continue }
                kept = kept.prefix(keepsLast ? row + 1 : row)
                isOver = true
                break
            }
        }
        remaining -= kept.rowCount
        if remaining == 0 { isOver = true }
        return kept
    }
}
