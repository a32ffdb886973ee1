import Engine
import RiskIndex

// The weekly risk summary: who gathered risk, how that compares with the week before, and why. Built once from plain
// values; text, Markdown, HTML and JSON print the same figures.
//
// "New" means: not in any event of the index before the week. How far back that looks depends on what the index holds, so
// every form says since when it knows.

/// The risk of one ISO week against the week before.
public struct WeeklySummary: Sendable {
    public let week: SummaryWeek
    let nowMicroseconds: Int64
    /// Of all risk events.
    let sums: WeekTally.Pair
    /// Which sum entities are ranked by and changes are of.
    let ranking: WeekTally.Ranking
    /// Time of the first event of the index; nil when there is none before the week's end.
    let historyStartMicroseconds: Int64?
    /// Monday to Sunday.
    let days: [Day]
    /// ATT&CK tactics with risk in either week, in the order of the matrix.
    let tactics: [WeekTally.Tactic]
    /// Entities with events this week: highest score first, then name and type. The first ones have details.
    let entities: [Entity]
    /// Entities with events the week before and none this week, highest score of that week first.
    let quietEntities: [WeekTally.Entity]
    /// Rules that fired or ran by the end of the week: most events this week first, then highest score, then name.
    let rules: [Rule]
    /// Seen this week for the first time, highest score first, then value and type.
    let newThreatObjects: [WeekTally.Threat]
    /// Opened this week, by time, then key.
    let findings: [Finding]
    let previousFindingCount: Int
    /// What else the index knows of the week.
    let records: SummaryRecords

    struct Day: Sendable, Hashable {
        /// `2026-11-16`.
        var date: String
        var weekday: String
        /// Against the same weekday of the week before; raw only.
        var sums: WeekTally.Pair
    }

    struct Entity: Sendable, Hashable {
        var tally: WeekTally.Entity
        var findingCount: Int

        var normalizedRiskObject: String { tally.normalizedRiskObject }
        var riskObjectType: String { tally.riskObjectType }
        /// Of tactics with a name.
        var newTactics: [String] { tally.detail?.tactics.filter(\.isNew).compactMap(\.name) ?? [] }
    }

    struct Rule: Sendable, Hashable {
        var searchName: String
        var sums = WeekTally.Pair()
        var days = WeekTally.Days()
        /// Entities it fired about this week.
        var entityCount = 0
        /// Fired this week, and in no event before.
        var isNew = false
        /// Of its last event before the week's end; nil for a rule that ran and never fired.
        var lastMicroseconds: Int64?
    }

    var isOver: Bool { nowMicroseconds >= week.endMicroseconds }

    func score(_ sum: WeekTally.Sum) -> Double { ranking == .raw ? sum.raw : sum.counted }

    func change(_ pair: WeekTally.Pair) -> Double { score(pair.current) - score(pair.previous) }

    var previousEntityCount: Int {
        quietEntities.count + entities.count { $0.tally.sums.previous.eventCount > 0 }
    }
    var newEntityCount: Int { entities.count { $0.tally.isNew } }
    var ruleCount: Int { rules.count { $0.sums.current.eventCount > 0 } }
    var previousRuleCount: Int { rules.count { $0.sums.previous.eventCount > 0 } }
}
