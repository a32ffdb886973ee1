/// One command as the grammar sees it: its name and its arguments as tokens. What the tokens mean is the command's
/// own business; the parser does not know which commands exist.
public struct CommandSyntax: Sendable {
    /// Lower-cased. `search` where the first stage has no pipe before it.
    public var name: String
    public var nameSpan: Span
    /// Setting them makes the argument text anew.
    public var arguments: [Token] {
        get { tokens }
        set {
            tokens = newValue
            layOutArguments()
        }
    }
    /// The whole stage, name included.
    public var span: Span
    /// The arguments as written, without the blanks around them: what commands with a grammar of their own parse
    /// (`search`, `where`, `eval`, ...). It takes no part in comparisons.
    public private(set) var argumentText: String
    /// The byte offset of `argumentText` in the text after macro expansion.
    public private(set) var argumentOffset: Int

    private var tokens: [Token]

    /// A command whose argument text is made from its tokens; the tokens' spans become those of that text.
    public init(name: String, nameSpan: Span, arguments: [Token], span: Span) {
        self.init(
            name: name, nameSpan: nameSpan, arguments: arguments, span: span, argumentText: "", argumentOffset: 0)
        layOutArguments()
    }

    /// The tokens must be those of the text.
    init(
        name: String, nameSpan: Span, arguments: [Token], span: Span, argumentText: String, argumentOffset: Int
    ) {
        self.name = name
        self.nameSpan = nameSpan
        self.span = span
        self.argumentText = argumentText
        self.argumentOffset = argumentOffset
        tokens = arguments
    }

    private mutating func layOutArguments() {
        argumentText = ""
        argumentOffset = 0
        for index in tokens.indices {
            if index > 0, !tokens[index].isGlued { argumentText += " " }
            let start = argumentText.utf8.count
            argumentText += tokens[index].description
            tokens[index].span = Span(start, argumentText.utf8.count)
        }
    }
}

extension CommandSyntax: Hashable {
    public static func == (left: CommandSyntax, right: CommandSyntax) -> Bool {
        left.name == right.name && left.tokens == right.tokens
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(tokens)
    }
}

extension CommandSyntax: CustomStringConvertible {
    /// The tokens as written, one blank where blanks stood.
    public var description: String {
        var text = name
        let bytes = Array(argumentText.utf8)
        var isInApostrophes = false
        var previousEnd = argumentOffset
        for (index, token) in tokens.enumerated() {
            if isInApostrophes, index > 0 {
                // Tokens do not know eval's 'field  names', whose blanks count.
                let gap = max(0, previousEnd - argumentOffset)..<max(0, token.span.lowerBound - argumentOffset)
                text += bytes.string(gap)
            } else if !token.isGlued {
                text += " "
            }
            text += token.description
            if token.kind == .word, token.raw.utf8.count(where: { $0 == UInt8(ascii: "'") }) % 2 == 1 {
                isInApostrophes.toggle()
            }
            previousEnd = token.span.upperBound
        }
        return text
    }
}
