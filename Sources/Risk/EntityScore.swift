import Glibc

// Splunk's Entity Risk Score (ES 8.3) is a weighted average of five inputs over 7 days, from 0 to 100, with weights
// that nobody published. This one has the same inputs, its weights are in docs/decisions/0013, and every point can be
// traced to its input.

/// A bounded score of an entity, beside the sum: 0 for no risk, always below 100.
///
/// `100 * Σ weight * input / (input + halfway)`: an input at its halfway value gives half of its weight, and no input
/// alone more than its weight. Never falls when an input grows.
public struct EntityScore: Sendable, Hashable {
    /// 7 days, as ERS.
    public static let windowMicroseconds: Int64 = 7 * 86_400 * 1_000_000
    /// 3.5 days: what an event gives is halved in that time, so that a quarter is left to fall off the window's edge.
    public static let halfLifeMicroseconds: Int64 = windowMicroseconds / 2
    /// Events of at least this calculated score are counted in ``Inputs/highScoreCount``.
    public static let highScore = 50.0

    /// What the score is made of. An event of age a weighs `2^(-a / half-life)`.
    public struct Inputs: Sendable, Hashable {
        /// Sum of the events' scores, each times its weight.
        public var sum = 0.0
        /// The greatest of them.
        public var highest = 0.0
        /// Sum of the weights of events of 50 and more (before weighting).
        public var highScoreCount = 0.0
        /// Sum of the weights.
        public var count = 0.0
        /// Sum over the rules of the greatest of each.
        public var sumOfRuleHighest = 0.0

        public init() {}
    }

    /// One input's part of the score.
    public struct Part: Sendable, Hashable {
        public var input: Double
        /// The most that the input can give.
        public var weight: Double
        public var halfway: Double
        public var points: Double

        init(_ input: Double, weight: Double, halfway: Double) {
            self.input = input.isNaN ? 0 : min(max(input, 0), ExactSum.largestTerm)
            self.weight = weight
            self.halfway = halfway
            points = weight * (self.input / (self.input + halfway))
        }
    }

    /// From the greatest weight to the smallest; the weights add up to 100.
    public var sumOfRuleHighest: Part
    public var sum: Part
    public var highest: Part
    public var highScoreCount: Part
    public var count: Part

    public init(_ inputs: Inputs) {
        // Rules agreeing weighs most; the same rule again moves only `sum` and `count`.
        sumOfRuleHighest = Part(inputs.sumOfRuleHighest, weight: 30, halfway: 100)
        sum = Part(inputs.sum, weight: 25, halfway: 100)
        highest = Part(inputs.highest, weight: 20, halfway: 50)
        highScoreCount = Part(inputs.highScoreCount, weight: 15, halfway: 2)
        count = Part(inputs.count, weight: 10, halfway: 20)
    }

    public var parts: [Part] { [sumOfRuleHighest, sum, highest, highScoreCount, count] }
    public var value: Double { parts.reduce(0) { $0 + $1.points } }

    /// 0-25-50-75, the bands of ERS' badge.
    public enum Level: String, Sendable { case low, medium, high, critical }

    public var level: Level {
        switch value {
        case ..<25: .low
        case ..<50: .medium
        case ..<75: .high
        default: .critical
        }
    }

    /// The score at a moment: of the events with `now - 7 days <= _time < now`.
    public init(_ events: some Sequence<LedgerEvent>, nowMicroseconds now: Int64) {
        self.init(Inputs(events, nowMicroseconds: now))
    }
}

extension EntityScore.Inputs {
    private struct Firing: Hashable {
        var ruleIndex: UInt32
        var firing: UInt64
    }

    /// Answers come off what they answer, and of a firing only the highest counts, as under the recommended profile;
    /// events with nothing left, or with 0 from the start, are no input. Adjustments that answer nothing change the
    /// sum, not below 0.
    public init(_ events: some Sequence<LedgerEvent>, nowMicroseconds now: Int64) {
        let (earliest, isTooEarly) = now.subtractingReportingOverflow(EntityScore.windowMicroseconds)
        let start = isTooEarly ? Int64.min : earliest
        let window = events.filter { $0.timeMicroseconds >= start && $0.timeMicroseconds < now }
        func weight(_ event: LedgerEvent) -> Double {
            exp2(-Double(now - event.timeMicroseconds) / Double(EntityScore.halfLifeMicroseconds))
        }
        var firings: [Firing: (score: Double, event: LedgerEvent)] = [:]
        for (event, score) in window.answeredScores() where score > 0 {
            let firing = Firing(ruleIndex: event.ruleIndex, firing: event.firing)
            if let best = firings[firing], best.score > score || best.score == score && best.event.precedes(event) {
                continue
            }
            firings[firing] = (score, event)
        }
        // Exact sums: the order of a dictionary must not reach the last digit.
        var (sum, count, highScoreCount) = (ExactSum(), ExactSum(), ExactSum())
        var ruleHighest: [UInt32: Double] = [:]
        for (score, event) in firings.values {
            let weight = weight(event)
            sum += ExactSum(score * weight)
            count += ExactSum(weight)
            if score >= EntityScore.highScore { highScoreCount += ExactSum(weight) }
            highest = max(highest, score * weight)
            ruleHighest[event.ruleIndex] = max(ruleHighest[event.ruleIndex] ?? 0, score * weight)
        }
        for event in window where event.isAdjustment && event.answeredKey == nil {
            sum += ExactSum(event.calculatedRiskScore * weight(event))
        }
        self.sum = max(sum.value, 0)
        self.count = count.value
        self.highScoreCount = highScoreCount.value
        sumOfRuleHighest = ruleHighest.values.reduce(into: ExactSum()) { $0 += ExactSum($1) }.value
    }
}
