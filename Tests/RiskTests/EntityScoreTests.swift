import Risk
import Testing

@Suite struct EntityScoreTests {
    private static let day: Int64 = 86_400_000_000

    private func event(_ key: UInt64, age: Double = 0, rule: UInt32 = 0, firing: UInt64? = nil, _ score: Double)
        -> LedgerEvent
    {
        LedgerEvent(
            timeMicroseconds: -1 - Int64(age * Double(Self.day)), key: key, ruleIndex: rule, firing: firing ?? key,
            message: key, riskScore: score)
    }

    private func score(_ events: [LedgerEvent]) -> Double { EntityScore(events, nowMicroseconds: 0).value }

    @Test func weightsAddUpToAHundred() {
        let score = EntityScore(EntityScore.Inputs())
        #expect(score.parts.map(\.weight).reduce(0, +) == 100)
        #expect(score.value == 0)
        #expect(score.level == .low)
    }

    @Test func noInputLowersItAndNoneFillsIt() {
        var generator = SeededGenerator(seed: 11)
        let inputs: [WritableKeyPath<EntityScore.Inputs, Double>] = [
            \.sum, \.highest, \.highScoreCount, \.count, \.sumOfRuleHighest,
        ]
        for _ in 0..<2_000 {
            var values = EntityScore.Inputs()
            for input in inputs { values[keyPath: input] = .random(in: 0...500, using: &generator) }
            let value = EntityScore(values).value
            #expect(value >= 0 && value < 100)
            for input in inputs {
                var more = values
                more[keyPath: input] += .random(in: 0...100, using: &generator)
                #expect(EntityScore(more).value >= value)
                more[keyPath: input] = .infinity
                #expect(EntityScore(more).value < 100)
                more[keyPath: input] = .nan
                #expect(EntityScore(more).value <= value)
            }
        }
    }

    @Test func moreEventsOrYoungerOnesNeverLowerIt() {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<300 {
            var events = (0..<UInt64(Int.random(in: 0..<20, using: &generator))).map { key in
                event(
                    key, age: .random(in: 0..<8, using: &generator), rule: .random(in: 0..<4, using: &generator),
                    firing: .random(in: 0..<15, using: &generator), .random(in: 0...100, using: &generator))
            }
            let before = score(events)
            #expect(before == score(events.shuffled(using: &generator)))
            events.append(event(99, age: 3, rule: 1, 30))
            let old = score(events)
            events[events.count - 1] = event(99, age: 1, rule: 1, 30)
            #expect(before < old && old < score(events))
        }
    }

    /// The worked examples of docs/decisions/0013.
    @Test func workedExamples() {
        func rounded(_ events: [LedgerEvent]) -> Double { (score(events) * 10).rounded() / 10 }
        let noisy = (0..<50).map { event($0, 5) }
        let four = (0..<8).map { event($0, rule: UInt32($0 % 4), [80, 60, 50, 30, 10, 10, 5, 5][Int($0)]) }
        let eight = (0..<15).map { event($0, rule: UInt32($0 % 8), $0 < 8 ? 56.25 : 50.0 / 7) }
        #expect(rounded([event(1, 20)]) == 15.4)
        #expect(rounded([event(1, 100)]) == 46.3)
        #expect(rounded([event(1, rule: 0, 60), event(2, rule: 1, 41)]) == 44.5)
        #expect(rounded(noisy) == 28.2)
        #expect(rounded(four) == 62.6)
        #expect(rounded(eight) == 72.3)
        #expect(rounded([event(1, age: 3.5, rule: 0, 60), event(2, age: 3.5, rule: 1, 41)]) == 29.4)
    }

    @Test func anEventLosesHalfInHalfAWeek() {
        let inputs = EntityScore.Inputs([event(1, age: 3.5, 80)], nowMicroseconds: 0)
        #expect(abs(inputs.sum - 40) < 1e-6)
        #expect(abs(inputs.highScoreCount - 0.5) < 1e-9)
        #expect(score([event(1, age: 6.99, 80)]) > 0)
        #expect(score([event(1, age: 7, 80)]) == 0)
        let future = LedgerEvent(timeMicroseconds: 0, key: 1, ruleIndex: 0, firing: 0, message: 0, riskScore: 80)
        #expect(score([future]) == 0)
    }

    @Test func answersAndFiringsCountAsInTheRecommendedProfile() {
        let both = [event(1, firing: 7, 50), event(2, firing: 7, 50)]
        #expect(score(both) == score([both[0]]))
        let answer = LedgerEvent.adjustment(timeMicroseconds: -1, key: 5, score: -20, answeredKey: 1)
        #expect(score([event(1, 20), answer]) == 0)
        let free = LedgerEvent.adjustment(timeMicroseconds: -1, key: 5, score: -500, answeredKey: nil)
        let inputs = EntityScore.Inputs([event(1, 20), free], nowMicroseconds: 0)
        #expect(inputs.sum == 0)
        #expect(inputs.count > 0.99)
    }

    // Source: rba.md 5.1, worked numbers.
    @Test(arguments: [
        ([100.0], 1.0, 38.6, ElasticScore.Level.low), ([100, 100], 1, 52.2, .moderate),
        (Array(repeating: 47, count: 10), 1, 36.2, .low), (Array(repeating: 21, count: 100), 1, 19.5, .unknown),
        (Array(repeating: 21, count: 1_000), 1, 20.6, .low), ([100], 2, 55.7, .moderate),
        (Array(repeating: 100, count: 10), 1, 77.0, .high),
    ])
    func elasticWorkedNumbers(_ scores: [Double], _ modifier: Double, _ expected: Double, _ level: ElasticScore.Level) {
        let score = ElasticScore(scores: scores, modifier: modifier)
        #expect(abs(score.value - expected) <= 0.0501)
        #expect(score.level == level)
    }

    @Test func elasticIsBounded() {
        let all = ElasticScore(scores: Array(repeating: 1e9, count: 20_000), modifier: 1e300)
        #expect(all.value < 100 && all.value > 99.99)
        #expect(all.base == ElasticScore(scores: Array(repeating: 100, count: 10_000)).base)
        #expect(all.highest.count == 10)
        #expect(ElasticScore(scores: []).value == 0)
        #expect(ElasticScore(scores: [.nan, -5, 40], modifier: .nan).value == ElasticScore(scores: [40]).value)
        #expect(ElasticScore(scores: [40, 80, 60]) == ElasticScore(scores: [80, 60, 40]))
        #expect(ElasticScore.Criticality.allCases.map(\.modifier) == [0.5, 1, 1.5, 2])
        let parts = ElasticScore(scores: [40, 80, 60]).highest.map(\.points).reduce(0, +)
        #expect(abs(parts - ElasticScore(scores: [40, 80, 60]).base) < 1e-9)
    }
}
