import Columns
import Formats
import SPL

/// `append [extendtimerange=<bool>] [maxtime maxout timeout] [<subsearch>]`: the rows, then those of the subsearch; the
/// columns of both.
///
/// `extendtimerange=t` widens the search's time range, for what follows, by that of the subsearch. At most 50,000 rows
/// are taken unless `maxout` says otherwise. Source: Splunk Search Reference 9.4, "append".
struct AppendCommand: Command {
    static let name = "append"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "append <options> [<subsearch>]", "Puts the rows of a subsearch behind the rows.",
        options: [
            (
                "extendtimerange=<bool>",
                "widens the time range, for what follows, by that of the subsearch; `f` unless written"
            )
        ] + SubsearchOptions.help)

    fileprivate let arguments: AppendArguments

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        arguments = try AppendArguments(syntax, flag: "extendtimerange", help: Self.help, context)
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    func schema(after input: Schema) -> Schema { input.united(with: arguments.search.search.schema) }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var subsearches: [CompiledSearch] { [arguments.search.search] }
    var explanation: String {
        "append\(arguments.options.explanation)\(arguments.flag ? ", extending the time range" : ""): \(arguments.search.search.text)"
    }

    func makeOperator() -> any Operator { AppendOperator(command: self) }
}

private struct AppendOperator: Operator {
    let command: AppendCommand

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let limit = command.arguments.options.limit(context.limits.appendRows)
        let rows = try command.arguments.search.rows(&context, limit: limit, of: AppendCommand.name)
        if command.arguments.flag {
            let (outer, inner) = (context.range, command.arguments.search.search.range(context))
            context.range = TimeRange(
                earliest: Self.bound(outer.earliest, inner.earliest, min),
                latest: Self.bound(outer.latest, inner.latest, max))
        }
        return rows
    }

    /// An open bound stays open.
    private static func bound(_ a: Int64?, _ b: Int64?, _ choose: (Int64, Int64) -> Int64) -> Int64? {
        guard let a, let b else { return nil }
        return choose(a, b)
    }
}
