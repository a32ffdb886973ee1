import Columns
import SPL

/// Numbers groups in the order in which their keys are first met.
struct GroupTable: Sendable {
    private let keyCount: Int
    /// A value that a multivalue key holds twice makes its row count once, not twice (`dedup_splitvals`).
    private let removesDuplicates: Bool
    /// Per key field: printed form to a small integer, and the value as first met.
    private var entries: [[Text: UInt32]]
    private var values: [[Value]]
    /// Folds a tuple of integers pairwise into one: (number so far, next entry) to the next number.
    private var pairs: [[UInt64: UInt32]]
    private var tuples: [[UInt32]] = []

    init(keyCount: Int, removesDuplicates: Bool = false) {
        self.keyCount = keyCount
        self.removesDuplicates = removesDuplicates
        entries = Array(repeating: [:], count: keyCount)
        values = Array(repeating: [], count: keyCount)
        pairs = Array(repeating: [:], count: keyCount)
    }

    var count: Int { keyCount == 0 ? 1 : tuples.count }

    /// The rows that take part and the group of each; a row with a multivalue key comes once per value.
    mutating func assign(
        _ columns: [Column?], rowCount: Int
    ) throws(SearchError) -> (rows: [Int], groups: [Int]) {
        if keyCount == 0 { return (Array(0..<rowCount), [Int](repeating: 0, count: rowCount)) }
        var rows: [Int] = []
        var groups: [Int] = []
        guard !columns.contains(where: { $0 == nil }) else { return ([], []) }
        let columns = columns.map { $0! }
        let translations = columns.enumerated().map { position, column in translate(column, position) }
        rows.reserveCapacity(rowCount)
        groups.reserveCapacity(rowCount)
        var tuple = [UInt32](repeating: 0, count: keyCount)
        for row in 0..<rowCount {
            var isSingle = true
            var isNull = false
            for position in 0..<keyCount {
                let ids = translations[position][Int(columns[position].ids[row])]
                if ids.isEmpty {
                    isNull = true
                    break
                }
                if ids.count > 1 { isSingle = false }
                tuple[position] = ids[0]
            }
            if isNull { continue }
            if isSingle {
                rows.append(row)
                groups.append(group(of: tuple))
            } else {
                let choices = (0..<keyCount).map { translations[$0][Int(columns[$0].ids[row])] }
                for combination in try combinations(choices) {
                    rows.append(row)
                    groups.append(group(of: combination))
                }
            }
        }
        return (rows, groups)
    }

    /// Adds the groups of `other`, whose rows come behind those met so far, and gives for each of them its number here.
    mutating func merge(_ other: GroupTable) -> [Int] {
        if keyCount == 0 { return [0] }
        let ids = other.values.enumerated().map { position, values in values.map { entry(of: $0, position) ?? 0 } }
        return other.tuples.map { tuple in
            group(of: tuple.enumerated().map { position, id in ids[position][Int(id)] })
        }
    }

    /// Per key field its values as first met, then the groups by the places of their values.
    func write(to writer: inout StateWriter) {
        guard keyCount > 0 else { return }
        for values in values { writer.list(values) { $0.value($1) } }
        writer.list(tuples) { writer, tuple in for id in tuple { writer.count(Int(id)) } }
    }

    /// For a table that has met nothing.
    mutating func read(from reader: inout StateReader) throws(SearchError) {
        guard keyCount > 0 else { return }
        for position in 0..<keyCount {
            let values = try reader.list { reader throws(SearchError) in try reader.value() }
            for (place, value) in values.enumerated() {
                guard value.elements.count == 1, entry(of: value, position) == UInt32(place) else {
                    throw StateReader.malformed("a key is none, or there twice")
                }
            }
        }
        let tuples = try reader.list { reader throws(SearchError) in
            var tuple: [UInt32] = []
            for values in values { tuple.append(UInt32(try reader.count(atMost: values.count - 1))) }
            return tuple
        }
        for (place, tuple) in tuples.enumerated() {
            guard group(of: tuple) == place else { throw StateReader.malformed("a group is there twice") }
        }
    }

    func key(of group: Int, at position: Int) -> Value { values[position][Int(tuples[group][position])] }

    /// Ascending by key tuple: numbers by value, other text bytewise; a total order because keys differ as text.
    func sortedGroups(count: Int) -> [Int] {
        guard keyCount > 0 else { return Array(0..<count) }
        let ranks = values.map { values in
            let order = values.indices.sorted { left, right in
                let order = ValueOrder.compare(values[left], values[right])
                return order == 0 ? ValueOrder.compareText(values[left], values[right]) < 0 : order < 0
            }
            var rank = [Int](repeating: 0, count: values.count)
            for (place, index) in order.enumerated() { rank[index] = place }
            return rank
        }
        return (0..<count).sorted { left, right in
            for position in 0..<keyCount {
                let a = ranks[position][Int(tuples[left][position])]
                let b = ranks[position][Int(tuples[right][position])]
                if a != b { return a < b }
            }
            return left < right
        }
    }

    private mutating func translate(_ column: Column, _ position: Int) -> [[UInt32]] {
        var isUsed = [Bool](repeating: false, count: column.values.count)
        for id in column.ids { isUsed[Int(id)] = true }
        return column.values.indices.map { index in
            guard isUsed[index] else { return [] }
            var ids: [UInt32] = []
            for value in column.values[index].elements {
                guard let id = entry(of: value, position) else { continue }
                if !removesDuplicates || !ids.contains(id) { ids.append(id) }
            }
            return ids
        }
    }

    /// The number of the value among those of its key field; nil for null.
    private mutating func entry(of value: Value, _ position: Int) -> UInt32? {
        guard let text = value.printed else { return nil }
        if let known = entries[position][text] { return known }
        let id = UInt32(values[position].count)
        entries[position][text] = id
        values[position].append(value)
        return id
    }

    private mutating func group(of tuple: [UInt32]) -> Int {
        var number = tuple[0]
        for position in 1..<max(1, keyCount) {
            let pair = UInt64(number) << 32 | UInt64(tuple[position])
            if let known = pairs[position][pair] {
                number = known
            } else {
                number = UInt32(pairs[position].count)
                pairs[position][pair] = number
            }
        }
        if keyCount == 1 {
            if let known = pairs[0][UInt64(number)] { return Int(known) }
            pairs[0][UInt64(number)] = UInt32(tuples.count)
            tuples.append(tuple)
            return tuples.count - 1
        }
        // The last fold numbers whole tuples in the order of their first appearance.
        if Int(number) == tuples.count { tuples.append(tuple) }
        return Int(number)
    }

    /// Bounded: a hostile event with several long multivalue keys must not explode.
    private func combinations(_ choices: [[UInt32]]) throws(SearchError) -> [[UInt32]] {
        let size = choices.reduce(1) { $0 > 1_000_000 ? $0 : $0 * $1.count }
        guard size <= 100_000 else {
            throw SearchError(
                "E338", "one row has more than 100,000 combinations of multivalue BY fields",
                hint: "group by fewer multivalue fields, or use mvindex() to take one value of each")
        }
        return choices.reduce([[]]) { heads, choice in heads.flatMap { head in choice.map { head + [$0] } } }
    }
}
