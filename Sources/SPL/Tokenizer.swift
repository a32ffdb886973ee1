/// Cuts the arguments of one command into tokens; it stops before a pipe or a closing bracket.
struct Tokenizer {
    private(set) var index: Int
    private let bytes: [UInt8]
    private let base: Int
    private let commandNames: Set<String>

    init(_ bytes: [UInt8], at index: Int, base: Int, commandNames: Set<String>) {
        self.bytes = bytes
        self.index = index
        self.base = base
        self.commandNames = commandNames
    }

    mutating func next(depth: Int) throws(Diagnostic) -> Token? {
        let start = bytes.skippingBlanks(from: index)
        let isGlued = start == index
        index = start
        guard start < bytes.count else { return nil }
        let kind: Token.Kind
        var text: String?
        switch bytes[start] {
        case Quoting.pipe, UInt8(ascii: "]"):
            return nil
        case UInt8(ascii: ","):
            index += 1
            kind = .comma
        case UInt8(ascii: "("):
            index += 1
            kind = .openParenthesis
        case UInt8(ascii: ")"):
            index += 1
            kind = .closeParenthesis
        case Quoting.quote:
            guard let end = Quoting.endOfString(bytes, from: start) else {
                throw Quoting.unterminated(at: start, end: bytes.count, base: base)
            }
            index = end
            kind = .quoted
            text = Quoting.unescaped(bytes, start + 1..<end - 1)
        case UInt8(ascii: "["):
            var parser = PipelineParser(bytes, at: start, base: base, commandNames: commandNames)
            let pipeline = try parser.parseSubsearch(depth: depth + 1)
            index = parser.index
            kind = .subsearch(pipeline)
            text = bytes.string(start + 1, index - 1)
        case UInt8(ascii: "`"):
            throw Diagnostic(
                .unexpandedMacro, "a backtick is left after macro expansion",
                span: Span(base + start, base + start + 1),
                hint: "expand macros first; in a text, put it in double quotes")
        default:
            if let (comparison, end) = ComparisonOperator.read(bytes, at: start) {
                index = end
                kind = .comparison(comparison)
            } else {
                index = endOfWord(from: start)
                kind = .word
                text = Quoting.unescaped(bytes, start..<index)
            }
        }
        let raw = bytes.string(start, index)
        return Token(
            kind: kind, text: text ?? raw, raw: raw, isGlued: isGlued, span: Span(base + start, base + index))
    }

    private func endOfWord(from start: Int) -> Int {
        var end = start
        while end < bytes.count {
            if let templateEnd = bytes.endOfTemplate(at: end) {
                end = templateEnd
            } else if Quoting.isEscape(bytes, end) {
                end += 2
            } else if bytes[end].isBlank || ",()\"=<>[]|`".utf8.contains(bytes[end])
                || bytes.starts(with: "!=", at: end)
            {
                break
            } else {
                end += 1
            }
        }
        return end
    }
}
