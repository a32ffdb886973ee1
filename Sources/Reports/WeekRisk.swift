/// What some risk events of a week add up to.
struct WeekRisk: Sendable, Hashable {
    var eventCount = 0
    /// Raw: the sum of `calculated_risk_score`.
    var riskScore = 0.0
    /// What the profile counts of it after caps; nil when that is not known.
    var countedRiskScore: Double?

    /// What entities are ranked and compared by: the counted sum where it is known, else the raw one.
    var score: Double { countedRiskScore ?? riskScore }

    mutating func add(score: Double) {
        eventCount += 1
        riskScore += score
    }
}

/// One week against the week before.
struct WeekChange: Sendable, Hashable {
    var current = WeekRisk()
    var previous = WeekRisk()

    /// Of counted sums where both are known, else of raw ones: the two kinds are never mixed.
    var scoreChange: Double {
        guard let counted = current.countedRiskScore, let before = previous.countedRiskScore else {
            return current.riskScore - previous.riskScore
        }
        return counted - before
    }
}
