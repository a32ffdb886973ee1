import Columns
import SPL

/// Runs ``StreamstatsCommand``: each batch as it comes, except that wildcards need to know all fields first.
struct StreamstatsOperator: Operator {
    private let command: StreamstatsCommand
    private var groups: GroupTable
    private var statistics: StreamStatistics?
    private var previousGroups: [Int]?
    private var held = RowBuffer()

    init(_ command: StreamstatsCommand) {
        self.command = command
        groups = GroupTable(keyCount: command.keys.count)
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard command.calls.contains(where: \.isWildcard) else {
            return try run(batch, command.calls, &context)
        }
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        guard command.calls.contains(where: \.isWildcard) else { return nil }
        let all = held.take(&context)
        let calls = command.calls.flatMap { $0.overFields(of: all.names, keys: command.keys) }
        return try run(all, calls, &context)
    }

    private mutating func run(
        _ batch: Batch, _ calls: [StatsCommand.Call], _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        let limit = context.limits.streamWindowRows
        let window = command.window(limit: limit)
        if command.exceeds(limit: limit) { StreamStatistics.warnOfLimit(&context) }
        var statistics =
            self.statistics
            ?? StreamStatistics(calls: calls, window: window, includesPresent: command.includesPresent)
        // There is one owner only: the arrays within must not be copied at the first change.
        self.statistics = nil
        defer { self.statistics = statistics }

        var arguments: [Column?] = []
        for call in calls { arguments.append(try call.argumentColumn(batch, context)) }
        let times = batch.column("_time")
        let timeOfEntry = times?.values.map(\.numeric) ?? []
        let (members, groupOfMember) = try groups.assign(
            command.keys.map { batch.column($0) }, rowCount: batch.rowCount)
        let resetsBefore = try command.resetBefore?.expression.evaluate(batch, context)
        let readsResults = command.resetAfter.map { condition in
            calls.contains { condition.expression.fields.contains($0.output) }
        }
        let resetsAfter = readsResults == false ? try command.resetAfter?.expression.evaluate(batch, context) : nil

        let old = calls.map { batch.column($0.output) }
        var outputs = calls.map { _ in [Value]() }
        for index in outputs.indices { outputs[index].reserveCapacity(batch.rowCount) }
        var next = 0
        var heldBytes = 0
        defer { context.release(heldBytes) }
        for row in 0..<batch.rowCount {
            let first = next
            while next < members.count, members[next] == row { next += 1 }
            if resetsBefore?[row] == .boolean(true) { statistics.reset() }
            let time = times.flatMap { timeOfEntry[Int($0.ids[row])] }
            if first == next || (window?.span != nil && time == nil) {
                if first != next {
                    context.warn(
                        "W306", "some rows have no valid _time; time_window leaves them out",
                        hint: "keep _time, as a number, up to the command")
                }
                for index in calls.indices { outputs[index].append(old[index]?[row] ?? .null) }
            } else {
                let rowGroups = groupOfMember[first..<next]
                if command.resetsOnChange {
                    if let previousGroups, !previousGroups.elementsEqual(rowGroups) { statistics.reset() }
                    previousGroups = Array(rowGroups)
                }
                let values = arguments.map { $0?[row] ?? .null }
                let results = statistics.results(
                    StreamStatistics.Row(values: values, time: time), groups: rowGroups, &context)
                for (index, value) in results.enumerated() {
                    outputs[index].append(value)
                    // Running lists grow with the square of the rows.
                    if case .multivalue(let elements) = value, elements.count > 8 {
                        heldBytes += 24 * elements.count
                        try context.hold(24 * elements.count)
                    }
                }
            }
            let isOver =
                readsResults == true
                ? try holdsAfter(row, batch, calls, outputs, context) : resetsAfter?[row] == .boolean(true)
            if isOver { statistics.reset() }
        }
        var result = batch
        for (call, values) in zip(calls, outputs) { result.set(call.output, Column(values)) }
        return result
    }

    /// Whether `reset_after` is true for the row with its results.
    private func holdsAfter(
        _ row: Int, _ batch: Batch, _ calls: [StatsCommand.Call], _ outputs: [[Value]], _ context: ExecutionContext
    ) throws(SearchError) -> Bool {
        guard let condition = command.resetAfter else { return false }
        var single = Batch(rowCount: 1)
        for name in condition.expression.fields.names {
            if let column = batch.column(name) { single.set(name, Column([column[row]])) }
        }
        for (call, values) in zip(calls, outputs) { single.set(call.output, Column([values[row]])) }
        return try condition.expression.evaluate(single, context)[0] == .boolean(true)
    }
}
