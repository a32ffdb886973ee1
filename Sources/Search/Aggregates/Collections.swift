import Columns

extension AggregateFunction {
    static let dc = AggregateFunction("dc", summary: "How many distinct texts; distinct_count is the same.") {
        DistinctAggregate(.count)
    }
    static let list = AggregateFunction(
        "list", summary: "All values in input order, the first 100 of them.", dependsOnOrder: true
    ) { ListAggregate() }
    static let mode = AggregateFunction("mode", summary: "The most frequent text; of equals the smallest.") {
        DistinctAggregate(.mode)
    }
    static let values = AggregateFunction("values", summary: "The distinct texts in byte order.") {
        DistinctAggregate(.values)
    }
}

private enum DistinctResult: Sendable { case count, values, mode }

/// Texts, not numbers: `1`, `1.0` and `01` are three. Source: Splunk Search Reference 9.4, "Multivalue stats and chart
/// functions" (values: lexicographic order) and 9.3 "Statistical and charting functions".
private struct DistinctAggregate: Aggregate {
    private let wanted: DistinctResult
    private var counts: [[Text: Int]] = []

    init() { self.init(.values) }
    init(_ wanted: DistinctResult) { self.wanted = wanted }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        counts.append(contentsOf: repeatElement([:], count: groupCount - counts.count))
        guard let column else { return }
        // Rows are counted by pairs of integers first; texts are hashed once per pair.
        var seen: [UInt64: Int] = [:]
        for (row, group) in groups.enumerated() where column.ids[row] != 0 {
            seen[UInt64(group) << 32 | UInt64(column.ids[row]), default: 0] += 1
        }
        for (pair, count) in seen {
            for value in column.values[Int(pair & 0xFFFF_FFFF)].elements {
                if let text = value.printed { counts[Int(pair >> 32)][text, default: 0] += count }
            }
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard counts.indices.contains(group) else { return wanted == .count ? .number(0) : .null }
        switch wanted {
        case .count: return .number(Double(counts[group].count))
        case .values: return .list(counts[group].keys.sorted().map { .text($0) })
        case .mode:
            let best = counts[group].min { left, right in
                left.value != right.value ? left.value > right.value : left.key < right.key
            }
            return best.map { .text($0.key) } ?? .null
        }
    }
}

/// Source: Splunk Search Reference 9.4, "Multivalue stats and chart functions": the first 100 values.
private struct ListAggregate: Aggregate {
    private var lists: [[Value]] = []
    private var dropped = 0

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        lists.append(contentsOf: repeatElement([], count: groupCount - lists.count))
        guard let column else { return }
        for (row, group) in groups.enumerated() { lists[group].append(contentsOf: column[row].elements) }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard lists.indices.contains(group) else { return .null }
        let limit = context.limits.listValues
        if lists[group].count > limit {
            context.warn("W302", "list() keeps \(limit) of \(lists[group].count) values")
        }
        return .list(Array(lists[group].prefix(limit)))
    }
}
