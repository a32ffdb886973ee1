import Columns

extension AggregateFunction {
    static let dc = AggregateFunction("dc", summary: "How many distinct texts.") {
        DistinctAggregate(.count)
    }
    static let estdc = AggregateFunction(
        "estdc", summary: "How many distinct texts; Splunk estimates above 1,000 of them, here it is exact."
    ) { DistinctAggregate(.count) }
    static let estdcError = AggregateFunction(
        "estdc_error", summary: "The error of estdc as a ratio: 0, because the count is exact."
    ) { DistinctAggregate(.error) }
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

private enum DistinctResult: Sendable { case count, error, values, mode }

/// Texts, not numbers: `1`, `1.0` and `01` are three. Source: Splunk Search Reference 9.4, "Multivalue stats and chart
/// functions" (values: lexicographic order) and "Statistical and charting functions".
private struct DistinctAggregate: SlidingAggregate {
    private let wanted: DistinctResult
    private var counts: [[Text: Int]] = []
    /// The mode of the groups for which it is known: a running mode must not look through all texts for each row.
    private var modes: [Int: Text] = [:]

    init(_ wanted: DistinctResult) { self.wanted = wanted }

    mutating func grow(to groupCount: Int) { counts.pad(to: groupCount, with: [:]) }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        modes = [:]
        guard let column else { return }
        // Rows are counted by pairs of integers first; texts are hashed once per pair.
        let width = column.values.count
        if width <= 1 { return }
        if groupCount <= (4 * groups.count + 1024) / width {
            var seen = [Int32](repeating: 0, count: width * groupCount)
            for (row, group) in groups.enumerated() { seen[group * width + Int(column.ids[row])] += 1 }
            for group in 0..<groupCount {
                for id in 1..<width where seen[group * width + id] > 0 {
                    count(column.values[id], group, Int(seen[group * width + id]))
                }
            }
        } else {
            var seen: [UInt64: Int] = [:]
            for (row, group) in groups.enumerated() where column.ids[row] != 0 {
                seen[UInt64(group) << 32 | UInt64(column.ids[row]), default: 0] += 1
            }
            for (pair, number) in seen {
                count(column.values[Int(pair & 0xFFFF_FFFF)], Int(pair >> 32), number)
            }
        }
    }

    private mutating func count(_ value: Value, _ group: Int, _ number: Int) {
        for value in value.elements {
            if let text = value.printed { counts[group][text, default: 0] += number }
        }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        for value in value.elements {
            guard let text = value.printed else { continue }
            let count = counts[group][text, default: 0] + 1
            counts[group][text] = count
            guard wanted == .mode else { continue }
            if let mode = modes[group], let best = counts[group][mode] {
                if count > best || (count == best && text < mode) { modes[group] = text }
            } else {
                modes[group] = mode(of: group)
            }
        }
    }

    mutating func remove(_ value: Value, group: Int, time: Double?) {
        for value in value.elements {
            guard let text = value.printed, let count = counts[group][text] else { continue }
            counts[group][text] = count > 1 ? count - 1 : nil
            if modes[group] == text { modes[group] = nil }
        }
    }

    mutating func absorb(_ other: DistinctAggregate, groups: [Int]) {
        modes = [:]
        for (group, texts) in zip(groups, other.counts) {
            counts[group].merge(texts) { $0 + $1 }
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard counts.indices.contains(group) else { return wanted == .count || wanted == .error ? .number(0) : .null }
        switch wanted {
        case .count: return .number(Double(counts[group].count))
        case .error: return .number(0)
        case .values: return .list(counts[group].keys.sorted().map { .text($0) })
        case .mode: return (modes[group] ?? mode(of: group)).map { .text($0) } ?? .null
        }
    }

    private func mode(of group: Int) -> Text? {
        counts[group].min { left, right in
            left.value != right.value ? left.value > right.value : left.key < right.key
        }?.key
    }
}

/// Source: Splunk Search Reference 9.4, "Multivalue stats and chart functions": the first 100 values.
private struct ListAggregate: SlidingAggregate {
    private var lists: [[Value]] = []
    /// Per group how many values at the front are gone.
    private var starts: [Int] = []

    mutating func grow(to groupCount: Int) {
        lists.pad(to: groupCount, with: [])
        starts.pad(to: groupCount, with: 0)
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        switch value {
        case .null: break
        case .multivalue(let values): lists[group].append(contentsOf: values)
        default: lists[group].append(value)
        }
    }

    mutating func remove(_ value: Value, group: Int, time: Double?) {
        starts[group] += value.elements.count
        if starts[group] > 64, 2 * starts[group] > lists[group].count {
            lists[group].removeFirst(starts[group])
            starts[group] = 0
        }
    }

    mutating func absorb(_ other: ListAggregate, groups: [Int]) {
        for (index, group) in groups.enumerated() where index < other.lists.count {
            lists[group].append(contentsOf: other.lists[index].dropFirst(other.starts[index]))
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard lists.indices.contains(group) else { return .null }
        let limit = context.limits.listValues
        let values = lists[group].dropFirst(starts[group])
        if values.count > limit { context.warn("W302", "list() keeps \(limit) of \(values.count) values") }
        return .list(Array(values.prefix(limit)))
    }
}
