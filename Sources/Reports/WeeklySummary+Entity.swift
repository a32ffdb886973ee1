import RiskIndex

extension WeeklySummary {
    struct Entity: Sendable, Hashable {
        var normalizedRiskObject: String
        var riskObjectType: String
        /// Raw names seen this week, sorted.
        var riskObjects: [String]
        var risk: WeekChange
        /// Raw risk added on each day, Monday to Sunday.
        var scoreByDay: [Double]
        var previousScoreByDay: [Double]
        var isNew: Bool
        var newRules: [RuleChange]
        /// This week's, in the order of the matrix.
        var tactics: [EntityTactic]
        /// By value, then type.
        var newThreatObjects: [ThreatObject]
        /// Rules whose score differs from the week before, new ones left out: greatest change first, then name.
        var ruleChanges: [RuleChange]
        var findingCount: Int

        /// Of tactics with a name.
        var newTactics: [String] { tactics.filter(\.isNew).compactMap(\.name) }
    }

    struct EntityTactic: Sendable, Hashable {
        /// Nil: events without a tactic.
        var name: String?
        /// Raw.
        var riskScore: Double
        /// The entity had no event of it before this week. Never set for nil.
        var isNew: Bool
    }

    struct RuleChange: Sendable, Hashable {
        var searchName: String
        var risk: WeekChange
    }

    struct QuietEntity: Sendable, Hashable {
        var normalizedRiskObject: String
        var riskObjectType: String
        var previousRisk: WeekRisk
    }

    struct Rule: Sendable, Hashable {
        var searchName: String
        var risk: WeekChange
        /// Raw risk on each day, Monday to Sunday.
        var scoreByDay: [Double]
        var previousScoreByDay: [Double]
        /// Entities it fired about this week.
        var entityCount: Int
        /// Fired this week, and in no given event before.
        var isNew: Bool
        /// Of its last event before the week's end; nil for a rule that ran and never fired.
        var lastMicroseconds: Int64?
    }
}
