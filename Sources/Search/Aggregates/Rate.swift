import Columns
import SPL

extension AggregateFunction {
    static let rate = AggregateFunction(
        "rate", summary: "The growth of a counter per second between its earliest and its latest value.",
        dependsOnOrder: true, needsTime: true, isNumeric: true
    ) { RateAggregate() }
}

/// `(latest - earliest) / (latest_time - earliest_time)`, where a value below the one before it means that the counter
/// began anew from 0. Null unless there are two times. Values that are no single number, and rows without `_time`, are
/// left out. Source: Splunk Search Reference 9.4, "Time functions" (several resets: docs/decisions/0002).
private struct RateAggregate: SlidingAggregate, StoredAggregate {
    private struct Sample: Sendable {
        var time: Double
        var value: Double
    }

    /// In the order seen.
    private var samples: [[Sample]] = []
    private var starts: [Int] = []

    mutating func grow(to groupCount: Int) {
        samples.pad(to: groupCount, with: [])
        starts.pad(to: groupCount, with: 0)
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        if let number = value.numeric, let time, !time.isNaN {
            samples[group].append(Sample(time: time, value: number))
        }
    }

    mutating func remove(_ value: Value, group: Int, time: Double?) {
        guard value.numeric != nil, let time, !time.isNaN else { return }
        starts[group] += 1
        if starts[group] > 64, 2 * starts[group] > samples[group].count {
            samples[group].removeFirst(starts[group])
            starts[group] = 0
        }
    }

    mutating func absorb(_ other: RateAggregate, groups: [Int]) {
        for (index, group) in groups.enumerated() where index < other.samples.count {
            samples[group].append(contentsOf: other.samples[index].dropFirst(other.starts[index]))
        }
    }

    func write(to writer: inout StateWriter) {
        for (samples, start) in zip(samples, starts) {
            writer.list(samples.dropFirst(start)) { writer, sample in
                writer.number(sample.time)
                writer.number(sample.value)
            }
        }
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        samples = try reader.elements(groupCount) { reader throws(SearchError) in
            try reader.list { reader throws(SearchError) in
                Sample(time: try reader.orderedNumber(), value: try reader.number())
            }
        }
        starts = [Int](repeating: 0, count: groupCount)
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard samples.indices.contains(group) else { return .null }
        // Of equal times the one seen last is the oldest, as for earliest and latest.
        let ordered = samples[group].dropFirst(starts[group]).enumerated().sorted { left, right in
            left.element.time != right.element.time
                ? left.element.time < right.element.time : left.offset > right.offset
        }.map(\.element)
        guard let earliest = ordered.first, let latest = ordered.last, latest.time > earliest.time else { return .null }
        var growth = latest.value - earliest.value
        for (before, after) in zip(ordered, ordered.dropFirst()) where after.value < before.value {
            growth += before.value
        }
        return .number(growth / (latest.time - earliest.time))
    }
}
