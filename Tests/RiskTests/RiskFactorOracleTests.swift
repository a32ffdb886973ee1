import Columns
import Content
import Risk
import Testing

/// Random factors over random events against an evaluator that is written as the documentation reads.
@Suite struct RiskFactorOracleTests {
    /// Numbers of a fixed sequence, so that a failure comes again.
    private struct Sequence {
        var state: UInt64

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }

        mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(elements.count)] }
    }

    private static let fieldNames = ["user", "user_category", "user_priority", "weight", "risk_score"]
    private static let texts = [
        "admin", "Admin", "ADMIN", "db-admin", "contractor", "low", "Low", "high", "", "5", "5.0", "05", "-3", "12",
        "1e1",
        "10", "nan", "x y", "_", "%",
    ]
    /// Patterns, each with what it finds.
    private static let patterns: [(pattern: String, finds: @Sendable (String) -> Bool)] = [
        ("admin", { $0.contains("admin") }), ("^ad", { $0.hasPrefix("ad") }), ("n$", { $0.hasSuffix("n") }),
        ("(?i)admin", { $0.lowercased().contains("admin") }), ("^$", { $0.isEmpty }),
        ("[0-9]", { $0.contains(where: \.isNumber) }),
    ]
    private static let likes = ["admin", "%admin", "a%n", "_5", "%", "", "%-%", "__", "5%", "%o%"]
    private static let numbers: [Double] = [-3, 0, 5, 10, 11.5]

    // MARK: The naive evaluator

    private typealias Event = [String: [String]]

    private func number(_ text: String) -> Double? {
        let isDecimal = text.contains(where: \.isNumber) && text.allSatisfy { "0123456789.-e".contains($0) }
        return isDecimal ? Double(text) : nil
    }

    private func areEqual(_ left: String, _ right: String) -> Bool {
        if let left = number(left), let right = number(right) { return left == right }
        return left.lowercased() == right.lowercased()
    }

    private func isLike(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "%" {
            return isLike(text, pattern.dropFirst()) || (!text.isEmpty && isLike(text.dropFirst(), pattern))
        }
        guard let character = text.first, first == "_" || first == character else { return false }
        return isLike(text.dropFirst(), pattern.dropFirst())
    }

    private func isOrdered(_ left: Double, _ order: RiskFactor.Order, _ right: Double) -> Bool {
        switch order {
        case .greaterOrEqual: left >= right
        case .greater: left > right
        case .lessOrEqual: left <= right
        case .less: left < right
        }
    }

    private func holds(_ condition: RiskFactor.Condition, _ event: Event) -> Bool {
        let values = event[condition.field] ?? []
        func given(_ operand: RiskFactor.Operand) -> [String] {
            switch operand {
            case .text(let text): [text]
            case .field(let field): event[field] ?? []
            }
        }
        func isAny(_ others: [String], _ test: (String, String) -> Bool) -> Bool {
            values.contains { value in others.contains { test(value, $0) } }
        }
        switch condition.test {
        case .equals(let operand): return isAny(given(operand), areEqual)
        case .notEquals(let operand):
            let others = given(operand)
            return !values.isEmpty && !others.isEmpty && !isAny(others, areEqual)
        case .regex(let pattern):
            let finds = Self.patterns.first { $0.pattern == pattern }!.finds
            return values.contains(where: finds)
        case .like(let pattern): return values.contains { isLike($0[...], pattern[...]) }
        case .compares(let order, let bound):
            let bounds =
                switch bound {
                case .number(let number): [number]
                case .field(let field): (event[field] ?? []).compactMap(number)
                }
            return values.compactMap(number).contains { value in bounds.contains { isOrdered(value, order, $0) } }
        }
    }

    private func amount(_ factor: RiskFactor, _ event: Event) -> Double? {
        switch factor.amount {
        case .number(let number): return number
        case .field(let field):
            let values = event[field] ?? []
            return values.count == 1 ? number(values[0]) : nil
        }
    }

    // MARK: Samples

    private func condition(_ random: inout Sequence) -> RiskFactor.Condition {
        func operand(_ random: inout Sequence) -> RiskFactor.Operand {
            random.next(4) == 0 ? .field(random.pick(Self.fieldNames)) : .text(random.pick(Self.texts))
        }
        let test: RiskFactor.Test =
            switch random.next(8) {
            case 0, 1: .equals(operand(&random))
            case 2, 3: .notEquals(operand(&random))
            case 4: .regex(random.pick(Self.patterns).pattern)
            case 5: .like(random.pick(Self.likes))
            default:
                .compares(
                    random.pick(RiskFactor.Order.allCases),
                    random.next(3) == 0 ? .field(random.pick(Self.fieldNames)) : .number(random.pick(Self.numbers)))
            }
        return RiskFactor.Condition(field: random.pick(Self.fieldNames), test: test)
    }

    private func factor(_ index: Int, _ random: inout Sequence) -> RiskFactor {
        RiskFactor(
            name: "\(random.pick(["b", "a", "C", "é"]))\(index)", id: "\(index)", isEnabled: random.next(5) > 0,
            operation: random.pick(RiskFactor.Operation.allCases),
            amount: random.next(5) == 0 ? .field("weight") : .number(random.pick(Self.numbers)),
            conditions: (0...random.next(2)).map { _ in condition(&random) }, file: "f.yml")
    }

    private func event(_ random: inout Sequence) -> Event {
        var event: Event = [:]
        for field in Self.fieldNames {
            let count = random.pick([0, 1, 1, 1, 2, 3])
            if count > 0 { event[field] = (0..<count).map { _ in random.pick(Self.texts) } }
        }
        return event
    }

    @Test func agreesWithTheNaiveEvaluator() throws {
        var random = Sequence(state: 7)
        var applied = 0
        var isWithoutAmount = 0
        for round in 0..<300 {
            let factors = (0..<8).map { factor($0, &random) }
            let set = try RiskFactorSet(factors)
            for _ in 0..<50 {
                let event = event(&random)
                let outcome = set.evaluate { name in .list((event[name] ?? []).map { .text($0) }) }
                let matching = factors.filter { factor in
                    factor.isEnabled && factor.conditions.allSatisfy { holds($0, event) }
                }.sorted { Text($0.name) < Text($1.name) }
                var base = 20.0
                for factor in matching where factor.operation == .addition { base += amount(factor, event) ?? 0 }
                for factor in matching where factor.operation == .multiplication { base *= amount(factor, event) ?? 1 }
                func names(_ operation: RiskFactor.Operation) -> [String] {
                    matching.filter { $0.operation == operation && amount($0, event) != nil }.map(\.name)
                }
                try #require(outcome.additions.map(\.name) == names(.addition), "round \(round): \(event)")
                try #require(outcome.multipliers.map(\.name) == names(.multiplication), "round \(round): \(event)")
                try #require(
                    outcome.undecided.map(\.name) == matching.filter { amount($0, event) == nil }.map(\.name))
                let score = set.calculated(20, outcome)
                try #require(abs(score - base) <= 1e-9 * max(1, abs(base)), "round \(round): \(event)")
                applied += outcome.additions.count + outcome.multipliers.count
                isWithoutAmount += outcome.undecided.count
            }
        }
        // The samples reach what they are to test.
        #expect(applied > 5_000 && isWithoutAmount > 200)
    }
}
