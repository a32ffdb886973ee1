/// One token of a command's arguments.
///
/// Words end at blanks, commas, parentheses, double quotes and comparison operators; everything else
/// (`. { } : - / @ # * $ ' + %`) belongs to the word, because field names hold it unquoted.
public struct Token: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case word
        /// A double-quoted string; `text` is after the escapes of `search` values.
        case quoted
        case comma
        case openParenthesis
        case closeParenthesis
        /// `=`, `!=`, `<`, ... ; `==` is `equal` with raw text `==`.
        case comparison(ComparisonOperator)
        /// `[ ... ]`.
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
