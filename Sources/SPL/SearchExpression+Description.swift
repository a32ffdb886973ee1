extension SearchExpression: CustomStringConvertible {
    /// Text that parses to an equal expression.
    public var description: String {
        switch self {
        case .all:
            "*"
        case .and(let operands):
            // An AND in an AND had parentheses: without them the lists would have been one.
            operands.map { $0.isConjunction ? "(\($0))" : "\($0)" }.joined(separator: " AND ")
        case .or(let operands):
            operands.map { $0.isConjunction || $0.isDisjunction ? "(\($0))" : "\($0)" }.joined(separator: " OR ")
        case .not(let operand, _):
            operand.isConjunction || operand.isDisjunction ? "NOT (\(operand))" : "NOT \(operand)"
        case .comparison(let field, let comparison, let value, _):
            Self.fieldText(field, mayBeTimeModifier: comparison == .equal) + comparison.rawValue + value.valueText
        case .caseSensitiveComparison(let field, let comparison, let value, _):
            Self.fieldText(field) + comparison.rawValue + "CASE(\(value.directiveText))"
        case .inList(let field, let values, _):
            Self.fieldText(field) + " IN (" + values.map(\.listText).joined(separator: ", ") + ")"
        case .keyword(let literal, _):
            literal.keywordText
        case .directive(let directive, let literal, _):
            "\(directive.rawValue)(\(literal.directiveText))"
        case .timeModifier(let name, let value, _):
            name + "=" + SearchLiteral(value, isQuoted: false).valueText
        case .subsearch(let pipeline, _):
            "[\(pipeline)]"
        case .comparisonWithSubsearch(let before, let pipeline, let after, _):
            "\(before)[\(pipeline)]\(after)"
        }
    }

    private var isConjunction: Bool { if case .and = self { true } else { false } }
    private var isDisjunction: Bool { if case .or = self { true } else { false } }

    static func fieldText(_ field: String, mayBeTimeModifier: Bool = false) -> String {
        let literal = SearchLiteral(field, isQuoted: false)
        if mayBeTimeModifier, timeModifierNames.contains(field) { return Quoting.quoted(field) }
        return literal.isWord && !literal.holdsComparison && field != "IN"
            ? Quoting.escapedWord(field) : Quoting.quoted(field)
    }
}

extension SearchLiteral {
    fileprivate var valueText: String {
        isQuoted || !isUnquotedValue ? Quoting.quoted(text) : Quoting.escapedWord(text)
    }

    /// Could stand unquoted behind a comparison operator.
    var isUnquotedValue: Bool {
        isWord && ComparisonOperator.read(Array(text.utf8), at: 0) == nil && text != "IN"
    }

    var listText: String {
        isQuoted || !isWord || text.utf8.contains(UInt8(ascii: ",")) ? Quoting.quoted(text) : Quoting.escapedWord(text)
    }

    fileprivate var keywordText: String {
        isQuoted || !isWord || holdsComparison || text == "*" ? Quoting.quoted(text) : Quoting.escapedWord(text)
    }

    fileprivate var directiveText: String {
        let bytes = Array(text.utf8)
        let isPlain =
            !bytes.isEmpty && bytes.trimmingBlanks(0..<bytes.count).count == bytes.count
            && !bytes.contains { "()[]`".utf8.contains($0) }
        return isQuoted || !isPlain ? Quoting.quoted(text) : Quoting.escapedWord(text)
    }

    fileprivate var holdsComparison: Bool {
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count, ComparisonOperator.read(bytes, at: index) == nil {
            index = bytes.endOfTemplate(at: index) ?? index + 1
        }
        return index < bytes.count
    }

    /// Could be read as one unquoted word that is no operator.
    fileprivate var isWord: Bool {
        let bytes = Array(text.utf8)
        guard let last = bytes.last, last != UInt8(ascii: ","), bytes.first != UInt8(ascii: ",") else { return false }
        if ["AND", "OR", "NOT"].contains(text) { return false }
        return !bytes.contains { $0.isBlank || "()[]`".utf8.contains($0) }
    }
}
