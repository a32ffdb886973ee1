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
    static let help = CommandHelp(
        "transaction [<fields>] <options>", "Makes one row of the events that belong together.",
        options: [
            ("fields=\"<field>, ...\"", "the fields, written as an option"),
            ("maxspan=<span>", "the longest time from first to last event"),
            ("maxpause=<span>", "the longest time between two events"),
            ("maxevents=<count>", "the most events, 1000 unless written; -1 is no limit"),
            (
                "startswith=<terms>",
                "the first event matches: a word, `\"<terms>\"`, `(<terms>)` or `eval(<expression>)`"
            ),
            ("endswith=<terms>", "the last event matches"),
            ("connected=<bool>", "an event must share a field with the transaction, `t` unless written"),
            ("unifyends=<bool>", "first and last event must share one too; as `connected` unless written"),
            ("keepevicted=<bool>", "gives transactions that were not closed; `f` unless written"),
            ("keeporphans=<bool>", "gives events that belong to none; `f` unless written"),
            ("maxopentxn=<count>", "how many transactions may be open, 5000 unless written"),
            ("maxopenevents=<count>", "how many events open transactions may hold, 100000 unless written"),
            (
                "mvlist=<bool>|\"<field>, ...\"",
                "fields list the value of every event in order, not the distinct ones; `f` unless written"
            ),
            ("mvraw=<bool>", "`_raw` is a multivalue of the events' texts; `f` unless written"),
            ("nullstr=<text>", "what stands in such lists for a missing value, `NULL` unless written"),
            ("delim=<text>", "no effect: values stay apart"),
            ("name=<type>", "refused: there are no transaction types"),
        ])

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
