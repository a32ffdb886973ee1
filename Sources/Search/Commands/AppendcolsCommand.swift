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

    fileprivate let arguments: AppendArguments

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        arguments = try AppendArguments(syntax, flag: "override", help: Self.help, context)
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    func schema(after input: Schema) -> Schema {
        let other = arguments.search.search.schema
        return input.united(
            with: Schema(isOpen: other.isOpen, names: other.names.filter { !$0.hasPrefix("_") }))
    }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { true }
    var subsearches: [CompiledSearch] { [arguments.search.search] }
    var policies: [Policy] { [.appendcolsKeepsSurplusRows] }
    var explanation: String {
        "appendcols\(arguments.options.explanation)\(arguments.flag ? ", overriding" : ""): \(arguments.search.search.text)"
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
        let limit = command.arguments.options.limit(context.limits.appendRows)
        let found = try command.arguments.search.rows(&context, limit: limit, of: AppendcolsCommand.name)
        let right = found.selecting(found.names.filter { !$0.hasPrefix("_") })
        let count = max(left.rowCount, right.rowCount)
        return try JoinedRows.make(
            left, (0..<count).map { $0 < left.rowCount ? $0 : nil }, right,
            (0..<count).map { $0 < right.rowCount ? $0 : nil }, winner: command.arguments.flag ? .right : .left, context
        )
    }
}
