import Columns
import SPL

/// `metadata type=hosts|sources|sourcetypes [index=<name>] ...`: one row for each host, source or sourcetype of the
/// events, with `firstTime`, `lastTime`, `recentTime` (whole epoch seconds), `totalCount` and `type`.
///
/// Here it is a search over the events themselves. `datatype=event`, `splunk_server` and `splunk_server_group` change
/// nothing. Source: Splunk Search Reference 9.4, "metadata".
struct MetadataCommand: GeneratingCommand {
    static let name = "metadata"
    static let help = CommandHelp(
        "metadata type=hosts|sources|sourcetypes <options>",
        "Gives a row for each host, source or sourcetype, with its times and count.",
        options: [
            ("type=hosts|sources|sourcetypes", "what to list"),
            ("index=<name>", "an index to look at, repeatable; all events unless written"),
            ("datatype=event", "the one kind of data there is"),
            ("splunk_server=<name>", "no effect: there is one machine"),
            ("splunk_server_group=<name>", "no effect: there is one machine"),
        ])

    private static let types = ["hosts": "host", "sources": "source", "sourcetypes": "sourcetype"]

    private let commands: [any Command]
    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var type: Token?
        var indexes: [String] = []
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
                continue
            }
            guard let (name, value) = reader.option() else {
                throw reader.unexpected(token, expected: "an option")
            }
            switch name {
            case "type": type = value
            case "index": indexes.append(value.text)
            case "splunk_server", "splunk_server_group": break
            case "datatype":
                guard value.text.lowercased() == "event" else {
                    throw Diagnostic(
                        "E724", "metadata of '\(value.text)' data is not supported", span: value.span,
                        hint: "datatype=event is what there is")
                }
            default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
        }
        guard let type, let field = Self.types[type.text.lowercased()] else {
            throw Diagnostic(
                "E724", type.map { "metadata has no type '\($0.text)'" } ?? "metadata has no type",
                span: type?.span ?? syntax.nameSpan, hint: "write type=hosts, type=sources or type=sourcetypes")
        }
        text = "type=\(type.text.lowercased()) \(indexes.map { "index=\($0)" }.joined(separator: " "))"
        commands = try IndexSearch.commands(
            indexes: indexes,
            """
            stats min(_time) as firstTime max(_time) as lastTime count as totalCount by \(field) \
            | eval firstTime=floor(firstTime), lastTime=floor(lastTime), recentTime=lastTime, \
            type="\(type.text.lowercased())" | table \(field) firstTime lastTime recentTime totalCount type
            """, context)
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    var policies: [Policy] { [.recentTimeIsLastTime] }
    var explanation: String { "metadata \(text)" }
    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] { self.commands }
    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]? { self.commands }
    func makeOperator() -> any Operator { PassOperator() }
}

/// The search that stands for a command about indexes: the events of some indexes, and what is made of them.
enum IndexSearch {
    /// - Parameter indexes: names, wildcards allowed; none is every event.
    static func commands(
        indexes: [String], times: String = "", _ rest: String, _ context: CompileContext
    ) throws(Diagnostic) -> [any Command] {
        let terms = indexes.map { "index=\(SearchLiteral.quoted($0))" }.joined(separator: " OR ")
        let search = terms.isEmpty ? "*" : "(\(terms))"
        let pipeline = try Pipeline.parse("search \(search) \(times) | \(rest)")
        var commands: [any Command] = []
        for (position, syntax) in pipeline.commands.enumerated() {
            commands.append(try Commands.compile(syntax, context, isFirst: position == 0 && context.isFirst))
        }
        return commands
    }
}
