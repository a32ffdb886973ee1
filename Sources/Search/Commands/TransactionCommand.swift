import Columns
import SPL

/// `transaction [<fields>] [maxspan= maxpause= maxevents=] [startswith= endswith=] [connected= unifyends=]
/// [keepevicted= keeporphans= maxopentxn= maxopenevents=] [mvlist= mvraw= nullstr= delim=]`: events that belong together
/// as one row.
///
/// Events come newest first. An event joins the open transaction whose fields it does not contradict; with `connected`
/// (default) it must share one. Going back in time, an event that matches `endswith` opens a transaction and one that
/// matches `startswith` closes it; what lacks one of them is evicted. Fields are the distinct values in text order, `_raw`
/// the events' texts from the oldest on, `_time` and the `date_` fields those of the oldest event. New fields:
/// `closed_txn`, `duration` in seconds, `eventcount`, `field_match_sum`, `linecount`.
/// Source: Splunk Search Reference 9.4, "transaction"; docs/decisions/0002.
struct TransactionCommand: Command {
    static let name = "transaction"

    /// Fields that the command makes; `linecount` is summed.
    static let madeFields: Set<String> = ["closed_txn", "duration", "eventcount", "field_match_sum", "_txn_orphan"]

    private let arguments: TransactionArguments

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        arguments = try TransactionArguments(syntax, context)
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.names.subtract(Self.madeFields)
        if after.contains("linecount") { needed.names.insert("_raw") }
        needed.names.insert("_time")
        needed.names.formUnion(arguments.fields)
        if let start = arguments.start { needed.formUnion(start.fields) }
        if let end = arguments.end { needed.formUnion(end.fields) }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        let made = ["closed_txn", "duration", "eventcount", "field_match_sum", "linecount"]
        return input.united(
            with: Schema(isOpen: false, names: made + (arguments.keepsOrphans ? ["_txn_orphan"] : [])))
    }

    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { true }
    var policies: [Policy] { [.transactionListsOldestFirst, .transactionEndIsOptional] }
    var explanation: String { "transaction: \(arguments.explanation)" }

    func makeOperator() -> any Operator { TransactionOperator(arguments: arguments) }
}

private struct TransactionOperator: Operator {
    let arguments: TransactionArguments
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let rows = held.take(&context)
        var groups = try TransactionGroups(arguments, rows, context)
        try groups.run(&context)
        return TransactionRows(arguments: arguments, events: rows, times: groups.times).batch(groups.results)
    }
}
