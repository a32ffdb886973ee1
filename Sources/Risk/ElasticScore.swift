/// Elastic Security's entity risk score, as the other bounded score to choose.
///
/// The highest 10,000 scores in descending order, `Σ s_i / i^1.5 / 2.5924` (the zeta function at 1.5 cut there), from
/// 0 to 100; then the odds of that times a modifier. A score of 100 alone gives 38.6: one perfect alert cannot pass
/// "low".
///
/// Source: elastic/kibana, `risk_score/constants.ts` and `asset_criticality/helpers.ts`; docs/decisions/0013.
public struct ElasticScore: Sendable, Hashable {
    public static let inputLimit = 10_000
    /// `RIEMANN_ZETA_VALUE`.
    public static let normalizer = 2.5924
    /// `MAX_INPUTS_COUNT`.
    public static let storedInputs = 10
    /// Modifiers outside are taken as the nearest end; not a number as 1.
    public static let modifierRange = 0.01...100.0

    /// One of the highest inputs and its part of ``base``.
    public struct Input: Sendable, Hashable {
        public var score: Double
        public var points: Double
    }

    /// Before the modifier, 0 to below 100.
    public let base: Double
    public let modifier: Double
    /// After the modifier, 0 to below 100.
    public let value: Double
    /// The ten highest inputs, descending.
    public let highest: [Input]

    /// - Parameters:
    ///   - scores: of events, in any order; below 0 and not a number count as 0, over 100 as 100.
    ///   - modifier: criticality times watchlists; 1 changes nothing.
    public init(scores: some Sequence<Double>, modifier: Double = 1) {
        let sorted = scores.map { $0.isNaN ? 0 : min(max($0, 0), 100) }.sorted(by: >).prefix(Self.inputLimit)
        var sum = 0.0
        var highest: [Input] = []
        for (index, score) in sorted.enumerated() {
            let place = Double(index + 1)
            let term = score / (place * place.squareRoot())
            sum += term
            if index < Self.storedInputs { highest.append(Input(score: score, points: term / Self.normalizer)) }
        }
        let range = Self.modifierRange
        base = min(sum / Self.normalizer, 100.0.nextDown)
        self.modifier = modifier.isNaN ? 1 : min(max(modifier, range.lowerBound), range.upperBound)
        self.highest = highest
        let odds = base / (100 - base) * self.modifier
        value = self.modifier == 1 ? base : min(100 * (odds / (1 + odds)), 100.0.nextDown)
    }

    /// Answers come off the events that they answer; other adjustments are left out, as there is no score of 0 to 100
    /// in them.
    public init(_ events: some Sequence<LedgerEvent>, modifier: Double = 1) {
        self.init(scores: events.answeredScores().map(\.score), modifier: modifier)
    }

    /// What the entity is worth to its owner.
    public enum Criticality: String, Sendable, CaseIterable {
        case low, medium, high, extreme

        /// Source: elastic/kibana `CriticalityModifiers` (low, medium, high and extreme impact).
        public var modifier: Double {
            switch self {
            case .low: 0.5
            case .medium: 1
            case .high: 1.5
            case .extreme: 2
            }
        }
    }

    public enum Level: String, Sendable { case unknown, low, moderate, high, critical }

    /// Source: elastic/kibana `RISK_LEVEL_RANGES`, each from its start.
    public var level: Level {
        switch value {
        case ..<20: .unknown
        case ..<40: .low
        case ..<70: .moderate
        case ..<90: .high
        default: .critical
        }
    }
}
