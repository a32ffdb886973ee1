/// The expression grammar of `eval`, `where`, `fieldformat`, `stats f(eval(...))` and props.conf `EVAL-`: NOT, then
/// `* / %`, `+ - .`, comparisons with LIKE and IN, AND, OR, XOR, loosest last.
///
/// Source: Splunk Search Manual 9.3, "Boolean expressions"; docs/decisions/0002
public indirect enum EvalExpression: Hashable, Sendable {
    /// The source text is kept: `8.250` has four significant digits, and it must print back as written.
    case number(Double, source: String, Span)
    case string(String, Span)
    /// A bare or single-quoted name.
    case field(String, Span)
    /// The function name is lower-cased.
    case call(name: String, arguments: [EvalExpression], Span)
    case unary(UnaryOperator, EvalExpression, Span)
    case binary(BinaryOperator, EvalExpression, EvalExpression, Span)
    /// `x IN (a, b)`.
    case inList(EvalExpression, [EvalExpression], Span)

    public enum UnaryOperator: String, Sendable { case negate = "-", not = "NOT" }

    public enum BinaryOperator: String, Sendable {
        case multiply = "*", divide = "/", remainder = "%"
        case add = "+", subtract = "-", concatenate = "."
        case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
        case like = "LIKE"
        case and = "AND", or = "OR", xor = "XOR"
    }
}
