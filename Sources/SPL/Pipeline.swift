/// A search: commands joined by pipes. Empty stages (`| |`) are dropped.
public struct Pipeline: Hashable, Sendable {
    public var commands: [CommandSyntax]

    public init(_ commands: [CommandSyntax]) { self.commands = commands }
}

/// One command as the grammar sees it: its name and its arguments as tokens. What the tokens mean is the command's
/// own business; the parser does not know which commands exist.
public struct CommandSyntax: Hashable, Sendable {
    /// Lower-cased. `search` where the first stage has no pipe before it.
    public var name: String
    public var nameSpan: Span
    public var arguments: [Token]
    /// The whole stage, name included.
    public var span: Span

    public init(name: String, nameSpan: Span, arguments: [Token], span: Span) {
        self.name = name
        self.nameSpan = nameSpan
        self.arguments = arguments
        self.span = span
    }
}
