/// One token of a command's arguments.
///
/// Words end at blanks, commas, parentheses, double quotes and comparison operators; everything else
/// (`. { } : - / @ # * $ ' + %`) belongs to the word, because field names hold it unquoted.
public struct Token: Sendable {
    public enum Kind: Hashable, Sendable {
        /// `text` is after the escapes of `search` values.
        case word
        /// A double-quoted string; `text` is without its quotes and after the escapes.
        case quoted
        case comma
        case openParenthesis
        case closeParenthesis
        /// `=`, `!=`, `<`, ... ; `==` is `equal` with raw text `==`.
        case comparison(ComparisonOperator)
        /// `[ ... ]`; `text` is what stands between the brackets.
        case subsearch(Pipeline)
    }

    public var kind: Kind
    public var text: String
    /// As written, quotes included.
    public var raw: String
    /// No blank stands between this token and the one before.
    public var isGlued: Bool
    public var span: Span

    public init(kind: Kind, text: String, raw: String, isGlued: Bool, span: Span) {
        self.kind = kind
        self.text = text
        self.raw = raw
        self.isGlued = isGlued
        self.span = span
    }
}

extension Token: Hashable {
    /// Two subsearches are equal when their pipelines are; how they were written does not count.
    public static func == (left: Token, right: Token) -> Bool {
        guard left.isGlued == right.isGlued, left.kind == right.kind else { return false }
        if case .subsearch = left.kind { return true }
        return left.text == right.text && left.raw == right.raw
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(isGlued)
        if case .subsearch = kind { return }
        hasher.combine(raw)
    }
}

extension Token: CustomStringConvertible {
    public var description: String {
        if case .subsearch(let pipeline) = kind { return "[\(pipeline)]" }
        return raw
    }
}
