import Columns
import SPL

/// `typer` changes nothing: events carry their `eventtype` already, that of each event type whose search they satisfy.
///
/// `maxlen` (how much of an event Splunk looks at) is accepted; we look at all of it. Errors: E399 for `eventtypes`, which
/// would take event types away. Source: Splunk Search Reference 9.4, "typer".
struct TyperCommand: Command {
    static let name = "typer"
    static let help = CommandHelp(
        "typer <options>", "Changes nothing: events carry their event types already.",
        options: [
            ("maxlen=<count>", "no effect: all of an event is looked at"),
            ("eventtypes=<name>", "refused: filter with `search eventtype=<name>`"),
        ])

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            guard let (name, value) = reader.option() else {
                try reader.expectEnd()
                return
            }
            switch name {
            case "maxlen": _ = try NumberOption.count(value, for: name)
            case "eventtypes":
                throw Diagnostic(
                    "E399", "typer cannot choose event types", span: token.span,
                    hint: "filter with search eventtype=\"\(value.text)\" instead")
            default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var explanation: String { "typer: event types are there already" }

    var streams: Bool { true }

    func makeOperator() -> any Operator { PassOperator() }
}
