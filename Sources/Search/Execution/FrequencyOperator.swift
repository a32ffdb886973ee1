import Columns
import SPL

/// Counts tuples of values per group and keeps the most or the least frequent.
///
/// Equal counts: the last in byte order comes first. Percentages are of the rows of the group that have all the fields, with six decimals.
struct FrequencyOperator: Operator {
    private let arguments: FrequencyArguments
    private let wantsRare: Bool
    private var table: GroupTable
    private var counts: [Int] = []
    private var origins: [[UInt32]]?

    init(_ arguments: FrequencyArguments, wantsRare: Bool) {
        self.arguments = arguments
        self.wantsRare = wantsRare
        table = GroupTable(keyCount: arguments.keys.count + arguments.fields.count)
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        let columns = (arguments.keys + arguments.fields).map { batch.column($0) }
        let (rows, groups) = try table.assign(columns, rowCount: batch.rowCount)
        counts += [Int](repeating: 0, count: table.count - counts.count)
        for group in groups { counts[group] += 1 }
        if let more = batch.origins {
            if origins == nil { origins = [] }
            origins! += [[UInt32]](repeating: [], count: table.count - origins!.count)
            for (row, group) in zip(rows, groups) { origins![group] += more[row] }
        }
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let keyCount = arguments.keys.count
        // Groups of equal keys come together, in the order of `stats`.
        var blocks: [[Int]] = []
        var previous: [Text?]?
        for group in table.sortedGroups(count: counts.count) {
            let keys = (0..<keyCount).map { table.key(of: group, at: $0).printed }
            if previous == keys { blocks[blocks.count - 1].append(group) } else { blocks.append([group]) }
            previous = keys
        }
        let limit = arguments.limit ?? context.limits.topValues
        var rows: [(groups: [Int], isOther: Bool, percent: Double)] = []
        for block in blocks {
            let total = block.reduce(0) { $0 + counts[$1] }
            let ordered = block.sorted { left, right in
                if counts[left] != counts[right] { return (counts[left] > counts[right]) != wantsRare }
                return comesLater(left, right)
            }
            let kept = limit == 0 ? ordered.count : min(limit, ordered.count)
            for group in ordered.prefix(kept) {
                rows.append(([group], false, 100 * Double(counts[group]) / Double(total)))
            }
            guard kept < ordered.count else { continue }
            let others = Array(ordered.dropFirst(kept))
            if arguments.hasOther {
                rows.append((others, true, 100 * Double(others.reduce(0) { $0 + counts[$1] }) / Double(total)))
            }
            if arguments.limit == nil {
                context.warn(
                    "W311", "\(wantsRare ? "rare" : "top") keeps \(kept) of \(ordered.count) values",
                    hint: "write limit=0 for all")
            }
        }
        return result(rows)
    }

    /// Ties: "only the last lexicographical value of the <field-list> is returned" ("top").
    private func comesLater(_ left: Int, _ right: Int) -> Bool {
        for position in arguments.keys.count..<arguments.keys.count + arguments.fields.count {
            let order = ValueOrder.compareText(
                table.key(of: left, at: position), table.key(of: right, at: position))
            if order != 0 { return order > 0 }
        }
        return left < right
    }

    private func result(_ rows: [(groups: [Int], isOther: Bool, percent: Double)]) -> Batch {
        var result = Batch(rowCount: rows.count)
        for (position, name) in (arguments.keys + arguments.fields).enumerated() {
            let isKey = position < arguments.keys.count
            result.set(
                name,
                Column(
                    rows.map { row in
                        row.isOther && !isKey ? .text(arguments.otherText) : table.key(of: row.groups[0], at: position)
                    }))
        }
        if arguments.showsCount {
            let counted = rows.map { row in Value.number(Double(row.groups.reduce(0) { $0 + counts[$1] })) }
            result.set(arguments.countField, Column(counted))
        }
        if arguments.showsPercent {
            result.set(arguments.percentField, Column(rows.map { .text(DecimalText.sixDecimals($0.percent)) }))
        }
        if let origins { result.origins = rows.map { row in row.groups.flatMap { origins[$0] } } }
        return result
    }
}

/// Numbers with a fixed count of decimals.
enum DecimalText {
    /// `33.333333`; from 0 to 100.
    static func sixDecimals(_ number: Double) -> Text {
        let millionths = Int64((number * 1_000_000).rounded())
        let fraction = String(millionths % 1_000_000)
        return Text("\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - fraction.utf8.count) + fraction)
    }
}
