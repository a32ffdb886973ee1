/// A search: commands joined by pipes. Empty stages (`| |`) are dropped.
public struct Pipeline: Hashable, Sendable {
    public var commands: [CommandSyntax]

    public init(_ commands: [CommandSyntax]) { self.commands = commands }
}

extension Pipeline: CustomStringConvertible {
    /// Text that parses to an equal pipeline. A first `search` stands without its pipe, unless a comparison follows: then
    /// it would be the name of a field.
    public var description: String {
        let text = commands.map(\.description).joined(separator: " | ")
        guard let first = commands.first, first.name == "search" else { return "| " + text }
        if case .comparison = first.arguments.first?.kind { return "| " + text }
        return text
    }
}
