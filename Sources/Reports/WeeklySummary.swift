import RiskIndex

// The weekly risk summary: who gathered risk, how that compares with the week before, and why. Built once from plain
// values; text, Markdown, HTML and JSON print the same figures.
//
// "New" means: not in any given event of that entity before the week. How far back that looks is the caller's choice,
// so every form says since when it knows.

/// The risk of one ISO week against the week before.
public struct WeeklySummary: Sendable {
    public let week: SummaryWeek
    let nowMicroseconds: Int64
    /// The first given event; nil when there is none.
    let historyStartMicroseconds: Int64?
    let totals: Totals
    /// Monday to Sunday.
    let days: [Day]
    /// Entities with events this week: highest score first, then greatest rise, then name and type.
    let entities: [Entity]
    /// Entities with events the week before and none this week, highest score of that week first.
    let quietEntities: [QuietEntity]
    /// Rules that fired in either week: most events this week first, then highest score, then name.
    let rules: [Rule]
    /// Opened this week, by time, then key.
    let findings: [Finding]

    struct Totals: Sendable, Hashable {
        var risk = RiskTally()
        var previousRisk = RiskTally()
        var entityCount = 0
        var previousEntityCount = 0
        var newEntityCount = 0
        var ruleCount = 0
        var previousRuleCount = 0
        var findingCount = 0
        var previousFindingCount = 0
    }

    struct Day: Sendable, Hashable {
        /// `2026-11-16`.
        var date: String
        var weekday: String
        var risk = RiskTally()
        /// Of the same weekday of the week before.
        var previousRisk = RiskTally()
    }

    struct Entity: Sendable, Hashable {
        var normalizedRiskObject: String
        var riskObjectType: String
        /// Raw names seen this week, sorted.
        var riskObjects: [String]
        var risk: RiskTally
        var previousRisk: RiskTally
        /// Risk added on each day, Monday to Sunday.
        var scoreByDay: [Double]
        var isNew: Bool
        var newRules: [RuleChange]
        /// Sorted.
        var newTactics: [String]
        /// By value, then type.
        var newThreatObjects: [ThreatObject]
        /// Rules whose score differs from the week before, new ones left out: greatest change first, then name.
        var ruleChanges: [RuleChange]
        var findingCount: Int

        var change: Double { risk.riskScore - previousRisk.riskScore }
    }

    struct RuleChange: Sendable, Hashable {
        var searchName: String
        var risk: RiskTally
        var previousRisk: RiskTally

        var change: Double { risk.riskScore - previousRisk.riskScore }
    }

    struct QuietEntity: Sendable, Hashable {
        var normalizedRiskObject: String
        var riskObjectType: String
        var previousRisk: RiskTally
    }

    struct Rule: Sendable, Hashable {
        var searchName: String
        var risk: RiskTally
        var previousRisk: RiskTally
        /// Entities it fired about this week.
        var entityCount: Int
        /// Fired this week, and in no given event before.
        var isNew: Bool
    }

    var isOver: Bool { nowMicroseconds >= week.endMicroseconds }
}
