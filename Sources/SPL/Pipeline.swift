/// A search: commands joined by pipes. Empty stages (`| |`) are dropped.
public struct Pipeline: Hashable, Sendable {
    public var commands: [CommandSyntax]

    public init(_ commands: [CommandSyntax]) { self.commands = commands }
}

extension Pipeline: CustomStringConvertible {
    /// Text that parses to an equal pipeline. A first `search` stands without its pipe.
    public var description: String {
        let text = commands.map(\.description).joined(separator: " | ")
        return commands.first?.name == "search" ? text : "| " + text
    }
}
