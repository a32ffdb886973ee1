import Columns
import SPL

/// `appendcols [override=<bool>] [maxtime maxout timeout] [<subsearch>]`: puts the subsearch's first row beside the first
/// row, the second beside the second, and so on.
///
/// Internal fields of the subsearch are left out. A field of both keeps the main row's value, with `override=t` it takes
/// the subsearch's; null never wins. Rows of the subsearch that have no counterpart stand alone at the end.
/// Source: Splunk Search Reference 9.4, "appendcols"; surplus rows: docs/decisions/0002.
struct AppendcolsCommand: Command {
    static let name = "appendcols"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "appendcols <options> [<subsearch>]",
        "Puts the first row of a subsearch beside the first row, the second beside the second, and so on.",
        options: [
            ("override=<bool>", "of a field that both have the subsearch's value counts, `f` unless written")
        ] + SubsearchOptions.help)

    fileprivate let search: Subsearch
    fileprivate let options: SubsearchOptions
    fileprivate let overrides: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var search: Subsearch?
        var options = SubsearchOptions()
        var overrides = false
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                if name == "override" {
                    overrides = try BooleanOption.value(value)
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
            throw .noSubsearch(of: Self.name, span: syntax.nameSpan, example: "appendcols [search <terms>]")
        }
        self.search = search
        self.options = options
        self.overrides = overrides
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    func schema(after input: Schema) -> Schema {
        let other = search.search.schema
        return input.united(
            with: Schema(isOpen: other.isOpen, names: other.names.filter { !$0.hasPrefix("_") }))
    }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { true }
    var subsearches: [CompiledSearch] { [search.search] }
    var policies: [Policy] { [.appendcolsKeepsSurplusRows] }
    var explanation: String {
        "appendcols\(options.explanation)\(overrides ? ", overriding" : ""): \(search.search.text)"
    }

    func makeOperator() -> any Operator { AppendcolsOperator(command: self) }
}

private struct AppendcolsOperator: Operator {
    let command: AppendcolsCommand
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let left = rows.take(&context)
        let limit = command.options.limit(context.limits.appendRows)
        let found = try command.search.rows(&context, limit: limit, of: AppendcolsCommand.name)
        let right = found.selecting(found.names.filter { !$0.hasPrefix("_") })
        let count = max(left.rowCount, right.rowCount)
        return try JoinedRows.make(
            left, (0..<count).map { $0 < left.rowCount ? $0 : nil }, right,
            (0..<count).map { $0 < right.rowCount ? $0 : nil }, winner: command.overrides ? .right : .left, context)
    }
}
