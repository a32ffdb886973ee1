/// A search: commands joined by pipes. Empty stages (`| |`) are dropped.
public struct Pipeline: Hashable, Sendable {
    public var commands: [CommandSyntax]

    public init(_ commands: [CommandSyntax]) { self.commands = commands }
}

extension Pipeline: CustomStringConvertible {
    /// Text that parses to an equal pipeline. A first `search` stands without its pipe, unless a comparison or text without
    /// a blank between follows: then it would be a field's name, or part of a longer word.
    public var description: String {
        let text = commands.map(\.description).joined(separator: " | ")
        guard let first = commands.first, first.name == "search" else { return "| " + text }
        if case .comparison = first.arguments.first?.kind { return "| " + text }
        if first.arguments.first?.isGlued == true { return "| " + text }
        return text
    }
}
