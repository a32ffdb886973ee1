/// Reads the single terms of a search expression, and the operator words between them.
struct SearchTermReader {
    var index = 0
    let bytes: [UInt8]
    let base: Int
    private let commandNames: Set<String>

    init(_ bytes: [UInt8], base: Int, commandNames: Set<String>) {
        self.bytes = bytes
        self.base = base
        self.commandNames = commandNames
    }

    var isAtEnd: Bool { index >= bytes.count }

    func isAt(_ scalar: Unicode.Scalar) -> Bool { index < bytes.count && bytes[index] == UInt8(ascii: scalar) }

    mutating func advance() { index += 1 }

    func span(_ lower: Int, _ upper: Int) -> Span { Span(base + lower, base + upper) }

    mutating func skipBlanks() { index = bytes.skippingBlanks(from: index) }

    /// Blanks, and commas which stand apart: `a=1, b=2` is read as `a=1 b=2`. The documentation does not say.
    mutating func skipSeparators() {
        skipBlanks()
        while isAt(",") {
            index += 1
            skipBlanks()
        }
    }

    /// Upper case only, and a word of its own: `NOT(` yes, `NOTE` and `OR=1` no.
    func isAtOperator(_ name: StaticString) -> Bool {
        guard bytes.starts(with: name, at: index) else { return false }
        let end = index + name.utf8CodeUnitCount
        return end == bytes.count || bytes[end].isBlank || "()[]\",|".utf8.contains(bytes[end])
    }

    mutating func consumeOperator(_ name: StaticString) -> Bool {
        guard isAtOperator(name) else { return false }
        index += name.utf8CodeUnitCount
        return true
    }

    func unclosedParenthesis(from start: Int) -> Diagnostic {
        Diagnostic(
            .unclosedParenthesis, "the parenthesis that opens here is not closed", span: span(start, bytes.count),
            hint: "close it with ')', or put text that holds a parenthesis in double quotes")
    }

    mutating func readTerm(depth: Int) throws(Diagnostic) -> SearchExpression {
        let start = index
        switch bytes[start] {
        case UInt8(ascii: "["):
            return .subsearch(try readSubsearch(depth: depth), span(start, index))
        case UInt8(ascii: "]"), Quoting.pipe, UInt8(ascii: "`"):
            let character = bytes.string(start, start + 1)
            throw Diagnostic(
                .unknownCharacter, "'\(character)' cannot stand in a search expression", span: span(start, start + 1),
                hint: "put text that holds it in double quotes")
        case Quoting.quote:
            let text = try readQuoted()
            return try readRest(of: SearchLiteral(text, isQuoted: true), from: start, depth: depth)
        default:
            return try readWordTerm(from: start, depth: depth)
        }
    }

    /// From `[` to behind the `]`.
    mutating func readSubsearch(depth: Int) throws(Diagnostic) -> Pipeline {
        var parser = PipelineParser(bytes, at: index, base: base, commandNames: commandNames)
        let pipeline = try parser.parseSubsearch(depth: depth + 1)
        index = parser.index
        return pipeline
    }

    private mutating func readWordTerm(from start: Int, depth: Int) throws(Diagnostic) -> SearchExpression {
        if ComparisonOperator.read(bytes, at: start) != nil {
            throw Diagnostic(
                .comparisonWithoutField, "'\(bytes.string(start, endOfOperator(start)))' has no field before it",
                span: span(start, endOfOperator(start)),
                hint: "write field=value; a parenthesis cannot be compared; quote text that starts with an operator")
        }
        let word = readWord()
        if isAt("("), let directive = SearchExpression.Directive(rawValue: word.uppercased()) {
            let literal = try readDirectiveArgument(of: directive, from: start)
            return .directive(directive, literal, span(start, index))
        }
        // `host::x` is the old spelling of a comparison with a default field.
        for field in ["host", "index", "source", "sourcetype"] where word.hasPrefix(field + "::") {
            let value = SearchLiteral(String(word.dropFirst(field.utf8.count + 2)), isQuoted: false)
            if value.isUnquotedValue {
                return .comparison(field: field, operator: .equal, value: value, span(start, index))
            }
        }
        return try readRest(of: SearchLiteral(word, isQuoted: false), from: start, depth: depth)
    }

