/// Precedence climbing over the lexer's tokens, one token ahead.
///
/// Two bounds keep hostile input off the stack, here and in whoever walks the tree: parentheses, calls and prefix
/// operators nest no deeper than `maximumDepth`, and no tree is higher than `maximumHeight`. Chains of AND, OR and XOR
/// may be of any length: they become balanced trees.
struct EvalParser {
    static let maximumDepth = 200
    static let maximumHeight = 1_000
    static let notPrecedence = 4
    static let comparisonPrecedence = 5
    static let unaryPrecedence = 8

    private(set) var current: EvalToken
    private var lexer: EvalLexer
    private var depth = 0
    private var previousEnd: Int

    private struct Operand {
        var expression: EvalExpression
        var height: Int
    }

    init(_ lexer: EvalLexer) throws(Diagnostic) {
        self.lexer = lexer
        current = try self.lexer.next(expectsOperand: true)
        previousEnd = current.span.lowerBound
    }

    mutating func parseExpression() throws(Diagnostic) -> EvalExpression { try parse(minimum: 1).expression }

    private mutating func advance(expectsOperand: Bool) throws(Diagnostic) {
        previousEnd = current.span.upperBound
        current = try lexer.next(expectsOperand: expectsOperand)
    }

    private mutating func parse(minimum: Int) throws(Diagnostic) -> Operand {
        let start = current.span.lowerBound
        var left = try parsePrefix()
        while true {
            if let negates = try consumeListOrNegatedOperator(minimum: minimum) {
                left = try parseComparisonTail(left, isNegated: negates.isNegated, isList: negates.isList, from: start)
            } else if let symbol = current.binaryOperator, symbol.precedence >= minimum {
                if symbol.isLogical {
                    left = try parseChain(left, symbol)
                } else {
                    try advance(expectsOperand: true)
                    let right = try parse(minimum: symbol.precedence + 1)
                    left = try combine(
                        .binary(symbol, left.expression, right.expression, Span(start, previousEnd)), left, right)
                }
            } else {
                return left
            }
        }
    }

    private mutating func parseChain(
        _ first: Operand, _ symbol: EvalExpression.BinaryOperator
    ) throws(Diagnostic) -> Operand {
        var operands = [first]
        while current.binaryOperator == symbol {
            try advance(expectsOperand: true)
            operands.append(try parse(minimum: symbol.precedence + 1))
        }
        return Self.balanced(operands[...], symbol)
    }

    /// The first half, rounded up, on the left: `a OR b OR c` is `(a OR b) OR c`.
    private static func balanced(_ operands: ArraySlice<Operand>, _ symbol: EvalExpression.BinaryOperator) -> Operand {
        guard operands.count > 1 else { return operands[operands.startIndex] }
        let middle = operands.startIndex + (operands.count + 1) / 2
        let left = balanced(operands[..<middle], symbol)
        let right = balanced(operands[middle...], symbol)
        let span = Span(left.expression.span.lowerBound, right.expression.span.upperBound)
        return Operand(
            expression: .binary(symbol, left.expression, right.expression, span),
            height: max(left.height, right.height) + 1)
    }

    /// `IN (`, `NOT IN (` and `NOT LIKE`, which are not plain binary operators.
    private mutating func consumeListOrNegatedOperator(
        minimum: Int
    ) throws(Diagnostic) -> (isNegated: Bool, isList: Bool)? {
        guard minimum <= Self.comparisonPrecedence else { return nil }
        if current.isKeyword("IN") {
            try advance(expectsOperand: true)
            return (false, true)
        }
        guard current.isKeyword("NOT") else { return nil }
        try advance(expectsOperand: false)
        if current.isKeyword("IN") {
            try advance(expectsOperand: true)
            return (true, true)
        }
        guard current.isKeyword("LIKE") else {
            throw unexpected(hint: "behind a value, NOT stands before IN or LIKE only")
        }
        try advance(expectsOperand: true)
        return (true, false)
    }

    private mutating func parseComparisonTail(
        _ left: Operand, isNegated: Bool, isList: Bool, from start: Int
    ) throws(Diagnostic) -> Operand {
        var result: Operand
        if isList {
            guard current.kind == .openParenthesis else {
                throw unexpected(hint: "IN needs its values in parentheses: x IN (\"a\", \"b\")")
            }
            let (items, height) = try parseArguments()
            guard !items.isEmpty else {
                throw Diagnostic(
                    .malformedValueList, "the list of IN is empty", span: Span(start, previousEnd),
                    hint: "write at least one value: x IN (value)")
            }
            result = Operand(
                expression: .inList(left.expression, items, Span(start, previousEnd)),
                height: max(left.height, height) + 1)
        } else {
            let right = try parse(minimum: Self.comparisonPrecedence + 1)
            result = try combine(
                .binary(.like, left.expression, right.expression, Span(start, previousEnd)), left, right)
        }
        if isNegated { result.expression = .unary(.not, result.expression, Span(start, previousEnd)) }
        return result
    }

