import Columns
import SPL

/// `addinfo` adds what is known of the search to each row: `info_min_time` and `info_max_time` (the time range in epoch
/// seconds; 0 and `+Infinity` where it is open), `info_search_time` (when it started) and `info_sid`.
///
/// The id is made of the start time: equal runs give equal rows. Source: Splunk Search Reference 9.4, "addinfo".
struct AddinfoCommand: Command {
    static let name = "addinfo"
    static let help = CommandHelp("addinfo", "Adds the time range, the start and the id of the search to each row.")

    fileprivate static let fields = ["info_min_time", "info_max_time", "info_search_time", "info_sid"]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        try reader.expectEnd()
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.names.subtract(Self.fields)
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for name in Self.fields where !schema.names.contains(name) { schema.names.append(name) }
        return schema
    }

    var explanation: String { "addinfo" }

    var streams: Bool { true }

    func makeOperator() -> any Operator { AddinfoOperator() }
}

private struct AddinfoOperator: Operator {
    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        func seconds(_ microseconds: Int64) -> Value { .number(Double(microseconds) / 1_000_000) }
        let values: [Value] = [
            context.range.earliest.map(seconds) ?? .number(0),
            context.range.latest.map(seconds) ?? .text("+Infinity"),
            seconds(context.nowMicroseconds),
            .text(Text("\(context.nowMicroseconds / 1_000_000).\(context.depth)")),
        ]
        var batch = batch
        for (name, value) in zip(AddinfoCommand.fields, values) {
            batch.set(name, Column(constant: value, rowCount: batch.rowCount))
        }
        return batch
    }
}
