import Columns
import SPL

/// Groups rows by the printed form of their keys and feeds the functions, a batch at a time.
struct StatsOperator: Operator, Sendable {
    private let calls: [StatsCommand.Call]
    private let keys: [String]
    private let checksTime: Bool
    /// What a `where` behind it asks of its rows: functions that it does not read are computed for what it keeps only.
    var condition: CompiledExpression?

    private var accumulator: StatsAccumulator
    private var origins: [[UInt32]]?
    private var rowsWithoutTime = 0

    init(
        calls: [StatsCommand.Call], keys: [String], removesDuplicateKeys: Bool = false, checksTime: Bool = false
    ) {
        self.calls = calls
        self.keys = keys
        self.checksTime = checksTime && calls.contains(where: \.function.needsTime)
        accumulator = StatsAccumulator(calls: calls, keys: keys, removesDuplicateKeys: removesDuplicateKeys)
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return Batch() }
        let (rows, groupOfRow) = try accumulator.add(batch, &context)
        if checksTime {
            if let times = batch.column("_time") {
                let isTime = times.values.map { $0.numeric != nil }
                rowsWithoutTime += times.ids.count { !isTime[Int($0)] }
            } else {
                rowsWithoutTime += batch.rowCount
            }
        }
        if batch.hasOrigins {
            if origins == nil { origins = [] }
            origins!.pad(to: accumulator.groups.count, with: [])
            var previous: (row: Int, group: Int)?
            for (row, group) in zip(rows, groupOfRow) {
                // A multivalue key can bring a row into one group twice.
                if let previous, previous == (row, group) { continue }
                batch.forEachOrigin(of: row) { origins![group].append($0) }
                previous = (row, group)
            }
        }
        return Batch()
    }

    /// Takes over what `other`, an operator of the same command, has seen, as if its rows came behind those seen here.
    mutating func merge(_ other: StatsOperator) {
        let groupOfOther = accumulator.merge(other.accumulator)
        rowsWithoutTime += other.rowsWithoutTime
        if let more = other.origins {
            if origins == nil { origins = [] }
            origins!.pad(to: accumulator.groups.count, with: [])
            for (group, events) in zip(groupOfOther, more) { origins![group].append(contentsOf: events) }
        }
    }

    func write(to writer: inout StateWriter) {
        accumulator.write(to: &writer)
        writer.count(rowsWithoutTime)
        writer.flag(origins != nil)
        guard var origins else { return }
        origins.pad(to: accumulator.groups.count, with: [])
        for events in origins { writer.list(events) { $0.count(Int($1)) } }
    }

    /// For an operator of the same command that has seen nothing.
    mutating func read(from reader: inout StateReader) throws(SearchError) {
        try accumulator.read(from: &reader)
        rowsWithoutTime = try reader.count()
        guard try reader.flag() else { return }
        origins = try reader.elements(accumulator.groups.count) { reader throws(SearchError) in
            try reader.list { reader throws(SearchError) in UInt32(try reader.count(atMost: Int(UInt32.max))) }
        }
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        if rowsWithoutTime > 0 {
            context.warn(
                "W304", "\(rowsWithoutTime) rows have no valid _time; functions of time leave them out",
                hint: "keep _time, as a number, up to the command")
        }
        let groups = accumulator.groups
        let groupCount = keys.isEmpty ? 1 : groups.count
        var order = groups.sortedGroups(count: groupCount)
        if let condition, condition.isConstantPerSearch, !accumulator.mayWarn {
            let read = rows(order, &context) { condition.fields.contains($0) }
            let kept = try condition.evaluate(read, context, isCondition: true)
            let isTrue = kept.values.map { $0 == .boolean(true) }
            order = order.indices.filter { isTrue[Int(kept.ids[$0])] }.map { order[$0] }
        }
        var result = rows(order, &context) { _ in true }
        if let origins { result.origins = order.map { $0 < origins.count ? origins[$0] : [] } }
        return result
    }

    /// The result rows of these groups, with the columns that are wanted.
    private func rows(_ order: [Int], _ context: inout ExecutionContext, _ isWanted: (String) -> Bool) -> Batch {
        var result = Batch(rowCount: order.count)
        for (position, key) in keys.enumerated() where isWanted(key) {
            result.set(key, Column(order.map { accumulator.groups.key(of: $0, at: position) }))
        }
        for (name, values) in accumulator.results(order, &context, isWanted) { result.set(name, Column(values)) }
        return result
    }
}
