/// Reads a command's arguments from left to right. Keywords and option names are case-insensitive, field names are not.
public struct ArgumentReader: Sendable {
    private let command: CommandSyntax
    private let tokens: [Token]
    private var index = 0

    public init(_ command: CommandSyntax) {
        self.command = command
        tokens = command.arguments
    }

    public var isAtEnd: Bool { index >= tokens.count }

    public func peek(_ ahead: Int = 0) -> Token? {
        let position = index + ahead
        return tokens.indices.contains(position) ? tokens[position] : nil
    }

    public mutating func next() -> Token? {
        guard let token = peek() else { return nil }
        index += 1
        return token
    }

    // MARK: Keywords, commas, options

    /// Is the next token this unquoted word?
    public func nextIsKeyword(_ word: String) -> Bool {
        guard let token = peek(), token.kind == .word else { return false }
        return token.text.lowercased() == word.lowercased()
    }

    public mutating func consumeKeyword(_ word: String) -> Bool {
        guard nextIsKeyword(word) else { return false }
        index += 1
        return true
    }

    public mutating func consumeComma() -> Bool {
        guard peek()?.kind == .comma else { return false }
        index += 1
        return true
    }

    /// The lower-cased name where a word and `=` come next, whatever the value is.
    public func peekOption() -> String? {
        guard let name = peek(), name.kind == .word, peek(1)?.kind == .comparison(.equal) else { return nil }
        return name.text.lowercased()
    }

    /// Reads `name=value`, blanks around the `=` or not, where the value is a word or a string; the name is lower-cased.
    /// Returns nil, and reads nothing, where something else comes next (`startswith=(...)` too: see ``peekOption()``).
    public mutating func option() -> (name: String, value: Token)? {
        guard let name = peekOption(), let value = peek(2), value.kind == .word || value.kind == .quoted else {
            return nil
        }
        index += 3
        return (name, value)
    }

    // MARK: Field names

    /// Reads a word or a string as a field name.
    /// - Parameters:
    ///   - role: what the field is for, in the message: `the field to split`.
    ///   - allowingParentheses: what is glued to the word, parentheses too, belongs to the name up to the next blank or
    ///     comma, as rules write in `values(x) as flags(inheritance)`.
    public mutating func fieldName(_ role: String, allowingParentheses: Bool = false) throws(Diagnostic) -> String {
        guard let token = peek(), token.kind == .word || token.kind == .quoted else {
            let diagnostic = unexpected(peek(), expected: role)
            throw Diagnostic(
                .fieldNameExpected, diagnostic.message, span: diagnostic.span, hint: "write a field name here")
        }
        index += 1
        return allowingParentheses ? token.text + gluedText(allowingParentheses: true) : token.text
    }

    /// Reads the words and strings that no blank separates from what was read last: the `.Processes` behind
    /// `datamodel="Endpoint"."Processes"`. Empty where there are none.
    public mutating func gluedText(allowingParentheses: Bool = false) -> String {
        var text = ""
        while let token = peek(), token.isGlued, token.kind != .comma {
            let isText = token.kind == .word || token.kind == .quoted
            guard isText || allowingParentheses else { break }
            text += isText ? token.text : token.raw
            index += 1
        }
        return text
    }

    /// Reads words and strings, separated by blanks or commas or both, up to the end, one of the keywords, an option
    /// (`name=`), or anything that is neither word, string nor comma. Parentheses glued to a word belong to the name, as in
    /// `table count(x)`. The list may be empty.
    public mutating func fieldList(until keywords: [String] = []) throws(Diagnostic) -> [String] {
        var names: [String] = []
        while let token = peek() {
            if token.kind == .comma {
                index += 1
                continue
            }
            guard token.kind == .word || token.kind == .quoted else { break }
            if peekOption() != nil || keywords.contains(where: { nextIsKeyword($0) }) { break }
            index += 1
            let opens = token.kind == .word && peek()?.kind == .openParenthesis && peek()?.isGlued == true
            names.append(opens ? token.text + gluedText(allowingParentheses: true) : token.text)
        }
        if names.isEmpty, let option = peekOption(), !keywords.contains(option) {
            guard let value = peek(2), [.word, .quoted].contains(value.kind) || value.kind == .openParenthesis else {
                throw unexpected(peek(2), expected: "a value of '\(option)'")
            }
        }
        return names
    }

    // MARK: Raw text

