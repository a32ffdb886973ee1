/// One token of an eval expression.
struct EvalToken {
    enum Kind: Equatable {
        case number(Double)
        /// `text` is without quotes and after the escapes.
        case string
        case quotedField
        /// A bare name or an operator word.
        case name
        case binary(EvalExpression.BinaryOperator)
        case openParenthesis
        case closeParenthesis
        case comma
        case end
    }

    var kind: Kind
    var text: String
    var raw: String
    var span: Span

    func isKeyword(_ word: String) -> Bool { kind == .name && text.uppercased() == word }

    /// The operator that the token is between two operands.
    var binaryOperator: EvalExpression.BinaryOperator? {
        switch kind {
        case .binary(let symbol): return symbol
        case .name:
            switch text.uppercased() {
            case "AND": return .and
            case "OR": return .or
            case "XOR": return .xor
            case "LIKE": return .like
            default: return nil
            }
        default: return nil
        }
    }
}
