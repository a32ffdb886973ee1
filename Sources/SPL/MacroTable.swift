/// The macros that a search may call, by name and number of arguments.
public struct MacroTable: Hashable, Sendable {
    private var definitions: [String: [Int: MacroDefinition]] = [:]

    /// An unknown macro without arguments whose name ends in `_filter` stands for `search *`.
    ///
    /// Source: contentctl writes that body for every detection whose filter macro the repository lacks.
    public var acceptsUnknownFilters: Bool = true

    /// Of two definitions with the same name and number of arguments the later one counts.
    public init(_ macros: [MacroDefinition]) {
        for macro in macros { define(macro) }
    }

    public mutating func define(_ macro: MacroDefinition) {
        definitions[macro.name, default: [:]][macro.arguments.count] = macro
    }

    public func lookup(name: String, argumentCount: Int) -> MacroDefinition? {
        if let macro = definitions[name]?[argumentCount] { return macro }
        if acceptsUnknownFilters, argumentCount == 0, definitions[name] == nil, name.hasSuffix("_filter") {
            return MacroDefinition(name: name, definition: "search *")
        }
        return nil
    }

    /// All defined names, sorted, each once.
    public var names: [String] { definitions.keys.sorted() }

    /// The numbers of arguments for which the name is defined, ascending; empty for an unknown name.
    public func argumentCounts(of name: String) -> [Int] { definitions[name]?.keys.sorted() ?? [] }
}
