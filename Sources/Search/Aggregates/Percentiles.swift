import Columns
import SPL

extension AggregateFunction {
    static let median = AggregateFunction(
        "median", summary: "The middle number; of two middle ones the higher.", isNumeric: true
    ) { PercentileAggregate(.median) }

    /// - Parameter name: as written in lower case: `perc95`, `p50`, `exactperc99.9`, `upperperc5`.
    static func percentile(_ percent: Double, name: String) -> AggregateFunction {
        AggregateFunction(
            name, summary: "The \(NumberText.print(percent))th percentile, between ranks by straight line.",
            isNumeric: true
        ) { PercentileAggregate(.percent(percent)) }
    }
}

private enum Percentile: Sendable { case median, percent(Double) }

/// Exact for any number of values; Splunk approximates `perc` and `upperperc` above 1,000 distinct ones. Values that
/// are no numbers are left out. Source: Splunk Search Reference 9.4, "Aggregate functions": the printed results interpolate
/// at rank (n-1)*p/100, though the text speaks of nearest ranks (docs/decisions/0002).
private struct PercentileAggregate: SlidingAggregate, StoredAggregate {
    private let wanted: Percentile
    private var numbers: [OrderedNumbers] = []

    init(_ wanted: Percentile) { self.wanted = wanted }

    mutating func grow(to groupCount: Int) { numbers.pad(to: groupCount, with: OrderedNumbers()) }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        guard let column else { return }
        let numbersOfEntry = column.values.map { Self.numbers(of: $0) }
        for (row, group) in groups.enumerated() {
            for number in numbersOfEntry[Int(column.ids[row])] { numbers[group].insert(number) }
        }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        for number in Self.numbers(of: value) { numbers[group].insert(number) }
    }

    mutating func remove(_ value: Value, group: Int, time: Double?) {
        for number in Self.numbers(of: value) { numbers[group].remove(number) }
    }

    mutating func absorb(_ other: PercentileAggregate, groups: [Int]) {
        for (group, others) in zip(groups, other.numbers) { numbers[group].insert(others) }
    }

    func write(to writer: inout StateWriter) {
        for numbers in numbers {
            writer.count(numbers.count)
            numbers.forEach { writer.number($0) }
        }
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        numbers = try reader.elements(groupCount) { reader throws(SearchError) in
            let numbers = try reader.list { reader throws(SearchError) in try reader.orderedNumber() }
            guard zip(numbers, numbers.dropFirst()).allSatisfy({ $0 <= $1 }) else {
                throw StateReader.malformed("numbers in disorder")
            }
            return OrderedNumbers(ascending: numbers)
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard numbers.indices.contains(group), numbers[group].count > 0 else { return .null }
        let numbers = numbers[group]
        switch wanted {
        case .median: return .number(numbers[numbers.count / 2])
        case .percent(let percent):
            let rank = Double(numbers.count - 1) * percent
            let index = Swift.min(Int(rank / 100), numbers.count - 1)
            let low = numbers[index]
            let fraction = (rank - Double(index) * 100) / 100
            guard fraction > 0, index + 1 < numbers.count else { return .number(low) }
            return .number(low + (numbers[index + 1] - low) * fraction)
        }
    }

    /// NaN has no place in an order.
    private static func numbers(of value: Value) -> [Double] {
        value.elements.compactMap { $0.numeric.flatMap { $0.isNaN ? nil : $0 } }
    }
}

/// Numbers in ascending order, equal ones as often as they came; inserting, removing and finding by rank stay cheap for
/// millions, because a running percentile asks after each row.
private struct OrderedNumbers: Sendable {
    private static let blockSize = 1024
    /// None is empty; each block ascends, and so do the blocks.
    private var blocks: [[Double]] = []
    private(set) var count = 0

    init() {}

    init(ascending numbers: [Double]) {
        count = numbers.count
        for start in stride(from: 0, to: numbers.count, by: Self.blockSize) {
            blocks.append(Array(numbers[start..<Swift.min(start + Self.blockSize, numbers.count)]))
        }
    }

    /// As if the others came one by one behind those here. The last of them first: an equal number goes before those that
    /// are there, and 0 and -0 are equal but print apart.
    mutating func insert(_ others: OrderedNumbers) {
        if count == 0 {
            self = others
        } else {
            for block in others.blocks.reversed() { for number in block.reversed() { insert(number) } }
        }
    }

    mutating func insert(_ number: Double) {
        count += 1
        guard !blocks.isEmpty else {
            blocks = [[number]]
            return
        }
        let block = Swift.min(firstBlock(reaching: number), blocks.count - 1)
        blocks[block].insert(number, at: Self.position(of: number, in: blocks[block]))
        if blocks[block].count > 2 * Self.blockSize {
            let upper = Array(blocks[block][Self.blockSize...])
            blocks[block].removeSubrange(Self.blockSize...)
            blocks.insert(upper, at: block + 1)
        }
    }

    /// Removes one number equal to that; nothing where there is none.
    mutating func remove(_ number: Double) {
        let block = firstBlock(reaching: number)
        guard block < blocks.count else { return }
        let position = Self.position(of: number, in: blocks[block])
        guard position < blocks[block].count, blocks[block][position] == number else { return }
        count -= 1
        blocks[block].remove(at: position)
        if blocks[block].isEmpty { blocks.remove(at: block) }
    }

    /// - Parameter rank: from 0, below `count`.
    subscript(rank: Int) -> Double {
        var left = rank
        for block in blocks {
            if left < block.count { return block[left] }
            left -= block.count
        }
        return .nan
    }

    func forEach(_ body: (Double) -> Void) {
        for block in blocks { block.forEach(body) }
    }

    /// The first block whose last number is not below `number`; the count of blocks where there is none.
    private func firstBlock(reaching number: Double) -> Int {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle][blocks[middle].count - 1] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func position(of number: Double, in block: [Double]) -> Int {
        var low = 0
        var high = block.count
        while low < high {
            let middle = (low + high) / 2
            if block[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
