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

    fileprivate let search: Subsearch
    fileprivate let options: SubsearchOptions
    fileprivate let extendsTimeRange: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var search: Subsearch?
        var options = SubsearchOptions()
        var extendsTimeRange = false
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                if name == "extendtimerange" {
                    extendsTimeRange = try BooleanOption.value(value)
                } else if try !options.read(name, value) {
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if let pipeline = token.pipeline, search == nil {
                _ = reader.next()
                search = try Subsearch(pipeline, context)
            } else {
                throw reader.unexpected(token, expected: "a subsearch in brackets")
            }
        }
        guard let search else {
            throw .noSubsearch(of: Self.name, span: syntax.nameSpan, example: "append [search <terms>]")
        }
        self.search = search
        self.options = options
        self.extendsTimeRange = extendsTimeRange
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    func schema(after input: Schema) -> Schema { input.united(with: search.search.schema) }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var subsearches: [CompiledSearch] { [search.search] }
    var explanation: String {
        "append\(options.explanation)\(extendsTimeRange ? ", extending the time range" : ""): \(search.search.text)"
    }

    func makeOperator() -> any Operator { AppendOperator(command: self) }
}

private struct AppendOperator: Operator {
    let command: AppendCommand

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let limit = command.options.limit(context.limits.appendRows)
        let rows = try command.search.rows(&context, limit: limit, of: AppendCommand.name)
        if command.extendsTimeRange {
            let (outer, inner) = (context.range, command.search.search.range(context))
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
