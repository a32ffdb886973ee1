import Columns

extension AggregateFunction {
    static let max = AggregateFunction(
        "max", summary: "The largest value: numbers by value when all are numbers, else text above numbers."
    ) { ExtremeAggregate<Larger>() }

    static let min = AggregateFunction(
        "min", summary: "The smallest value: numbers by value, and below any text."
    ) { ExtremeAggregate<Smaller>() }

    static let range = AggregateFunction("range", summary: "The largest number less the smallest.") { RangeAggregate() }
}

private protocol Direction: Sendable {
    static func isBetter(_ order: Int) -> Bool
}

private enum Larger: Direction { static func isBetter(_ order: Int) -> Bool { order > 0 } }
private enum Smaller: Direction { static func isBetter(_ order: Int) -> Bool { order < 0 } }

/// Source: Splunk Search Reference 9.4, "Aggregate functions" (mixed values: numbers before strings).
private struct ExtremeAggregate<D: Direction>: Aggregate {
    private var best: [Value] = []

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        best.append(contentsOf: repeatElement(.null, count: groupCount - best.count))
        guard let column else { return }
        for (row, group) in groups.enumerated() {
            switch column[row] {
            case .null: continue
            case .multivalue(let values): for value in values { consider(value, group) }
            case let value: consider(value, group)
            }
        }
    }

    private mutating func consider(_ value: Value, _ group: Int) {
        // The common case, plain numbers, without the general comparison.
        if case .number(let new) = value, case .number(let old) = best[group] {
            if D.isBetter(new < old ? -1 : (new > old ? 1 : 0)) { best[group] = value }
        } else if best[group].isNull || D.isBetter(ValueOrder.compare(value, best[group])) {
            best[group] = value
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard best.indices.contains(group) else { return .null }
        return best[group].numeric.map { .number($0) } ?? best[group]
    }
}

private struct RangeAggregate: Aggregate {
    private var bounds: [(low: Double, high: Double)?] = []

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        bounds.append(contentsOf: repeatElement(nil, count: groupCount - bounds.count))
        guard let column else { return }
        for (row, group) in groups.enumerated() {
            for number in column[row].elements.compactMap(\.numeric) {
                let old = bounds[group] ?? (number, number)
                bounds[group] = (Swift.min(old.low, number), Swift.max(old.high, number))
            }
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard bounds.indices.contains(group), let bound = bounds[group] else { return .null }
        return .number(bound.high - bound.low)
    }
}
