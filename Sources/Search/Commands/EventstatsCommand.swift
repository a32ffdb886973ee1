import Columns
import SPL

/// `eventstats [allnum=<bool>] <function>(<field>) [AS <name>] ... [BY <fields>]` adds to each row what `stats` would
/// give for its group.
///
/// Rows keep their order. A row in which any BY field is null is left as it is; one with a multivalue BY field gets the
/// results of all its groups. A field of the result's name is overwritten. With `allnum=t` a numeric function is null for a
/// group in which some row has no number, or nothing.
/// Source: Splunk Search Reference 9.4, "eventstats" (multivalue keys: docs/decisions/0002).
struct EventstatsCommand: Command {
    static let name = "eventstats"
    static let help = CommandHelp(
        "eventstats <options> <function>(<field>) [AS <name>] ... [BY <fields>]",
        "Adds to each row what stats gives for its group.",
        options: [
            (
                "allnum=<bool>",
                "a numeric function gives null for a group in which a value is no number, or missing; `f` unless written"
            )
        ])

    private let calls: [StatsCommand.Call]
    private let keys: [String]
    private let isOnlyForNumbers: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var options = StatsOptions()
        let (calls, keys) = try StatsArguments.read(&reader, context, command: Self.name) {
            (name, reader) throws(Diagnostic) in
            guard name == "allnum" else {
                throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, reader.peek()?.span)
            }
            try options.read(name, &reader, command: Self.name)
        }
        if calls.isEmpty {
            throw Diagnostic(
                "E332", "eventstats has no function", span: syntax.nameSpan, hint: "write eventstats count BY <field>")
        }
        self.calls = options.applied(to: calls).map { call in
            var call = call
            call.isForbiddenNull = call.isOnlyForNumbers
            return call
        }
        self.keys = keys
        isOnlyForNumbers = options.isOnlyForNumbers
    }

    func needs(_ after: FieldSet) -> FieldSet { Self.needs(after, calls, keys) }

    /// What a command needs that adds these results to its rows.
    static func needs(_ after: FieldSet, _ calls: [StatsCommand.Call], _ keys: [String]) -> FieldSet {
        var needed = after
        // With keys a row without them keeps the field of that name.
        if keys.isEmpty { for call in calls { needed.names.remove(call.output) } }
        needed.formUnion(StatsCommand.fields(of: calls, keys))
        return needed
    }

    func schema(after input: Schema) -> Schema { Self.schema(after: input, calls) }

    static func schema(after input: Schema, _ calls: [StatsCommand.Call]) -> Schema {
        var schema = input
        for call in calls where !schema.names.contains(call.output) { schema.names.append(call.output) }
        return schema
    }

    func rowKey(after input: [String]?) -> [String]? { Self.rowKey(after: input, calls) }

    static func rowKey(after input: [String]?, _ calls: [StatsCommand.Call]) -> [String]? {
        input.flatMap { keys in keys.contains { key in calls.contains { $0.output == key } } ? nil : keys }
    }

    var dependsOnOrder: Bool { calls.contains(where: \.function.dependsOnOrder) }
    var readsClock: Bool { StatsCommand.readsClock(calls) }

    var policies: [Policy] { keys.isEmpty ? [] : [.multivalueKeyJoinsResults] }

    var explanation: String {
        "eventstats: " + StatsCommand.explanation(of: calls, keys) + (isOnlyForNumbers ? " allnum=t" : "")
    }

    func makeOperator() -> any Operator { EventstatsOperator(calls: calls, keys: keys) }
}

private struct EventstatsOperator: Operator {
    let calls: [StatsCommand.Call]
    let keys: [String]
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        var all = rows.take(&context)
        var accumulator = StatsAccumulator(calls: calls, keys: keys)
        let (members, groups) = try accumulator.add(all, &context)
        let results = accumulator.results(Array(0..<accumulator.groups.count), &context)
        for (name, values) in results {
            all.set(name, column(values, members, groups, over: all.column(name), rowCount: all.rowCount))
        }
        return all
    }

    /// - Parameters:
    ///   - values: per group its result.
    ///   - members: rows in ascending order, one that is in several groups several times; `groups` says in which.
    ///   - old: what stands there for the rows that are in no group.
    private func column(
        _ values: [Value], _ members: [Int], _ groups: [Int], over old: Column?, rowCount: Int
    ) -> Column {
        var entries: [Value] = [.null] + values
        var ids = [UInt32](repeating: 0, count: rowCount)
        var next = 0
        for row in 0..<rowCount {
            let first = next
            while next < members.count, members[next] == row { next += 1 }
            switch next - first {
            case 0:
                guard let value = old?[row], !value.isNull else { continue }
                ids[row] = UInt32(entries.count)
                entries.append(value)
            case 1:
                if !values[groups[first]].isNull { ids[row] = UInt32(groups[first] + 1) }
            default:
                let value = GroupResults.joined(groups[first..<next]) { values[$0] }
                guard !value.isNull else { continue }
                ids[row] = UInt32(entries.count)
                entries.append(value)
            }
        }
        return Column(ids: ids, values: entries)
    }
}

/// The results of a row that is in several groups because a BY field is multivalue.
enum GroupResults {
    /// One result for each of its groups, in the order of its values.
    static func joined(_ groups: some Sequence<Int>, _ result: (Int) -> Value) -> Value {
        var seen: Set<Int> = []
        return .list(groups.filter { seen.insert($0).inserted }.map(result))
    }
}
