import RiskIndex

// The weekly risk summary: who gathered risk, how that compares with the week before, and why. Built once from plain
// values; text, Markdown, HTML and JSON print the same figures.
//
// "New" means: not in any given event before the week. How far back that looks is the caller's choice, so every form
// says since when it knows.

/// The risk of one ISO week against the week before.
public struct WeeklySummary: Sendable {
    public let week: SummaryWeek
    var nowMicroseconds: Int64
    /// The first given event; nil when there is none.
    var historyStartMicroseconds: Int64?
    var totals: Totals
    /// Monday to Sunday.
    var days: [Day]
    /// ATT&CK tactics with risk in either week, in the order of the matrix.
    var tactics: [Tactic]
    /// Entities with events this week: highest score first, then greatest rise, then name and type.
    var entities: [Entity]
    /// Entities with events the week before and none this week, highest score of that week first.
    var quietEntities: [QuietEntity]
    /// Rules that fired by the end of the week: most events this week first, then highest score, then name.
    var rules: [Rule]
    /// Seen this week for the first time, highest score first, then value and type.
    var newThreatObjects: [NewThreatObject]
    /// Opened this week, by time, then key.
    var findings: [Finding]
    /// What else the index knows of the week.
    var records: SummaryRecords

    struct Totals: Sendable, Hashable {
        var risk = WeekChange()
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
        /// Against the same weekday of the week before.
        var risk = WeekChange()
    }

    struct Tactic: Sendable, Hashable {
        /// As content writes it: `privilege-escalation`. Nil: events without a tactic.
        var name: String?
        /// An event of several tactics counts in each.
        var risk: WeekChange
        /// Seen this week, and in no given event before.
        var isNew: Bool
    }

    struct NewThreatObject: Sendable, Hashable {
        var threatObject: ThreatObject
        /// Of the events it was seen with.
        var risk: WeekRisk
        var entityCount: Int
    }

    var isOver: Bool { nowMicroseconds >= week.endMicroseconds }

    /// Whether sums after caps are known beside the raw ones.
    var countsRisk: Bool { totals.risk.current.countedRiskScore != nil }
}
