/// The grammar by recursive descent over the raw bytes: a list of AND terms, each a list of OR terms, each perhaps
/// negated. Only what stands between parentheses recurses.
struct SearchParser {
    static let maximumDepth = 64

    private(set) var terms: SearchTermReader

    /// Goes on where the reader stands.
    init(_ terms: SearchTermReader) { self.terms = terms }

    init(_ bytes: [UInt8], base: Int, commandNames: Set<String>) {
        terms = SearchTermReader(bytes, base: base, commandNames: commandNames)
    }

    mutating func parse() throws(Diagnostic) -> SearchExpression {
        let expression = try parseExpression(depth: 0)
        guard terms.isAtEnd else {
            throw Diagnostic(
                .strayParenthesis, "')' closes nothing", span: terms.span(terms.index, terms.index + 1),
                hint: "remove it, or open a parenthesis before it")
        }
        return expression
    }

    /// Stops at the end or before a `)`.
    private mutating func parseExpression(depth: Int) throws(Diagnostic) -> SearchExpression {
        var operands: [SearchExpression] = []
        while true {
            terms.skipSeparators()
            if terms.isAtEnd || terms.isAt(")") { break }
            let start = terms.index
            if terms.consumeOperator("AND") {
                try requireOperand(before: !operands.isEmpty, of: "AND", at: start)
            }
            operands.append(try parseDisjunction(depth: depth))
        }
        switch operands.count {
        case 0: return .all
        case 1: return operands[0]
        default: return .and(operands)
        }
    }

    private mutating func parseDisjunction(depth: Int) throws(Diagnostic) -> SearchExpression {
        let start = terms.index
        if terms.consumeOperator("OR") { try requireOperand(before: false, of: "OR", at: start) }
        var operands = [try parseNegation(depth: depth)]
        while true {
            terms.skipSeparators()
            let start = terms.index
            guard terms.consumeOperator("OR") else { break }
            try requireOperand(before: true, of: "OR", at: start)
            operands.append(try parseNegation(depth: depth))
        }
        return operands.count == 1 ? operands[0] : .or(operands)
    }

    private mutating func parseNegation(depth: Int) throws(Diagnostic) -> SearchExpression {
        let start = terms.index
        guard terms.consumeOperator("NOT") else { return try parseTerm(depth: depth) }
        try requireOperand(before: true, of: "NOT", at: start)
        try checkDepth(depth + 1, at: start)
        let operand = try parseNegation(depth: depth + 1)
        return .not(operand, terms.span(start, terms.index))
    }

    mutating func parseTerm(depth: Int) throws(Diagnostic) -> SearchExpression {
        guard terms.isAt("(") else { return try terms.readTerm(depth: depth) }
        let start = terms.index
        try checkDepth(depth + 1, at: start)
        terms.advance()
        let expression = try parseExpression(depth: depth + 1)
        guard terms.isAt(")") else { throw terms.unclosedParenthesis(from: start) }
        terms.advance()
        return expression
    }

    /// Behind the operator, and before it where it takes two, must stand a term.
    private mutating func requireOperand(
        before hasLeft: Bool, of name: String, at start: Int
    ) throws(Diagnostic) {
        let end = terms.index
        terms.skipSeparators()
        let hasRight = !terms.isAtEnd && !terms.isAt(")") && !terms.isAtOperator("AND") && !terms.isAtOperator("OR")
        guard !hasLeft || !hasRight else { return }
        throw Diagnostic(
            .operandMissing, "'\(name)' has no term \(hasLeft ? "after" : "before") it", span: terms.span(start, end),
            hint: "add the term or remove '\(name)'; to find the word itself, write \"\(name)\"")
    }

    private func checkDepth(_ depth: Int, at start: Int) throws(Diagnostic) {
        guard depth > Self.maximumDepth else { return }
        throw Diagnostic(
            .nestedTooDeep, "the search expression is nested deeper than \(Self.maximumDepth)",
            span: terms.span(start, start + 1), hint: "remove parentheses or NOTs that change nothing")
    }
}
