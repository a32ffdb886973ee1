import Columns
import SPL

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
private struct DistinctAggregate: SlidingAggregate, StoredAggregate {
    private let wanted: DistinctResult
    private var texts = TextNumbers()
    private var counts: [NumberCounts] = []
    /// The mode of the groups for which it is known: a running mode must not look through all texts for each row.
    private var modes: [Int: UInt32] = [:]

    init(_ wanted: DistinctResult) { self.wanted = wanted }

    mutating func grow(to groupCount: Int) { counts.pad(to: groupCount, with: NumberCounts()) }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        modes = [:]
        guard let column, column.values.count > 1 else { return }
        // A text is looked up once per value of the column, a value once per group.
        var numbers = [[UInt32]?](repeating: nil, count: column.values.count)
        GroupedIDs.forEach(column.ids, groups: groups, groupCount: groupCount) { group, id, count in
            if numbers[id] == nil { numbers[id] = texts.numbers(of: column.values[id]) }
            for number in numbers[id] ?? [] { counts[group].add(number, count) }
        }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        for number in texts.numbers(of: value) {
            let count = counts[group].add(number, 1)
            guard wanted == .mode else { continue }
            if let mode = modes[group] {
                let best = counts[group].count(of: mode)
                if count > best || (count == best && texts[number] < texts[mode]) { modes[group] = number }
            } else {
                modes[group] = mode(of: group)
            }
        }
    }

    mutating func remove(_ value: Value, group: Int, time: Double?) {
        for number in texts.numbers(of: value) where counts[group].count(of: number) > 0 {
            counts[group].add(number, -1)
            if modes[group] == number { modes[group] = nil }
        }
    }

    mutating func absorb(_ other: DistinctAggregate, groups: [Int]) {
        modes = [:]
        let numbers = other.texts.all.map { texts.number(of: $0) }
        for (group, others) in zip(groups, other.counts) {
            others.forEach { number, count in counts[group].add(numbers[Int(number)], count) }
        }
    }

    /// The texts ascend, and so do their numbers in each group: the order in which they came does not show.
    func write(to writer: inout StateWriter) {
        var isUsed = [Bool](repeating: false, count: texts.all.count)
        for group in counts { group.forEach { number, _ in isUsed[Int(number)] = true } }
        let order = isUsed.indices.filter { isUsed[$0] }.sorted { texts.all[$0] < texts.all[$1] }
        var places = [Int](repeating: 0, count: isUsed.count)
        for (place, number) in order.enumerated() { places[number] = place }
        writer.list(order) { $0.text(texts.all[$1]) }
        for group in counts {
            var entries: [(place: Int, count: Int)] = []
            group.forEach { entries.append((places[Int($0)], $1)) }
            entries.sort { $0.place < $1.place }
            writer.list(entries) { writer, entry in
                writer.count(entry.place)
                writer.count(entry.count)
            }
        }
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        let all = try reader.list { reader throws(SearchError) in try reader.text() }
        guard zip(all, all.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw StateReader.malformed("texts in disorder")
        }
        for text in all { _ = texts.number(of: text) }
        var isUsed = [Bool](repeating: false, count: all.count)
        counts = try reader.elements(groupCount) { reader throws(SearchError) in
            let entries = try reader.list { reader throws(SearchError) in
                (place: try reader.count(atMost: isUsed.count - 1), count: try reader.count())
            }
            guard zip(entries, entries.dropFirst()).allSatisfy({ $0.place < $1.place }),
                entries.allSatisfy({ $0.count > 0 })
            else { throw StateReader.malformed("texts of a group in disorder") }
            var counts = NumberCounts()
            for (place, count) in entries {
                isUsed[place] = true
                counts.add(UInt32(place), count)
            }
            return counts
        }
        guard !isUsed.contains(false) else { throw StateReader.malformed("a text of no group") }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard counts.indices.contains(group) else { return wanted == .count || wanted == .error ? .number(0) : .null }
        switch wanted {
        case .count: return .number(Double(counts[group].count))
        case .error: return .number(0)
        case .values:
            var found: [Text] = []
            found.reserveCapacity(counts[group].count)
            counts[group].forEach { number, _ in found.append(texts[number]) }
            if found.count > 1 { found.sort() }
            return .list(found.map { .text($0) })
        case .mode: return (modes[group] ?? mode(of: group)).map { .text(texts[$0]) } ?? .null
        }
    }

    private func mode(of group: Int) -> UInt32? {
        var best: (number: UInt32, count: Int)?
        counts[group].forEach { number, count in
            if let best, count < best.count || (count == best.count && texts[best.number] < texts[number]) { return }
            best = (number, count)
        }
        return best?.number
    }
}

/// Source: Splunk Search Reference 9.4, "Multivalue stats and chart functions": the first 100 values.
private struct ListAggregate: SlidingAggregate, StoredAggregate {
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

    func write(to writer: inout StateWriter) {
        for (values, start) in zip(lists, starts) { writer.list(values.dropFirst(start)) { $0.value($1) } }
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        lists = try reader.elements(groupCount) { reader throws(SearchError) in
            try reader.list { reader throws(SearchError) in
                let value = try reader.value()
                guard value.elements.count == 1 else { throw StateReader.malformed("a value of a list is none") }
                return value
            }
        }
        starts = [Int](repeating: 0, count: groupCount)
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard lists.indices.contains(group) else { return .null }
        let limit = context.limits.listValues
        let values = lists[group].dropFirst(starts[group])
        if values.count > limit { context.warn("W302", "list() keeps \(limit) of \(values.count) values") }
        return .list(Array(values.prefix(limit)))
    }
}
