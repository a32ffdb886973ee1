import Columns
import SPL

/// `union [maxtime maxout timeout] <dataset> ...`: the rows so far, if any, and those of each dataset: a subsearch,
/// `datamodel:<name>` or `inputlookup:<name>`.
///
/// When all datasets only stream events, the rows interleave by descending `_time`, and no limit holds; otherwise they
/// follow each other, at most 50,000 (or `maxout`) of each dataset. Source: Splunk Search Reference 9.4, "union".
struct UnionCommand: GeneratingCommand {
    static let name = "union"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "union <options> [<subsearch>] | datamodel:<name> | inputlookup:<table> ...",
        "Gives the rows so far, if any, and those of each dataset.",
        options: SubsearchOptions.help)

    fileprivate let searches: [Subsearch]
    fileprivate let options: SubsearchOptions
    fileprivate let interleaves: Bool
    private let isFirst: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var searches: [Subsearch] = []
        var options = SubsearchOptions()
        var interleaves = true
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let (name, value) = reader.option() {
                guard try options.read(name, value) else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if let pipeline = token.pipeline {
                _ = reader.next()
                searches.append(try Subsearch(pipeline, context))
                if StreamingCommands.firstOther(in: pipeline, centralized: false) != nil { interleaves = false }
            } else if let dataset = try NamedDataset.read(&reader, context) {
                searches.append(dataset)
            } else {
                throw reader.unexpected(token, expected: "a subsearch in brackets or <type>:<name>")
            }
        }
        guard !searches.isEmpty else {
            throw .noSubsearch(of: Self.name, span: syntax.nameSpan, example: "union [search <terms>] [search <terms>]")
        }
        self.searches = searches
        self.options = options
        self.interleaves = interleaves
        isFirst = context.isFirst && !context.rowsAreGiven
    }

    var mayFollow: Bool { true }
    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        if interleaves { needed.insert("_time") }
        return needed
    }
    func schema(after input: Schema) -> Schema {
        searches.reduce(isFirst ? Schema(isOpen: false) : input) { $0.united(with: $1.search.schema) }
    }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { interleaves }
    var subsearches: [CompiledSearch] { searches.map(\.search) }
    var explanation: String {
        "union\(options.explanation)\(interleaves ? ", by time" : ""): "
            + searches.map { "[\($0.search.text)]" }.joined(separator: " ")
    }

    func makeOperator() -> any Operator { UnionOperator(command: self) }
}

private struct UnionOperator: Operator {
    let command: UnionCommand
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard command.interleaves else { return batch }
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let limit = command.interleaves ? .max : command.options.limit(context.limits.appendRows)
        var found: [Batch] = []
        for search in command.searches {
            found.append(try search.rows(&context, limit: limit, of: UnionCommand.name))
        }
        if command.interleaves { return try TimeMerge.interleaved([rows.take(&context)] + found, &context) }
        for batch in found { try rows.append(batch, &context) }
        return rows.take(&context)
    }
}
