import Columns
import SPL

/// Groups rows by the printed form of their keys and feeds the aggregates, a batch at a time.
struct StatsOperator: Operator {
    private let calls: [StatsCommand.Call]
    private let keys: [String]

    /// Per call its aggregates: one, or for a wildcard one for each field met so far.
    private var aggregates: [[(output: String, aggregate: any Aggregate)]]
    private var groups: GroupTable
    private var origins: [[UInt32]]?

    init(calls: [StatsCommand.Call], keys: [String]) {
        self.calls = calls
        self.keys = keys
        aggregates = calls.map { $0.isWildcard ? [] : [($0.output, $0.function.make())] }
        groups = GroupTable(keyCount: keys.count)
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return Batch() }
        let (rows, groupOfRow) = try groups.assign(keys.map { batch.column($0) }, rowCount: batch.rowCount)
        // A dropped row and a doubled one can make the count right: only the rows themselves tell.
        let input = rows.elementsEqual(0..<batch.rowCount) ? batch : batch.gathered(rows)
        let times = input.column("_time")
        for index in calls.indices {
            let call = calls[index]
            if call.isWildcard {
                feedWildcard(index, call, input, groupOfRow, times)
            } else {
                let column = try argument(of: call, input, context)
                aggregates[index][0].aggregate.add(
                    column, groups: groupOfRow, groupCount: groups.count, times: times)
            }
        }
        if let more = input.origins {
            if origins == nil { origins = [] }
            origins!.append(contentsOf: repeatElement([], count: groups.count - origins!.count))
            for (row, group) in groupOfRow.enumerated() { origins![group].append(contentsOf: more[row]) }
        }
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let groupCount = keys.isEmpty ? 1 : groups.count
        let order = groups.sortedGroups(count: groupCount)
        var result = Batch(rowCount: groupCount)
        for (position, key) in keys.enumerated() {
            result.set(key, Column(order.map { groups.key(of: $0, at: position) }))
        }
        for index in calls.indices {
            for (output, aggregate) in aggregates[index] {
                result.set(output, Column(order.map { aggregate.result($0, &context) }))
            }
        }
        if let origins { result.origins = order.map { $0 < origins.count ? origins[$0] : [] } }
        return result
    }

    private func argument(
        of call: StatsCommand.Call, _ batch: Batch, _ context: ExecutionContext
    ) throws(SearchError) -> Column? {
        if let expression = call.expression { return try expression.evaluate(batch, context) }
        if let field = call.field { return batch.column(field) }
        return Column(constant: .number(1), rowCount: batch.rowCount)
    }

    /// Wildcards leave out the BY fields and internal fields (docs/decisions/0002).
    private mutating func feedWildcard(
        _ index: Int, _ call: StatsCommand.Call, _ batch: Batch, _ groupOfRow: [Int], _ times: Column?
    ) {
        guard let pattern = call.field else { return }
        for name in batch.names where !keys.contains(name) && !name.hasPrefix("_") {
            guard let captures = RenameCommand.captures(of: name, in: pattern) else { continue }
            let output =
                call.output.contains("(")
                ? "\(call.function.name)(\(name))" : RenameCommand.fill(call.output, captures)
            let place: Int
            if let known = aggregates[index].firstIndex(where: { $0.output == output }) {
                place = known
            } else {
                place = aggregates[index].count
                aggregates[index].append((output, call.function.make()))
            }
            aggregates[index][place].aggregate.add(
                batch.column(name), groups: groupOfRow, groupCount: groups.count, times: times)
        }
    }
}

/// Numbers groups in the order in which their keys are first met.
struct GroupTable {
    private let keyCount: Int
    /// Per key field: printed form to a small integer, and the value as first met.
    private var entries: [[Text: UInt32]]
    private var values: [[Value]]
    /// Folds a tuple of integers pairwise into one: (number so far, next entry) to the next number.
    private var pairs: [[UInt64: UInt32]]
    private var tuples: [[UInt32]] = []

    init(keyCount: Int) {
        self.keyCount = keyCount
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
                guard let text = value.printed else { continue }
                let id: UInt32
                if let known = entries[position][text] {
                    id = known
                } else {
                    id = UInt32(values[position].count)
                    entries[position][text] = id
                    values[position].append(value)
                }
                if !ids.contains(id) { ids.append(id) }
            }
            return ids
        }
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
