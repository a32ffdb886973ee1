/// Reads the single terms of a search expression, and the operator words between them.
struct SearchTermReader {
    private(set) var index = 0
    private let bytes: [UInt8]
    private let base: Int
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

    private mutating func skipBlanks() { index = bytes.skippingBlanks(from: index) }

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
            var parser = PipelineParser(bytes, at: start, base: base, commandNames: commandNames)
            let pipeline = try parser.parseSubsearch(depth: depth + 1)
            index = parser.index
            return .subsearch(pipeline, span(start, index))
        case UInt8(ascii: "]"), Quoting.pipe, UInt8(ascii: "`"):
            let character = bytes.string(start, start + 1)
            throw Diagnostic(
                .unknownCharacter, "'\(character)' cannot stand in a search expression", span: span(start, start + 1),
                hint: "put text that holds it in double quotes")
        case Quoting.quote:
            let text = try readQuoted()
            return try readRest(of: SearchLiteral(text, isQuoted: true), from: start)
        default:
            return try readWordTerm(from: start)
        }
    }

    private mutating func readWordTerm(from start: Int) throws(Diagnostic) -> SearchExpression {
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
        return try readRest(of: SearchLiteral(word, isQuoted: false), from: start)
    }

    /// What follows a word or phrase decides what it is: a field before an operator or IN, else something to look for.
    private mutating func readRest(of left: SearchLiteral, from start: Int) throws(Diagnostic) -> SearchExpression {
        let end = index
        skipBlanks()
        if let (comparison, operatorEnd) = ComparisonOperator.read(bytes, at: index) {
            let operatorStart = index
            index = bytes.skippingBlanks(from: operatorEnd)
            try checkValueStart(operatorStart)
            return try readComparison(left, comparison, from: start, operatorStart)
        }
        if !left.isQuoted, left.text.uppercased() == "IN", isAt("(") {
            throw Diagnostic(
                .malformedValueList, "'\(left.text)' has no field before it", span: span(start, end),
                hint: "write field IN (a, b), and NOT field IN (a, b) for the opposite; to find the word, write \"\(left.text)\"")
        }
        if isAtListOperator() {
            let operatorStart = index
            index = bytes.skippingBlanks(from: index + 2)
            if isAt("[") { throw subsearchAsValue(left.text) }
            return .inList(
                field: left.text, values: try readList(of: left.text, from: operatorStart), span(start, index))
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
        _ left: SearchLiteral, _ comparison: ComparisonOperator, from start: Int, _ operatorStart: Int
    ) throws(Diagnostic) -> SearchExpression {
        let valueStart = index
        if !isAt("\"") {
            let word = readWord(stopsAtComparison: false)
            if isAt("("), let directive = SearchExpression.Directive(rawValue: word.uppercased()) {
                guard directive == .caseSensitive else {
                    throw Diagnostic(
                        .malformedDirective, "TERM() is the value of field '\(left.text)'", span: span(valueStart, index),
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
            hint: "the operators are = != < <= > >=; put a value that starts with one of these characters in double quotes")
    }

    private func endOfOperator(_ start: Int) -> Int {
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

// Words, values and lists.
extension SearchTermReader {
    private mutating func readQuoted() throws(Diagnostic) -> String {
        let start = index
        guard let end = Quoting.endOfString(bytes, from: start) else {
            throw Quoting.unterminated(at: start, end: bytes.count, base: base)
        }
        index = end
        return Quoting.unescaped(bytes, start + 1..<end - 1)
    }

    /// - Parameter stopsAtComparison: false for values, which may hold operators: `path=a=b`.
    private mutating func readWord(stopsAtComparison: Bool = true, stopsAtComma: Bool = false) -> String {
        let start = index
        while index < bytes.count {
            if let templateEnd = bytes.endOfTemplate(at: index) {
                index = templateEnd
                continue
            }
            if Quoting.isEscape(bytes, index) {
                index += 2
                continue
            }
            if bytes[index].isBlank || "()[]\"|`".utf8.contains(bytes[index]) { break }
            if bytes[index] == UInt8(ascii: ","), stopsAtComma || isCommaAtWordEnd { break }
            if stopsAtComparison, ComparisonOperator.read(bytes, at: index) != nil { break }
            index += 1
        }
        return Quoting.unescaped(bytes, start..<index)
    }

    private var isCommaAtWordEnd: Bool {
        guard index + 1 < bytes.count else { return true }
        return bytes[index + 1].isBlank || ",()[]\"|".utf8.contains(bytes[index + 1])
    }

    private mutating func readValue(after operatorStart: Int, field: String) throws(Diagnostic) -> SearchLiteral {
        let start = index
        let operatorSpan = span(operatorStart, endOfOperator(operatorStart))
        if isAt("(") {
            throw Diagnostic(
                .valueIsParenthesis, "the value of '\(field)' is a parenthesis", span: span(start, start + 1),
                hint: "write \(field) IN (a, b) for one of several values")
        }
        if isAt("[") { throw subsearchAsValue(field) }
        guard isAtValueStart else {
            throw Diagnostic(
                .valueMissing, "the comparison of '\(field)' has no value", span: operatorSpan,
                hint: "write \(field)=value, or \(field)=\"\" for the empty text")
        }
        let value = try readLiteral(stopsAtComma: false)
        if !value.isQuoted, ["AND", "OR", "NOT", "IN"].contains(value.text) {
            throw Diagnostic(
                .valueIsOperatorWord, "the value of '\(field)' is the operator word '\(value.text)'",
                span: span(start, index), hint: "write \(field)=\"\(value.text)\" if it is the value")
        }
        return value
    }

    private var isAtValueStart: Bool { index < bytes.count && !"()[],|`".utf8.contains(bytes[index]) }

    private func subsearchAsValue(_ field: String) -> Diagnostic {
        Diagnostic(
            .valueIsSubsearch, "a subsearch as a value of '\(field)' is not supported", span: span(index, index + 1),
            hint: "let the subsearch return the field itself: [search ... | fields \(field)]")
    }

    /// A word or a string. Where a word runs into a string, or a `*` follows one, they are one value: `*"a b"*`. The
    /// documentation does not say; other text glued to a string starts a term of its own (`x="1"AND y=2`).
    private mutating func readLiteral(stopsAtComma: Bool) throws(Diagnostic) -> SearchLiteral {
        var text = ""
        var isQuoted = false
        if !isAt("\"") { text = readWord(stopsAtComparison: false, stopsAtComma: stopsAtComma) }
        while isAt("\"") {
            isQuoted = true
            text += try readQuoted()
            if isAt("*") { text += readWord(stopsAtComparison: false, stopsAtComma: stopsAtComma) } else { break }
        }
        return SearchLiteral(text, isQuoted: isQuoted)
    }

    /// Reads from the `(` to behind the `)`. Stray commas, and blanks in place of commas, are accepted.
    private mutating func readList(of field: String, from operatorStart: Int) throws(Diagnostic) -> [SearchLiteral] {
        let open = index
        index += 1
        var values: [SearchLiteral] = []
        while true {
            skipSeparators()
            let start = index
            if isAtEnd { throw unclosedParenthesis(from: open) }
            if isAt(")") { break }
            if isAt("[") { throw subsearchAsValue(field) }
            let value = isAtValueStart ? try readLiteral(stopsAtComma: true) : nil
            guard let value, value.isQuoted || !["AND", "OR", "NOT"].contains(value.text) else {
                let end = max(index, start + 1)
                throw Diagnostic(
                    .malformedValueList, "'\(bytes.string(start, end))' cannot stand in the list of IN", span: span(start, end),
                    hint: "separate the values by commas; put a value in double quotes where it holds such text")
            }
            values.append(value)
        }
        index += 1
        guard !values.isEmpty else {
            throw Diagnostic(
                .malformedValueList, "the list of IN is empty", span: span(operatorStart, index),
                hint: "write at least one value: \(field) IN (value)")
        }
        return values
    }

    /// Reads from the `(` to behind the `)`: one string or one run of text.
    private mutating func readDirectiveArgument(
        of directive: SearchExpression.Directive, from start: Int
    ) throws(Diagnostic) -> SearchLiteral {
        let open = index
        index = bytes.skippingBlanks(from: index + 1)
        var literal = SearchLiteral("", isQuoted: false)
        if isAt("\"") {
            literal = SearchLiteral(try readQuoted(), isQuoted: true)
        } else {
            let textStart = index
            while index < bytes.count, !"()[]\"|`".utf8.contains(bytes[index]) {
                index += Quoting.isEscape(bytes, index) ? 2 : 1
            }
            literal.text = Quoting.unescaped(bytes, bytes.trimmingBlanks(textStart..<min(index, bytes.count)))
        }
        skipBlanks()
        if isAtEnd { throw unclosedParenthesis(from: open) }
        guard isAt(")"), !literal.text.isEmpty else {
            throw Diagnostic(
                .malformedDirective, "\(directive.rawValue)() takes one term", span: span(start, index + 1),
                hint: "write \(directive.rawValue)(term), or \(directive.rawValue)(\"term\")")
        }
        index += 1
        return literal
    }
}
