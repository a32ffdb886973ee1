extension EvalExpression: CustomStringConvertible {
    /// Text that parses to an equal expression, with no more parentheses than that needs.
    public var description: String {
        switch self {
        case .number(_, let source, _):
            source
        case .string(let text, _):
            Quoting.quoted(text)
        case .field(let name, _):
            Self.fieldText(name)
        case .call(let name, let arguments, _):
            "\(name)(" + arguments.map(\.description).joined(separator: ", ") + ")"
        case .unary(.not, let operand, _):
            "NOT " + operand.text(minimum: EvalParser.notPrecedence)
        case .unary(.negate, let operand, _):
            "-" + operand.text(minimum: EvalParser.unaryPrecedence)
        case .binary(let symbol, let left, let right, _):
            if symbol.isLogical {
                chain(symbol).map { $0.isWrapped ? "(\($0.operand))" : $0.operand.text(minimum: symbol.precedence + 1) }
                    .joined(separator: " \(symbol.rawValue) ")
            } else {
                left.text(minimum: symbol.precedence) + " \(symbol.rawValue) "
                    + right.text(minimum: symbol.precedence + 1)
            }
        case .inList(let operand, let items, _):
            operand.text(minimum: EvalParser.comparisonPrecedence) + " IN ("
                + items.map(\.description).joined(separator: ", ") + ")"
        }
    }

    /// In parentheses where it binds less tightly than `minimum`.
    private func text(minimum: Int) -> String { precedence < minimum ? "(\(self))" : description }

    private var precedence: Int {
        switch self {
        case .number(let value, _, _): value.sign == .minus ? 0 : EvalParser.unaryPrecedence
        case .string, .field, .call: EvalParser.unaryPrecedence
        case .unary(.negate, _, _): EvalParser.unaryPrecedence
        case .unary(.not, _, _): EvalParser.notPrecedence
        case .binary(let symbol, _, _, _): symbol.precedence
        case .inList: EvalParser.comparisonPrecedence
        }
    }

    /// The operands of a chain of one logical operator. The parser makes a balanced tree of a chain, so that a tree of
    /// another shape was written with parentheses: its sides stay wrapped.
    private func chain(_ symbol: BinaryOperator) -> [(operand: EvalExpression, isWrapped: Bool)] {
        guard case .binary(symbol, let left, let right, _) = self else { return [(self, false)] }
        let (leftChain, rightChain) = (left.chain(symbol), right.chain(symbol))
        if (0...1).contains(leftChain.count - rightChain.count) { return leftChain + rightChain }
        return [(left, leftChain.count > 1), (right, rightChain.count > 1)]
    }

    private static func fieldText(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let isReserved = ["AND", "OR", "XOR", "NOT", "LIKE", "IN"].contains(name.uppercased())
        if let first = bytes.first, EvalLexer.isNameStart(first), bytes.allSatisfy(EvalLexer.isNameByte), !isReserved {
            return name
        }
        var quoted = "'"
        for scalar in name.unicodeScalars {
            if scalar == "'" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "'"
    }
}