    private func combine(_ expression: EvalExpression, _ left: Operand, _ right: Operand) throws(Diagnostic) -> Operand
    {
        let height = max(left.height, right.height) + 1
        guard height <= Self.maximumHeight else {
            throw Diagnostic(
                .expressionTooLong, "more than \(Self.maximumHeight) operators in a row", span: expression.span,
                hint: "assign a part of the expression to a field first")
        }
        return Operand(expression: expression, height: height)
    }

    private mutating func parsePrefix() throws(Diagnostic) -> Operand {
        depth += 1
        defer { depth -= 1 }
        let start = current.span.lowerBound
        guard depth <= Self.maximumDepth else {
            throw Diagnostic(
                .nestedTooDeep, "the expression is nested deeper than \(Self.maximumDepth)", span: current.span,
                hint: "assign a part of the expression to a field first")
        }
        if current.isKeyword("NOT") {
            try advance(expectsOperand: true)
            // NOT x=1 is NOT (x=1).
            let operand = try parse(minimum: Self.comparisonPrecedence)
            return Operand(
                expression: .unary(.not, operand.expression, Span(start, previousEnd)), height: operand.height + 1)
        }
        if current.kind == .binary(.subtract) {
            try advance(expectsOperand: true)
            let operand = try parse(minimum: Self.unaryPrecedence)
            return Operand(
                expression: .unary(.negate, operand.expression, Span(start, previousEnd)), height: operand.height + 1)
        }
        if current.kind == .binary(.add) {
            // `+4` is 4; the page of printf writes it.
            try advance(expectsOperand: true)
            return try parse(minimum: Self.unaryPrecedence)
        }
        return try parsePrimary()
    }

    private mutating func parsePrimary() throws(Diagnostic) -> Operand {
        let token = current
        switch token.kind {
        case .number(let value):
            try advance(expectsOperand: false)
            return Operand(expression: .number(value, source: token.text, token.span), height: 1)
        case .string:
            try advance(expectsOperand: false)
            return Operand(expression: .string(token.text, token.span), height: 1)
        case .quotedField:
            try advance(expectsOperand: false)
            return Operand(expression: .field(token.text, token.span), height: 1)
        case .name:
            return try parseName(token)
        case .openParenthesis:
            try advance(expectsOperand: true)
            let inner = try parse(minimum: 1)
            guard current.kind == .closeParenthesis else { throw unclosed(from: token.span) }
            try advance(expectsOperand: false)
            return inner
        default:
            throw expressionExpected()
        }
    }

    /// A name is a function when a parenthesis follows, with or without blanks: nothing else could stand there.
    private mutating func parseName(_ token: EvalToken) throws(Diagnostic) -> Operand {
        if ["AND", "OR", "XOR"].contains(token.text.uppercased()) { throw expressionExpected() }
        try advance(expectsOperand: false)
        guard current.kind == .openParenthesis else {
            return Operand(expression: .field(token.text, token.span), height: 1)
        }
        let (arguments, height) = try parseArguments()
        return Operand(
            expression: .call(
                name: token.text.lowercased(), arguments: arguments, Span(token.span.lowerBound, previousEnd)),
            height: height + 1)
    }

    /// From the `(` to behind the `)`.
    private mutating func parseArguments() throws(Diagnostic) -> (arguments: [EvalExpression], height: Int) {
        let open = current.span
        try advance(expectsOperand: true)
        var arguments: [EvalExpression] = []
        var height = 0
        if current.kind == .closeParenthesis {
            try advance(expectsOperand: false)
            return ([], 0)
        }
        while true {
            let argument = try parse(minimum: 1)
            arguments.append(argument.expression)
            height = max(height, argument.height)
            if current.kind == .comma {
                try advance(expectsOperand: true)
                continue
            }
            guard current.kind == .closeParenthesis else { throw unclosed(from: open) }
            try advance(expectsOperand: false)
            return (arguments, height)
        }
    }
}

// Messages.
extension EvalParser {
    private func expressionExpected() -> Diagnostic {
        let place = current.kind == .end ? "at the end" : "at '\(current.raw)'"
        return Diagnostic(
            .expressionExpected, "a value, field or function is missing \(place)", span: current.span,
            hint: "strings stand in double quotes, field names with special characters in single quotes")
    }

    private func unclosed(from open: Span) -> Diagnostic {
        guard current.kind == .end else { return unexpected(hint: "a ',' or ')' is missing before it") }
        return Diagnostic(
            .unclosedParenthesis, "the parenthesis that opens here is not closed", span: open, hint: "close it with ')'"
        )
    }

    func unexpected(hint: String? = nil) -> Diagnostic {
        switch current.kind {
        case .end:
            return Diagnostic(
                .unexpectedInExpression, "the expression ends too early", span: current.span,
                hint: hint ?? "complete it")
        case .closeParenthesis where hint == nil:
            return Diagnostic(
                .strayParenthesis, "')' closes nothing", span: current.span,
                hint: "remove it, or open a parenthesis before it")
        default:
            return Diagnostic(
                .unexpectedInExpression, "'\(current.raw)' cannot stand here", span: current.span,
                hint: hint ?? "an operator is missing before it: . joins texts, AND and OR join conditions")
        }
    }
}
