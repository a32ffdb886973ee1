import Columns
import SPL

/// `multisearch [<subsearch>] [<subsearch>] ...`: the events of at least two searches as one stream, newest first; no
/// limit holds. Each may only stream: filters, `eval`, `rex`, ... but no `stats` or `sort`.
///
/// Source: Splunk Search Reference 9.4, "multisearch".
struct MultisearchCommand: GeneratingCommand {
    static let name = "multisearch"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "multisearch [<subsearch>] [<subsearch>] ...",
        "Reads the events of several streaming searches as one stream, newest first.")

    private let searches: [Subsearch]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var searches: [Subsearch] = []
        while let token = reader.next() {
            if token.kind == .comma { continue }
            guard let pipeline = token.pipeline else {
                throw reader.unexpected(token, expected: "a subsearch in brackets")
            }
            if let other = StreamingCommands.firstOther(in: pipeline, centralized: true) {
                throw Diagnostic(
                    "E739", "multisearch takes streaming commands only, not '\(other.name)'", span: other.nameSpan,
                    hint: "put '\(other.name)' behind multisearch, or use append")
            }
            searches.append(try Subsearch(pipeline, context))
        }
        guard searches.count >= 2 else {
            throw Diagnostic(
                "E731", "multisearch needs at least two subsearches", span: syntax.nameSpan,
                hint: "write multisearch [search <terms>] [search <terms>]")
        }
        self.searches = searches
    }

    func needs(_ after: FieldSet) -> FieldSet { .none }
    func schema(after input: Schema) -> Schema {
        searches.reduce(Schema(isOpen: false)) { $0.united(with: $1.search.schema) }
    }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var subsearches: [CompiledSearch] { searches.map(\.search) }
    var explanation: String { "multisearch: " + searches.map { "[\($0.search.text)]" }.joined(separator: " ") }

    func makeOperator() -> any Operator { MultisearchOperator(searches: searches) }
}

private struct MultisearchOperator: Operator {
    let searches: [Subsearch]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        var streams: [Batch] = []
        for search in searches {
            streams.append(try search.rows(&context, limit: .max, of: MultisearchCommand.name))
        }
        return try TimeMerge.interleaved(streams, &context)
    }
}
