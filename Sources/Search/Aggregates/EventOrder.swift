import Columns
import SPL

extension AggregateFunction {
    static let earliest = AggregateFunction(
        "earliest", summary: "The value of the row with the smallest _time that has the field.",
        dependsOnOrder: true, needsTime: true
    ) { TimeOrderAggregate(.earliest, .value) }
    static let earliestTime = AggregateFunction(
        "earliest_time", summary: "The smallest _time of the rows that have the field.", needsTime: true
    ) { TimeOrderAggregate(.earliest, .time) }
    static let first = AggregateFunction(
        "first", summary: "The value that comes first in the input; for events the newest.", dependsOnOrder: true
    ) { SeenOrderAggregate(wantsLast: false) }
    static let last = AggregateFunction(
        "last", summary: "The value that comes last in the input; for events the oldest.", dependsOnOrder: true
    ) { SeenOrderAggregate(wantsLast: true) }
    static let latest = AggregateFunction(
        "latest", summary: "The value of the row with the largest _time that has the field.",
        dependsOnOrder: true, needsTime: true
    ) { TimeOrderAggregate(.latest, .value) }
    static let latestTime = AggregateFunction(
        "latest_time", summary: "The largest _time of the rows that have the field.", needsTime: true
    ) { TimeOrderAggregate(.latest, .time) }
}

/// Rows without `_time`, or with one that is no number, are ignored. Equal times: for latest the first seen stays, for
/// earliest the last seen wins, because events come newest first (docs/decisions/0002).
/// Source: Splunk Search Reference 9.4, "Time functions".
private struct TimeOrderAggregate: StoredAggregate {
    enum End: Sendable { case earliest, latest }
    enum Wanted: Sendable { case value, time }

    private let end: End
    private let wanted: Wanted
    private var best: [(time: Double, value: Value)?] = []

    init(_ end: End, _ wanted: Wanted) {
        self.end = end
        self.wanted = wanted
    }

    mutating func grow(to groupCount: Int) { best.pad(to: groupCount, with: nil) }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        guard !value.isNull, let time, !time.isNaN else { return }
        if isBetter(time, than: best[group]) { best[group] = (time, value) }
    }

    mutating func absorb(_ other: TimeOrderAggregate, groups: [Int]) {
        for (group, candidate) in zip(groups, other.best) {
            if let candidate, isBetter(candidate.time, than: best[group]) { best[group] = candidate }
        }
    }

    func write(to writer: inout StateWriter) {
        for best in best {
            writer.value(best?.value ?? .null)
            if let best { writer.number(best.time) }
        }
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        best = try reader.elements(groupCount) { reader throws(SearchError) in
            let value = try reader.value()
            return value.isNull ? nil : (try reader.orderedNumber(), value)
        }
    }

    private func isBetter(_ time: Double, than old: (time: Double, value: Value)?) -> Bool {
        guard let old else { return true }
        return end == .latest ? time > old.time : time <= old.time
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard best.indices.contains(group), let best = best[group] else { return .null }
        return wanted == .time ? .number(best.time) : best.value
    }
}

/// Source: Splunk Search Reference 9.4, "Event order functions".
private struct SeenOrderAggregate: StoredAggregate {
    private let wantsLast: Bool
    private var kept: [Value] = []

    init(wantsLast: Bool) { self.wantsLast = wantsLast }

    mutating func grow(to groupCount: Int) { kept.pad(to: groupCount, with: .null) }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        if !value.isNull, wantsLast || kept[group].isNull { kept[group] = value }
    }

    mutating func absorb(_ other: SeenOrderAggregate, groups: [Int]) {
        for (group, value) in zip(groups, other.kept) { add(value, group: group, time: nil) }
    }

    func write(to writer: inout StateWriter) { for value in kept { writer.value(value) } }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        kept = try reader.elements(groupCount) { reader throws(SearchError) in try reader.value() }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        kept.indices.contains(group) ? kept[group] : .null
    }
}
