import Columns

extension AggregateFunction {
    static let earliest = AggregateFunction(
        "earliest", summary: "The value of the row with the smallest _time that has the field.",
        dependsOnOrder: true, needsTime: true
    ) { TimeOrderAggregate(wantsLatest: false) }
    static let first = AggregateFunction(
        "first", summary: "The value that comes first in the input; for events the newest.", dependsOnOrder: true
    ) { SeenOrderAggregate(wantsLast: false) }
    static let last = AggregateFunction(
        "last", summary: "The value that comes last in the input; for events the oldest.", dependsOnOrder: true
    ) { SeenOrderAggregate(wantsLast: true) }
    static let latest = AggregateFunction(
        "latest", summary: "The value of the row with the largest _time that has the field.",
        dependsOnOrder: true, needsTime: true
    ) { TimeOrderAggregate(wantsLatest: true) }
}

/// Rows without `_time` are ignored. Equal times: for latest the first seen stays, for earliest the last seen wins,
/// because events come newest first (docs/decisions/0002). Source: Splunk Search Reference 9.4, "Time functions".
private struct TimeOrderAggregate: Aggregate {
    private let wantsLatest: Bool
    private var best: [(time: Double, value: Value)?] = []

    init() { self.init(wantsLatest: true) }
    init(wantsLatest: Bool) { self.wantsLatest = wantsLatest }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        best.append(contentsOf: repeatElement(nil, count: groupCount - best.count))
        guard let column, let times else { return }
        for (row, group) in groups.enumerated() {
            let value = column[row]
            guard !value.isNull, let time = times[row].numeric else { continue }
            guard let old = best[group] else {
                best[group] = (time, value)
                continue
            }
            if wantsLatest ? time > old.time : time <= old.time { best[group] = (time, value) }
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        best.indices.contains(group) ? best[group]?.value ?? .null : .null
    }
}

private struct SeenOrderAggregate: Aggregate {
    private let wantsLast: Bool
    private var kept: [Value] = []

    init() { self.init(wantsLast: false) }
    init(wantsLast: Bool) { self.wantsLast = wantsLast }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        kept.append(contentsOf: repeatElement(.null, count: groupCount - kept.count))
        guard let column else { return }
        for (row, group) in groups.enumerated() {
            let value = column[row]
            if !value.isNull, wantsLast || kept[group].isNull { kept[group] = value }
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        kept.indices.contains(group) ? kept[group] : .null
    }
}
