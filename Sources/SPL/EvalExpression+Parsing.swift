extension EvalExpression {
    /// Parses an expression of `eval`, `where` and their like.
    /// - Parameter offset: where the text starts in the search, for the spans.
    public static func parse(_ text: String, at offset: Int = 0) throws(Diagnostic) -> EvalExpression {
        var parser = try EvalParser(EvalLexer(Array(text.utf8), base: offset))
        let expression = try parser.parseExpression()
        guard parser.current.kind == .end else { throw parser.unexpected() }
        return expression
    }

    /// Where the expression stands in the text that was parsed.
    public var span: Span {
        switch self {
        case .number(_, _, let span), .string(_, let span), .field(_, let span), .call(_, _, let span),
            .unary(_, _, let span), .binary(_, _, _, let span), .inList(_, _, let span):
            span
        }
    }
}

extension EvalExpression.BinaryOperator {
    /// How tightly it binds; larger is tighter. The place of `.` beside `+` is not documented.
    ///
    /// Source: Splunk Search Manual 9.3, "Boolean expressions"; Search Reference 9.4, "eval".
    var precedence: Int {
        switch self {
        case .xor: 1
        case .or: 2
        case .and: 3
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .like: EvalParser.comparisonPrecedence
        case .add, .subtract, .concatenate: 6
        case .multiply, .divide, .remainder: 7
        }
    }

    /// AND, OR and XOR give the same whichever pair is taken first, also when operands are null.
    var isLogical: Bool { self == .and || self == .or || self == .xor }
}
