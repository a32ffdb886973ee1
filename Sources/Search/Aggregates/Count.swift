import Columns
import SPL

extension AggregateFunction {
    static let count = AggregateFunction(
        "count", summary: "Rows; with an argument, values that are not null (true ones, for a boolean expression).",
        needsArgument: false
    ) { CountAggregate(.values) }
}

/// Source: Splunk Search Reference 9.4, "Aggregate functions"; each value of a multivalue counts (practice).
struct CountAggregate: SlidingAggregate, StoredAggregate {
    enum Counted: Sendable {
        case values
        /// Values that are no numbers: what `allnum=true` does not forgive.
        case texts
        /// The same, and null.
        case textsAndNulls
    }

    private let counted: Counted
    private var counts: [Int] = []

    init(_ counted: Counted) { self.counted = counted }

    mutating func grow(to groupCount: Int) { counts.pad(to: groupCount, with: 0) }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        guard let column else { return }
        let weights = column.values.map { weight($0) }
        for (row, group) in groups.enumerated() { counts[group] += weights[Int(column.ids[row])] }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) { counts[group] += weight(value) }

    mutating func remove(_ value: Value, group: Int, time: Double?) { counts[group] -= weight(value) }

    mutating func absorb(_ other: CountAggregate, groups: [Int]) {
        for (group, count) in zip(groups, other.counts) { counts[group] += count }
    }

    func write(to writer: inout StateWriter) { for count in counts { writer.count(count) } }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        counts = try reader.elements(groupCount) { reader throws(SearchError) in try reader.count() }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value { .number(Double(count(group))) }

    func count(_ group: Int) -> Int { counts.indices.contains(group) ? counts[group] : 0 }

    private func weight(_ value: Value) -> Int {
        switch (counted, value) {
        case (.textsAndNulls, .null): 1
        case (_, .null), (.values, .boolean(false)): 0
        case (.values, .multivalue(let values)): values.count
        case (.values, _): 1
        case (.texts, _), (.textsAndNulls, _): value.elements.count { $0.numeric == nil }
        }
    }
}
