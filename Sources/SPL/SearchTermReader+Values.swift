// Words, values, lists and what TERM() and CASE() hold.

extension SearchTermReader {
    mutating func readQuoted() throws(Diagnostic) -> String {
        let start = index
        guard let end = Quoting.endOfString(bytes, from: start) else {
            throw Quoting.unterminated(at: start, end: bytes.count, base: base)
        }
        index = end
        return Quoting.unescaped(bytes, start + 1..<end - 1)
    }

    /// - Parameter stopsAtComparison: false for values, which may hold operators: `path=a=b`.
    mutating func readWord(stopsAtComparison: Bool = true, stopsAtComma: Bool = false) -> String {
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

    mutating func readValue(after operatorStart: Int, field: String) throws(Diagnostic) -> SearchLiteral {
        let start = index
        let operatorSpan = span(operatorStart, endOfOperator(operatorStart))
        if isAt("(") {
            throw Diagnostic(
                .valueIsParenthesis, "the value of '\(field)' is a parenthesis", span: span(start, start + 1),
                hint: "write \(field) IN (a, b) for one of several values")
        }
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

    /// What follows `field IN`: a list, or a subsearch that gives one.
    mutating func readInList(
        of field: String, from start: Int, _ operatorStart: Int, depth: Int
    ) throws(Diagnostic) -> SearchExpression {
        let name = SearchExpression.fieldText(field)
        if isAt("[") {
            let pipeline = try readSubsearch(depth: depth)
            return .comparisonWithSubsearch(before: "\(name) IN ", pipeline, after: "", span(start, index))
        }
        let list = try readList(of: field, from: operatorStart, depth: depth)
        guard let (place, pipeline) = list.subsearch else {
            return .inList(field: field, values: list.values, span(start, index))
        }
        let texts = list.values.map(\.listText)
        return .comparisonWithSubsearch(
            before: "\(name) IN (" + texts[..<place].map { "\($0), " }.joined(), pipeline,
            after: texts[place...].map { ", \($0)" }.joined() + ")", span(start, index))
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
    private mutating func readList(
        of field: String, from operatorStart: Int, depth: Int
    ) throws(Diagnostic) -> (values: [SearchLiteral], subsearch: (place: Int, pipeline: Pipeline)?) {
        let open = index
        index += 1
        var values: [SearchLiteral] = []
        var subsearch: (place: Int, pipeline: Pipeline)?
        while true {
            skipSeparators()
            let start = index
            if isAtEnd { throw unclosedParenthesis(from: open) }
            if isAt(")") { break }
            if isAt("[") {
                guard subsearch == nil else {
                    throw Diagnostic(
                        .secondSubsearchInList, "the list of '\(field)' holds a second subsearch",
                        span: span(start, start + 1), hint: "write field IN ([...]) OR field IN ([...])")
                }
                subsearch = (values.count, try readSubsearch(depth: depth))
                continue
            }
            let value = isAtValueStart ? try readLiteral(stopsAtComma: true) : nil
            guard let value, value.isQuoted || !["AND", "OR", "NOT"].contains(value.text) else {
                let end = max(index, start + 1)
                throw Diagnostic(
                    .malformedValueList, "'\(bytes.string(start, end))' cannot stand in the list of IN",
                    span: span(start, end),
                    hint: "separate the values by commas; put a value in double quotes where it holds such text")
            }
            values.append(value)
        }
        index += 1
        guard !values.isEmpty || subsearch != nil else {
            throw Diagnostic(
                .malformedValueList, "the list of IN is empty", span: span(operatorStart, index),
                hint: "write at least one value: \(field) IN (value)")
        }
        return (values, subsearch)
    }

    /// Reads from the `(` to behind the `)`: one string or one run of text.
    mutating func readDirectiveArgument(
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
