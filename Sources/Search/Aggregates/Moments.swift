import Columns
import SPL

extension AggregateFunction {
    static let avg = moment("avg", .average, "The mean of the numeric values.")
    static let stdev = moment("stdev", .sampleDeviation, "Sample standard deviation; 0 for a single value.")
    static let stdevp = moment("stdevp", .populationDeviation, "Population standard deviation.")
    static let sum = moment("sum", .sum, "The sum of the numeric values; null when there are none.")
    static let sumsq = moment("sumsq", .sumOfSquares, "The sum of the squares of the numeric values.")
    static let `var` = moment("var", .sampleVariance, "Sample variance; 0 for a single value.")
    static let varp = moment("varp", .populationVariance, "Population variance.")

    private static func moment(_ name: String, _ moment: Moment, _ summary: String) -> AggregateFunction {
        AggregateFunction(
            name, summary: summary, isNumeric: true, mergesExactly: false,
            makeSliding: { SlidingMomentAggregate(moment) },
            make: { MomentAggregate(moment) })
    }
}

private enum Moment: Sendable {
    case sum, sumOfSquares, average, sampleVariance, populationVariance, sampleDeviation, populationDeviation
}

/// Sums run naively from the first row to the last: that is what reproduces Splunk's printed digits
/// (docs/decisions/0002).
private struct RunningMoments: Sendable {
    private var count = 0.0
    private var sum = 0.0
    private var sumOfSquares = 0.0
    /// Welford's running mean and sum of squared deviations.
    private var mean = 0.0
    private var squares = 0.0

    mutating func add(_ number: Double) {
        count += 1
        sum += number
        sumOfSquares += number * number
        let delta = number - mean
        mean += delta / count
        squares += delta * (number - mean)
    }

    /// Exact for whole numbers below 2^53 in the sums; else the last digit may differ from feeding in order, as may
    /// that of the deviations (Chan's formula).
    mutating func merge(_ other: RunningMoments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let total = count + other.count
        let delta = other.mean - mean
        squares += other.squares + delta * delta * (count * other.count / total)
        mean += delta * (other.count / total)
        sum += other.sum
        sumOfSquares += other.sumOfSquares
        count = total
    }

    func write(to writer: inout StateWriter) {
        writer.count(Int(count))
        guard count > 0 else { return }
        for number in [sum, sumOfSquares, mean, squares] { writer.number(number) }
    }

    init() {}

    init(from reader: inout StateReader) throws(SearchError) {
        count = Double(try reader.count())
        guard count > 0 else { return }
        sum = try reader.number()
        sumOfSquares = try reader.number()
        mean = try reader.number()
        squares = try reader.number()
    }

    func value(_ moment: Moment) -> Value {
        guard count > 0 else { return .null }
        // From the sums, which is what gives Splunk's printed digits, unless the squares nearly cancel out.
        let direct = sumOfSquares - sum / count * sum
        let squares = self.squares > 1e-4 * sumOfSquares ? direct : self.squares
        let population = squares / count
        // One value: Splunk gives 0, not null (docs/decisions/0002).
        let sample = count > 1 ? squares / (count - 1) : 0
        switch moment {
        case .sum: return .number(sum)
        case .sumOfSquares: return .number(sumOfSquares)
        case .average: return .number(sum / count)
        case .sampleVariance: return .number(sample)
        case .populationVariance: return .number(population)
        case .sampleDeviation: return .number(sample.squareRoot())
        case .populationDeviation: return .number(population.squareRoot())
        }
    }
}

/// Values that are not numbers are left out. Source: Splunk Search Reference 9.4, "Aggregate functions".
private struct MomentAggregate: StoredAggregate {
    private let moment: Moment
    private var states: [RunningMoments] = []

    init(_ moment: Moment) { self.moment = moment }

    mutating func grow(to groupCount: Int) { states.pad(to: groupCount, with: RunningMoments()) }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        guard let column else { return }
        let numbers = column.values.map { $0.elements.compactMap(\.numeric) }
        for (row, group) in groups.enumerated() {
            for number in numbers[Int(column.ids[row])] { states[group].add(number) }
        }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        for number in value.elements.lazy.compactMap(\.numeric) { states[group].add(number) }
    }

    mutating func absorb(_ other: MomentAggregate, groups: [Int]) {
        for (group, state) in zip(groups, other.states) { states[group].merge(state) }
    }

    func write(to writer: inout StateWriter) { for state in states { state.write(to: &writer) } }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        states = try reader.elements(groupCount) { reader throws(SearchError) in try RunningMoments(from: &reader) }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        states.indices.contains(group) ? states[group].value(moment) : .null
    }
}

/// For windows: sums the window anew for each result, because a sum that numbers are taken back from has other digits
/// than one that never had them.
private struct SlidingMomentAggregate: SlidingAggregate {
    private let moment: Moment
    private var numbers: [[Double]] = []
    private var starts: [Int] = []

    init(_ moment: Moment) { self.moment = moment }

    mutating func grow(to groupCount: Int) {
        numbers.pad(to: groupCount, with: [])
        starts.pad(to: groupCount, with: 0)
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        for number in value.elements.lazy.compactMap(\.numeric) { numbers[group].append(number) }
    }

    mutating func remove(_ value: Value, group: Int, time: Double?) {
        starts[group] += value.elements.count { $0.numeric != nil }
        if starts[group] > 64, 2 * starts[group] > numbers[group].count {
            numbers[group].removeFirst(starts[group])
            starts[group] = 0
        }
    }

    mutating func absorb(_ other: SlidingMomentAggregate, groups: [Int]) {
        for (index, group) in groups.enumerated() where index < other.numbers.count {
            numbers[group].append(contentsOf: other.numbers[index].dropFirst(other.starts[index]))
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard numbers.indices.contains(group) else { return .null }
        var state = RunningMoments()
        for index in starts[group]..<numbers[group].count { state.add(numbers[group][index]) }
        return state.value(moment)
    }
}
