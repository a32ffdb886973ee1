import Columns
import SPL

/// The functions of `stats` and `eventstats` over their groups, fed a batch at a time.
struct StatsAccumulator: Sendable {
    private let calls: [StatsCommand.Call]
    private let keys: [String]
    private(set) var groups: GroupTable

    /// Per call its functions: one, or for a wildcard one for each field met so far.
    private var functions: [[(output: String, state: FunctionState)]]

    init(calls: [StatsCommand.Call], keys: [String], removesDuplicateKeys: Bool = false) {
        self.calls = calls
        self.keys = keys
        groups = GroupTable(keyCount: keys.count, removesDuplicates: removesDuplicateKeys)
        functions = calls.map { $0.isWildcard ? [] : [($0.output, FunctionState($0))] }
    }

    /// - Returns: what ``GroupTable/assign(_:rowCount:)`` gives: the rows that took part and the group of each.
    mutating func add(
        _ batch: Batch, _ context: inout ExecutionContext
    ) throws(SearchError) -> (rows: [Int], groups: [Int]) {
        let (rows, groupOfRow) = try groups.assign(keys.map { batch.column($0) }, rowCount: batch.rowCount)
        // A dropped row and a doubled one can make the count right: only the rows themselves tell.
        let input = rows.elementsEqual(0..<batch.rowCount) ? batch : batch.gathered(rows)
        let times = input.column("_time")
        for (index, call) in calls.enumerated() {
            for single in call.overFields(of: input.names, keys: keys) {
                if keys.contains(single.output) {
                    context.warn(
                        "W307", "'\(single.output)' is a field of BY; \(single.explanation) is left out",
                        hint: "give the results of a wildcard other names with AS")
                    continue
                }
                let place = self.place(of: single, call: index)
                let column = try single.argumentColumn(input, context)
                functions[index][place].state.add(
                    column, groups: groupOfRow, groupCount: groups.count, times: times)
            }
        }
        return (rows, groupOfRow)
    }

    /// Takes over what `other`, made with the same arguments, has seen, as if its rows came behind those seen here.
    ///
    /// - Returns: for each group of `other` its number here.
    mutating func merge(_ other: StatsAccumulator) -> [Int] {
        let groupOfOther = groups.merge(other.groups)
        for index in calls.indices {
            for (output, state) in other.functions[index] {
                let place: Int
                if let known = functions[index].firstIndex(where: { $0.output == output }) {
                    place = known
                } else {
                    place = functions[index].count
                    functions[index].append((output, FunctionState(calls[index])))
                }
                functions[index][place].state.merge(state, groups: groupOfOther, groupCount: groups.count)
            }
        }
        return groupOfOther
    }

    func write(to writer: inout StateWriter) {
        groups.write(to: &writer)
        for (call, states) in zip(calls, functions) {
            if call.isWildcard { writer.count(states.count) }
            for (output, state) in states {
                if call.isWildcard { writer.string(output) }
                state.write(to: &writer, groupCount: groups.count)
            }
        }
    }

    /// For an accumulator, made with the same arguments, that has seen nothing.
    mutating func read(from reader: inout StateReader) throws(SearchError) {
        try groups.read(from: &reader)
        let groupCount = groups.count
        for (index, call) in calls.enumerated() {
            guard call.isWildcard else {
                try functions[index][0].state.read(from: &reader, groupCount: groupCount)
                continue
            }
            functions[index] = try reader.list { reader throws(SearchError) in
                var state = FunctionState(call)
                let output = try reader.string()
                try state.read(from: &reader, groupCount: groupCount)
                return (output, state)
            }
            guard Set(functions[index].map(\.output)).count == functions[index].count else {
                throw StateReader.malformed("a field is there twice")
            }
        }
    }

    /// Some function tells what its result leaves out.
    var mayWarn: Bool { calls.contains { $0.function.mayWarn } }

    /// The results for these groups, one column a function that is wanted, in the order of the calls.
    func results(
        _ order: [Int], _ context: inout ExecutionContext, _ isWanted: (String) -> Bool = { _ in true }
    ) -> [(name: String, values: [Value])] {
        var results: [(name: String, values: [Value])] = []
        for (output, state) in functions.joined() where isWanted(output) {
            results.append((output, order.map { state.result($0, &context) }))
        }
        return results
    }

    private mutating func place(of call: StatsCommand.Call, call index: Int) -> Int {
        if let known = functions[index].firstIndex(where: { $0.output == call.output }) { return known }
        functions[index].append((call.output, FunctionState(call)))
        return functions[index].count - 1
    }
}

/// One function over all groups, and what `allnum=true` must know beside it.
struct FunctionState: Sendable {
    private var aggregate: any StoredAggregate
    private var texts: CountAggregate?

    init(_ call: StatsCommand.Call) {
        aggregate = call.function.make()
        if call.isOnlyForNumbers { texts = CountAggregate(call.isForbiddenNull ? .textsAndNulls : .texts) }
    }

    mutating func grow(to groupCount: Int) {
        aggregate.grow(to: groupCount)
        texts?.grow(to: groupCount)
    }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        aggregate.add(column, groups: groups, groupCount: groupCount, times: times)
        texts?.add(column, groups: groups, groupCount: groupCount, times: times)
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        aggregate.add(value, group: group, time: time)
        texts?.add(value, group: group, time: time)
    }

    mutating func merge(_ other: FunctionState, groups: [Int], groupCount: Int) {
        aggregate.merge(other.aggregate, groups: groups, groupCount: groupCount)
        if let others = other.texts { texts?.merge(others, groups: groups, groupCount: groupCount) }
    }

    /// - Parameter groupCount: how many groups are written; no fewer than it has grown to.
    func write(to writer: inout StateWriter, groupCount: Int) {
        var grown = self
        grown.grow(to: groupCount)
        grown.aggregate.write(to: &writer)
        grown.texts?.write(to: &writer)
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        try aggregate.read(from: &reader, groupCount: groupCount)
        try texts?.read(from: &reader, groupCount: groupCount)
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        if let texts, texts.count(group) > 0 { return .null }
        return aggregate.result(group, &context)
    }
}

extension StatsCommand.Call {
    /// The call itself, or for a wildcard one call for each field that it matches, in the order of the names.
    ///
    /// Wildcards leave out the BY fields and internal fields (docs/decisions/0002).
    func overFields(of names: [String], keys: [String]) -> [StatsCommand.Call] {
        guard isWildcard, let pattern = field else { return [self] }
        return names.compactMap { name in
            guard !keys.contains(name), !name.hasPrefix("_"),
                let captures = RenameCommand.captures(of: name, in: pattern)
            else { return nil }
            var call = self
            call.field = name
            call.output = RenameCommand.fill(output, captures)
            return call
        }
    }

    /// What the function is computed of; nil for a field that does not exist.
    func argumentColumn(_ batch: Batch, _ context: ExecutionContext) throws(SearchError) -> Column? {
        if let expression {
            let column = try expression.evaluate(batch, context)
            // `count` counts what is true. For all others a boolean is the number 1 or 0.
            if !function.needsArgument { return column }
            return column.mapped { value in
                if case .boolean(let flag) = value { return .number(flag ? 1 : 0) }
                return value
            }
        }
        if let field { return batch.column(field) }
        return Column(constant: .number(1), rowCount: batch.rowCount)
    }
}
