/// A search macro. It is identified by its name and its number of arguments together.
///
/// Source: Splunk Knowledge Manager Manual 10.0, "Search macros".
public struct MacroDefinition: Hashable, Sendable {
    public var name: String
    public var arguments: [String]
    public var definition: String
    /// `iseval=1`: the definition is an eval expression that makes the text.
    public var isEval: Bool

    public init(name: String, arguments: [String] = [], definition: String, isEval: Bool = false) {
        self.name = name
        self.arguments = arguments
        self.definition = definition
        self.isEval = isEval
    }
}