    /// Reads from `(` to behind its match, and returns the text between them as written, with its byte offset in the
    /// expanded search. Parentheses in strings do not count, nor do those in eval's single-quoted names.
    public mutating func parenthesizedText() throws(Diagnostic) -> (text: String, offset: Int) {
        guard let open = peek(), open.kind == .openParenthesis else {
            let diagnostic = unexpected(peek(), expected: "'('")
            throw Diagnostic(.parenthesisExpected, diagnostic.message, span: diagnostic.span, hint: diagnostic.hint)
        }
        let bytes = Array(command.argumentText.utf8)
        let start = open.span.upperBound - command.argumentOffset
        guard let end = Self.closingParenthesis(bytes, from: start) else {
            throw Diagnostic(
                .unclosedParenthesis, "the parenthesis that opens here is not closed", span: open.span,
                hint: "close it with ')'")
        }
        while let token = peek(), token.span.lowerBound - command.argumentOffset <= end { index += 1 }
        return (bytes.string(start, end), command.argumentOffset + start)
    }

    /// Reads everything that is left, as written.
    public mutating func remainingText() -> (text: String, offset: Int) { text(until: []) }

    /// Reads up to the end or to the first of the keywords, which stays unread, as written and without the blanks around
    /// it: the expression of `tstats ... where <expression> by ...`. A keyword in parentheses, or behind a comparison
    /// operator, does not count.
    public mutating func text(until keywords: [String]) -> (text: String, offset: Int) {
        let first = index
        var depth = 0
        while let token = peek() {
            switch token.kind {
            case .openParenthesis: depth += 1
            case .closeParenthesis: depth -= 1
            default:
                if depth <= 0, !isComparison(peek(-1)), keywords.contains(where: { nextIsKeyword($0) }) {
                    return text(first..<index)
                }
            }
            index += 1
        }
        return text(first..<index)
    }

    private func text(_ range: Range<Int>) -> (text: String, offset: Int) {
        guard let first = tokens[range].first, let last = tokens[range].last else {
            let end = peek()?.span.lowerBound ?? command.argumentOffset + command.argumentText.utf8.count
            return ("", end)
        }
        let bytes = Array(command.argumentText.utf8)
        let offset = command.argumentOffset
        return (bytes.string(first.span.lowerBound - offset, last.span.upperBound - offset), first.span.lowerBound)
    }

    private func isComparison(_ token: Token?) -> Bool {
        if case .comparison = token?.kind { true } else { false }
    }

    private static func closingParenthesis(_ bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case Quoting.quote:
                index = Quoting.endOfString(bytes, from: index) ?? bytes.count
                continue
            case UInt8(ascii: "'") where opensFieldName(bytes, at: index):
                // An apostrophe that closes nowhere is an ordinary character.
                if let end = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "'")) { index = end }
            case UInt8(ascii: "("):
                depth += 1
            case UInt8(ascii: ")"):
                if depth == 0 { return index }
                depth -= 1
            default:
                if Quoting.isEscape(bytes, index) { index += 1 }
            }
            index += 1
        }
        return nil
    }

    /// An operand can start here: the apostrophe of `don't` follows a letter.
    private static func opensFieldName(_ bytes: [UInt8], at index: Int) -> Bool {
        index == 0 || bytes[index - 1].isBlank || "(,=<>+-*/%.".utf8.contains(bytes[index - 1])
    }

    // MARK: Messages

    /// - Parameter token: nil for the end of the arguments.
    public func unexpected(_ token: Token?, expected: String) -> Diagnostic {
        guard let token else {
            let end = command.argumentOffset + command.argumentText.utf8.count
            let span = command.argumentText.isEmpty ? command.nameSpan : Span(end, end)
            return Diagnostic(
                .unexpectedArgument, "'\(command.name)' ends where \(expected) is expected", span: span,
                hint: "write \(expected)")
        }
        return Diagnostic(
            .unexpectedArgument, "'\(token.raw)' stands where '\(command.name)' expects \(expected)", span: token.span,
            hint: "write \(expected) here")
    }

    /// - Throws: an error about the first argument that was not read.
    public mutating func expectEnd() throws(Diagnostic) {
        guard let token = peek() else { return }
        throw Diagnostic(
            .unexpectedArgument, "'\(command.name)' does not take '\(token.raw)' here", span: token.span,
            hint: "remove it, or put a pipe before it if it starts another command")
    }
}
