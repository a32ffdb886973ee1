import Columns
import SPL

extension AggregateFunction {
    static let max = AggregateFunction(
        "max", summary: "The largest value: numbers by value when all are numbers, else text above numbers.",
        isNumeric: true
    ) { ExtremeAggregate<Larger>() }

    static let min = AggregateFunction(
        "min", summary: "The smallest value: numbers by value, and below any text.", isNumeric: true
    ) { ExtremeAggregate<Smaller>() }

    static let range = AggregateFunction("range", summary: "The largest number less the smallest.", isNumeric: true) {
        RangeAggregate()
    }
}

private protocol Direction: Sendable {
    static func isBetter<T: Comparable>(_ new: T, _ old: T) -> Bool
    /// A number against a text.
    static var prefersText: Bool { get }
}

private enum Larger: Direction {
    static func isBetter<T: Comparable>(_ new: T, _ old: T) -> Bool { new > old }
    static var prefersText: Bool { true }
}

private enum Smaller: Direction {
    static func isBetter<T: Comparable>(_ new: T, _ old: T) -> Bool { new < old }
    static var prefersText: Bool { false }
}

/// Numbers before texts, numbers by value, texts bytewise; of equal numbers (`1`, `1.0`) the first seen stays, and it
/// prints as it came.
/// Source: Splunk Search Reference 9.4, "Aggregate functions" (mixed values: numbers before strings).
private struct ExtremeAggregate<D: Direction>: StoredAggregate {
    /// A value with its number read once.
    private enum Candidate: Sendable {
        case none
        case number(Double, Value)
        case text(Text)

        init(_ value: Value) {
            if let number = value.numeric {
                // NaN has no place in an order: it would stay where it came first and go where it came second.
                self = number.isNaN ? .none : .number(number, value)
            } else {
                self = value.printed.map { .text($0) } ?? .none
            }
        }

        var value: Value {
            switch self {
            case .none: .null
            case .number(_, let value): value
            case .text(let text): .text(text)
            }
        }

        func isBetter(than old: Candidate) -> Bool {
            switch (self, old) {
            case (.none, _): false
            case (_, .none): true
            case (.number(let new, _), .number(let old, _)): D.isBetter(new, old)
            case (.text(let new), .text(let old)): D.isBetter(new, old)
            case (.text, .number): D.prefersText
            case (.number, .text): !D.prefersText
            }
        }

        static func best(of value: Value) -> Candidate {
            guard case .multivalue(let values) = value else { return Candidate(value) }
            var best = Candidate.none
            for value in values {
                let candidate = Candidate(value)
                if candidate.isBetter(than: best) { best = candidate }
            }
            return best
        }
    }

    private var best: [Candidate] = []

    mutating func grow(to groupCount: Int) { best.pad(to: groupCount, with: .none) }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        guard let column else { return }
        // One reading a distinct value, one comparison a row.
        let candidates = column.values.map { Candidate.best(of: $0) }
        for (row, group) in groups.enumerated() {
            let id = Int(column.ids[row])
            if id != 0, candidates[id].isBetter(than: best[group]) { best[group] = candidates[id] }
        }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        let candidate = Candidate.best(of: value)
        if candidate.isBetter(than: best[group]) { best[group] = candidate }
    }

    mutating func absorb(_ other: ExtremeAggregate, groups: [Int]) {
        for (group, candidate) in zip(groups, other.best) where candidate.isBetter(than: best[group]) {
            best[group] = candidate
        }
    }

    func write(to writer: inout StateWriter) { for candidate in best { writer.value(candidate.value) } }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        best = try reader.elements(groupCount) { reader throws(SearchError) in
            let value = try reader.value()
            let candidate = Candidate(value)
            guard candidate.value == value else { throw StateReader.malformed("a value that is never the best") }
            return candidate
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard best.indices.contains(group) else { return .null }
        switch best[group] {
        case .none: return .null
        case .text(let text): return .text(text)
        case .number(let number, let value):
            // `2.0` and `007` print as they came; a text that a number prints as is that number.
            let plain = Value.number(number)
            return plain.printed == value.printed ? plain : value
        }
    }
}

/// Source: Splunk Search Reference 9.4, "Aggregate functions"; values that are no numbers are left out.
private struct RangeAggregate: StoredAggregate {
    private typealias Bounds = (low: Double, high: Double)
    private var bounds: [Bounds?] = []

    mutating func grow(to groupCount: Int) { bounds.pad(to: groupCount, with: nil) }

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        grow(to: groupCount)
        guard let column else { return }
        let boundsOfEntry = column.values.map { Self.bounds(of: $0) }
        for (row, group) in groups.enumerated() { widen(group, boundsOfEntry[Int(column.ids[row])]) }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) { widen(group, Self.bounds(of: value)) }

    mutating func absorb(_ other: RangeAggregate, groups: [Int]) {
        for (group, bounds) in zip(groups, other.bounds) { widen(group, bounds) }
    }

    private mutating func widen(_ group: Int, _ more: Bounds?) {
        guard let more else { return }
        let old = bounds[group] ?? more
        bounds[group] = (Swift.min(old.low, more.low), Swift.max(old.high, more.high))
    }

    private static func bounds(of value: Value) -> Bounds? {
        var bounds: Bounds?
        for number in value.elements.lazy.compactMap(\.numeric) where !number.isNaN {
            let old = bounds ?? (number, number)
            bounds = (Swift.min(old.low, number), Swift.max(old.high, number))
        }
        return bounds
    }

    func write(to writer: inout StateWriter) {
        for bounds in bounds {
            writer.flag(bounds != nil)
            guard let bounds else { continue }
            writer.number(bounds.low)
            writer.number(bounds.high)
        }
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        bounds = try reader.elements(groupCount) { reader throws(SearchError) -> Bounds? in
            guard try reader.flag() else { return nil }
            let bounds = (low: try reader.orderedNumber(), high: try reader.orderedNumber())
            guard bounds.low <= bounds.high else { throw StateReader.malformed("a range is upside down") }
            return bounds
        }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        guard bounds.indices.contains(group), let bound = bounds[group] else { return .null }
        return .number(bound.high - bound.low)
    }
}
