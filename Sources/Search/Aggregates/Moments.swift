import Columns

extension AggregateFunction {
    static let avg = AggregateFunction("avg", summary: "The mean of the numeric values; mean is the same.") {
        MomentAggregate(.average)
    }
    static let stdev = AggregateFunction("stdev", summary: "Sample standard deviation; 0 for a single value.") {
        MomentAggregate(.sampleDeviation)
    }
    static let stdevp = AggregateFunction("stdevp", summary: "Population standard deviation.") {
        MomentAggregate(.populationDeviation)
    }
    static let sum = AggregateFunction("sum", summary: "The sum of the numeric values; null when there are none.") {
        MomentAggregate(.sum)
    }
    static let `var` = AggregateFunction("var", summary: "Sample variance; 0 for a single value.") {
        MomentAggregate(.sampleVariance)
    }
    static let varp = AggregateFunction("varp", summary: "Population variance.") {
        MomentAggregate(.populationVariance)
    }
}

private enum Moment: Sendable {
    case sum, average, sampleVariance, populationVariance, sampleDeviation, populationDeviation
}

/// Sums run naively from the first row to the last: that is what reproduces Splunk's printed digits
/// (docs/decisions/0002). Values that are not numbers are left out.
private struct MomentAggregate: Aggregate {
    private struct State: Sendable {
        var count = 0.0
        var sum = 0.0
        /// Welford's running mean and sum of squared deviations.
        var mean = 0.0
        var squares = 0.0
    }

    private let moment: Moment
    private var states: [State] = []

    init() { self.init(.sum) }
    init(_ moment: Moment) { self.moment = moment }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        states.append(contentsOf: repeatElement(State(), count: groupCount - states.count))
        guard let column else { return }
        let numbers = column.values.map { $0.elements.compactMap(\.numeric) }
        for (row, group) in groups.enumerated() {
            for number in numbers[Int(column.ids[row])] {
                states[group].count += 1
                states[group].sum += number
                let delta = number - states[group].mean
                states[group].mean += delta / states[group].count
                states[group].squares += delta * (number - states[group].mean)
            }
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard states.indices.contains(group), states[group].count > 0 else { return .null }
        let state = states[group]
        let population = state.squares / state.count
        // One value: Splunk gives 0, not null (docs/decisions/0002).
        let sample = state.count > 1 ? state.squares / (state.count - 1) : 0
        switch moment {
        case .sum: return .number(state.sum)
        case .average: return .number(state.sum / state.count)
        case .sampleVariance: return .number(sample)
        case .populationVariance: return .number(population)
        case .sampleDeviation: return .number(sample.squareRoot())
        case .populationDeviation: return .number(population.squareRoot())
        }
    }
}
