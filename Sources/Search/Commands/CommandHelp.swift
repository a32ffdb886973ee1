/// What docs/reference/commands.md says of a command, and the names of options that a message about an unknown one gives.
public struct CommandHelp: Sendable {
    /// How an option is written (`max=<count>`), and what it does.
    public typealias Option = (form: String, effect: String)

    /// The command as it is written; `<options>` stands for `options`.
    public let syntax: String
    /// One sentence.
    public let summary: String
    public let options: [Option]
    /// Nil for the page of the command's own name in the Search Reference.
    public let source: String?

    public init(_ syntax: String, _ summary: String, options: [Option] = [], source: String? = nil) {
        self.syntax = syntax
        self.summary = summary
        self.options = options
        self.source = source
    }

    var optionNames: [String] { Self.names(of: options) }

    static func names(of options: [Option]) -> [String] { options.map { String($0.form.prefix { $0 != "=" }) } }
}