    /// What follows a word or phrase decides what it is: a field before an operator or IN, else something to look for.
    private mutating func readRest(
        of left: SearchLiteral, from start: Int, depth: Int
    ) throws(Diagnostic) -> SearchExpression {
        let end = index
        skipBlanks()
        if let (comparison, operatorEnd) = ComparisonOperator.read(bytes, at: index) {
            let operatorStart = index
            index = bytes.skippingBlanks(from: operatorEnd)
            try checkValueStart(operatorStart)
            return try readComparison(left, comparison, from: start, operatorStart, depth: depth)
        }
        if !left.isQuoted, left.text.uppercased() == "IN", isAt("(") {
            throw Diagnostic(
                .malformedValueList, "'\(left.text)' has no field before it", span: span(start, end),
                hint:
                    "write field IN (a, b), and NOT field IN (a, b) for the opposite; to find the word, write \"\(left.text)\""
            )
        }
        if isAtListOperator() {
            let operatorStart = index
            index = bytes.skippingBlanks(from: index + 2)
            return try readInList(of: left.text, from: start, operatorStart, depth: depth)
        }
        index = end
        if !left.isQuoted, left.text == "*" { return .all }
        if !left.isQuoted, left.text == "IN" {
            throw Diagnostic(
                .malformedValueList, "'IN' is not followed by a list", span: span(start, end),
                hint: "write field IN (a, b); to find the word itself, write \"IN\"")
        }
        return .keyword(left, span(start, end))
    }

    private mutating func readComparison(
        _ left: SearchLiteral, _ comparison: ComparisonOperator, from start: Int, _ operatorStart: Int, depth: Int
    ) throws(Diagnostic) -> SearchExpression {
        let valueStart = index
        if isAt("[") {
            let before = SearchExpression.fieldText(left.text, mayBeTimeModifier: left.isQuoted) + comparison.rawValue
            let pipeline = try readSubsearch(depth: depth)
            return .comparisonWithSubsearch(before: before, pipeline, after: "", span(start, index))
        }
        if isAt("("), comparison == .equal {
            var parser = SearchParser(self)
            let values = try parser.parseTerm(depth: depth)
            index = parser.terms.index
            return values.withValues(ofField: left.text, span(start, index))
        }
        if !isAt("\"") {
            let word = readWord(stopsAtComparison: false)
            if isAt("("), let directive = SearchExpression.Directive(rawValue: word.uppercased()) {
                guard directive == .caseSensitive else {
                    throw Diagnostic(
                        .malformedDirective, "TERM() is the value of field '\(left.text)'",
                        span: span(valueStart, index),
                        hint: "TERM() stands alone: it looks for a term of the event's text")
                }
                let literal = try readDirectiveArgument(of: directive, from: valueStart)
                return .caseSensitiveComparison(
                    field: left.text, operator: comparison, value: literal, span(start, index))
            }
            index = valueStart
        }
        let value = try readValue(after: operatorStart, field: left.text)
        if comparison == .equal, !left.isQuoted, SearchExpression.timeModifierNames.contains(left.text) {
            return .timeModifier(name: left.text, value: value.text, span(start, index))
        }
        return .comparison(field: left.text, operator: comparison, value: value, span(start, index))
    }

    /// `=>`, `<>` and the like.
    private func checkValueStart(_ operatorStart: Int) throws(Diagnostic) {
        guard ComparisonOperator.read(bytes, at: index) != nil else { return }
        let end = endOfOperator(index)
        throw Diagnostic(
            .unknownOperator, "'\(bytes.string(operatorStart, end))' is not a comparison operator",
            span: span(operatorStart, end),
            hint:
                "the operators are = != < <= > >=; put a value that starts with one of these characters in double quotes"
        )
    }

    func endOfOperator(_ start: Int) -> Int {
        var end = start
        while end < bytes.count, "=<>!".utf8.contains(bytes[end]) { end += 1 }
        return end
    }

    /// `IN` in any case with a parenthesis or bracket behind it; `failed in login` has none.
    private func isAtListOperator() -> Bool {
        guard index + 2 <= bytes.count, bytes.string(index, index + 2).uppercased() == "IN" else { return false }
        let next = bytes.skippingBlanks(from: index + 2)
        return next < bytes.count && "([".utf8.contains(bytes[next])
    }
}
