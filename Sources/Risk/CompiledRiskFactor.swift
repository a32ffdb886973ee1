import Columns
import Content
import Matching

/// A risk factor whose patterns are compiled and whose fields are numbers.
struct CompiledRiskFactor: Sendable {
    private struct Condition: Sendable {
        var field: Int
        var test: Test
    }

    private enum Test: Sendable {
        case equals(ComparedValue)
        case notEquals(ComparedValue)
        case equalsField(Int)
        case notEqualsField(Int)
        case regex(Regex)
        case like(LikePattern)
        case compares(RiskFactor.Order, Double)
        case comparesField(RiskFactor.Order, Int)
    }

    private enum Amount: Sendable {
        case number(Double)
        case field(Int)
    }

    private typealias Answer = (holds: Bool, undecided: RiskFactorOutcome.Undecided.Reason?)

    private let name: String
    private let operation: RiskFactor.Operation
    private let amount: Amount
    private let conditions: [Condition]

    // A tenth of what a search may take: this runs for every risk event.
    private static let limits = RegexLimits(matchSteps: 100_000, subjectBytes: longestPatternSubject)
    /// Bytes of a value that is matched with a pattern.
    private static let longestPatternSubject = 65_536
    private static let mostPatternSubjects = 1_000

    /// - Parameter indexOfField: all fields of the factor.
    init(_ factor: RiskFactor, _ indexOfField: [Text: Int]) throws(RegexError) {
        func index(_ field: String) -> Int { indexOfField[Text(field)]! }
        name = factor.name
        operation = factor.operation
        switch factor.amount {
        case .number(let number): amount = .number(number)
        case .field(let field): amount = .field(index(field))
        }
        var plain: [Condition] = []
        var patterns: [Condition] = []
        for condition in factor.conditions {
            let field = index(condition.field)
            func add(_ test: Test) { plain.append(Condition(field: field, test: test)) }
            switch condition.test {
            case .equals(.text(let text)): add(.equals(ComparedValue(.text(text))))
            case .notEquals(.text(let text)): add(.notEquals(ComparedValue(.text(text))))
            case .equals(.field(let other)): add(.equalsField(index(other)))
            case .notEquals(.field(let other)): add(.notEqualsField(index(other)))
            case .compares(let order, .number(let number)): add(.compares(order, number))
            case .compares(let order, .field(let other)): add(.comparesField(order, index(other)))
            case .like(let pattern):
                patterns.append(Condition(field: field, test: .like(LikePattern(Array(pattern.utf8)))))
            case .regex(let pattern):
                let regex = try Regex(pattern, limits: Self.limits)
                patterns.append(Condition(field: field, test: .regex(regex)))
            }
        }
        // The costly ones last: mostly a cheap one has failed by then.
        conditions = plain + patterns
    }

    /// Adds to the outcome what this factor does to the event with these values.
    func apply(to outcome: inout RiskFactorOutcome, _ value: (Int) -> Value) {
        var undecided: RiskFactorOutcome.Undecided.Reason?
        for condition in conditions {
            let answer = Self.answer(condition.test, value(condition.field), value)
            if let reason = answer.undecided {
                undecided = undecided ?? reason
            } else if !answer.holds {
                return
            }
        }
        if undecided == nil {
            switch amount {
            case .number(let number): return add(number, to: &outcome)
            case .field(let field):
                // A multivalue is no number.
                if let number = value(field).numeric, abs(number) <= RiskFactor.amountLimit {
                    return add(number, to: &outcome)
                }
            }
        }
        outcome.undecided.append(.init(name: name, reason: undecided ?? .noAmount))
    }

    private func add(_ amount: Double, to outcome: inout RiskFactorOutcome) {
        let applied = RiskFactorOutcome.Applied(name: name, amount: amount)
        switch operation {
        case .addition: outcome.additions.append(applied)
        case .multiplication: outcome.multipliers.append(applied)
        }
    }

    // MARK: Conditions

