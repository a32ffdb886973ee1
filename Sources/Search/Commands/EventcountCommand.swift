import Columns
import SPL

/// `eventcount [index=<name>] ... [summarize=<bool>]`: how many events there are, whatever the time range.
///
/// `summarize=f` gives a row for each index, with `index`, `provider` and `server`. Here it is a search over the events themselves;
/// without `index` it counts every event. `report_size=t` is refused, as there is no index on disk; `list_vix` and
/// `list_federated_remote` change nothing. Source: Splunk Search Reference 9.4, "eventcount".
struct EventcountCommand: GeneratingCommand {
    static let name = "eventcount"
    static let help = CommandHelp(
        "eventcount <options>", "Counts events, whatever the time range.",
        options: [
            ("index=<name>", "an index to count, repeatable; all events unless written"),
            ("summarize=<bool>", "`f` gives a row for each index; `t` unless written"),
            ("report_size=<bool>", "`t` is refused: there is no index on disk"),
            ("list_vix=<bool>", "no effect"),
            ("list_federated_remote=<bool>", "no effect"),
        ])

    private let commands: [any Command]
    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var indexes: [String] = []
        var summarizes = true
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
                continue
            }
            guard let (name, value) = reader.option() else {
                throw reader.unexpected(token, expected: "an option")
            }
            switch name {
            case "index": indexes.append(value.text)
            case "summarize": summarizes = try BooleanOption.value(value)
            case "list_vix", "list_federated_remote": _ = try BooleanOption.value(value)
            case "report_size":
                guard try !BooleanOption.value(value) else {
                    throw Diagnostic(
                        "E725", "eventcount has no size to report: events are read from files, not from an index",
                        span: token.span, hint: "leave out report_size")
                }
            default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
        }
        text = "summarize=\(summarizes) \(indexes.map { "index=\($0)" }.joined(separator: " "))"
        // Given rows are what there is: they have no time range.
        commands = try IndexSearch.commands(
            indexes: indexes, times: context.isFirst ? "earliest=0 latest=0" : "",
            summarizes
                ? "stats count"
                : "stats count by index | eval provider=\"local\", server=\"localhost\" | table count index provider server",
            context)
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    var explanation: String { "eventcount \(text)" }
    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] { self.commands }
    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]? { self.commands }
    func makeOperator() -> any Operator { PassOperator() }
}