    private static func answer(_ test: Test, _ value: Value, _ other: (Int) -> Value) -> Answer {
        if value.isNull { return (false, nil) }
        switch test {
        case .equals(let wanted): return (isAny(value, wanted), nil)
        case .notEquals(let unwanted): return (!isAny(value, unwanted), nil)
        case .equalsField(let field): return (shareValue(value, other(field)) == true, nil)
        case .notEqualsField(let field): return (shareValue(value, other(field)) == false, nil)
        case .compares(let order, let bound): return (holds(order, value, bound...bound), nil)
        case .comparesField(let order, let field):
            return (numbers(other(field)).map { holds(order, value, $0) } ?? false, nil)
        case .regex(let regex): return matchesAny(value) { bytes throws(RegexError) in try regex.matches(bytes) }
        case .like(let pattern): return matchesAny(value) { pattern.matches($0) }
        }
    }

    private static func isAny(_ value: Value, _ wanted: ComparedValue) -> Bool {
        if case .multivalue(let values) = value { return values.contains(where: wanted.equals) }
        return wanted.equals(value)
    }

    /// Nil where the other value is null.
    private static func shareValue(_ value: Value, _ other: Value) -> Bool? {
        if other.isNull { return nil }
        guard case .multivalue(let values) = value else { return isAny(other, ComparedValue(value)) }
        guard case .multivalue(let others) = other else { return isAny(value, ComparedValue(other)) }
        return !Set(values.map { ComparedValue($0) }).isDisjoint(with: others.map { ComparedValue($0) })
    }

    /// The least and the greatest number of the values; nil where none is a number.
    private static func numbers(_ value: Value) -> ClosedRange<Double>? {
        let numbers = value.elements.compactMap(\.numeric).filter { !$0.isNaN }
        guard let least = numbers.min(), let greatest = numbers.max() else { return nil }
        return least...greatest
    }

    /// Whether any number of `value` stands in this order to any of `bounds`.
    private static func holds(_ order: RiskFactor.Order, _ value: Value, _ bounds: ClosedRange<Double>) -> Bool {
        guard let own = numbers(value) else { return false }
        switch order {
        case .greaterOrEqual: return own.upperBound >= bounds.lowerBound
        case .greater: return own.upperBound > bounds.lowerBound
        case .lessOrEqual: return own.lowerBound <= bounds.upperBound
        case .less: return own.lowerBound < bounds.upperBound
        }
    }

    private static func matchesAny(_ value: Value, _ matches: ([UInt8]) throws(RegexError) -> Bool) -> Answer {
        var undecided: RiskFactorOutcome.Undecided.Reason?
        for (index, element) in value.elements.enumerated() {
            guard index < mostPatternSubjects else { return (false, .valueLimit) }
            guard let text = element.printed else { continue }
            guard text.count <= longestPatternSubject else {
                undecided = undecided ?? .valueLimit
                continue
            }
            do {
                if try matches(text.bytes) { return (true, nil) }
            } catch {
                // One is enough: each more would take as long.
                return (false, .patternLimit)
            }
        }
        return (false, undecided)
    }
}

/// A scalar as `equals` sees it: a number where it reads as one, else its text without case.
private struct ComparedValue: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case number(Double)
        case text(Text)
    }

    private let form: Form

    /// Beyond it two numbers of many digits, ids mostly, would be one: they stay texts.
    private static let exactLimit = 9_007_199_254_740_992.0

    init(_ value: Value) {
        if let number = value.numeric, abs(number) < Self.exactLimit {
            form = .number(number)
        } else {
            form = .text(Text(CaseFolding.fold((value.printed ?? Text([])).bytes)))
        }
    }

    func equals(_ value: Value) -> Bool {
        switch form {
        case .number(let number): return value.numeric == number
        case .text(let folded):
            // Folding keeps the length, so most values are told apart without it.
            guard let text = value.printed, text.count == folded.count else { return false }
            return text == folded || CaseFolding.fold(text.bytes) == folded.bytes
        }
    }
}
