import RiskIndex

/// Why an entity's week looks as it does, in a few lines for people.
enum SummaryReasons {
    /// How many of each kind a line names before "and 5 more".
    private static let limit = 3

    /// How a form of the report writes text that comes from logs or content.
    struct Markup {
        /// Names: entities, rules, threat objects.
        var quote: (String) -> String
        /// Words in a sentence: tactics and types.
        var plain: (String) -> String
    }

    static func lines(for entity: WeeklySummary.Entity, markup: Markup) -> [String] {
        var lines: [String] = []
        if entity.isNew { lines.append("new entity: no risk event before this week") }
        lines += entity.newRules.prefix(limit).map { rule in
            let score = ScoreText.change(rule.risk.riskScore)
            return "new rule \(markup.quote(shortRuleName(rule.searchName))): \(score) from "
                + counted(rule.risk.eventCount, "risk event")
        }
        if entity.newRules.count > limit { lines.append(counted(entity.newRules.count - limit, "more new rule")) }
        if !entity.newTactics.isEmpty {
            lines.append("new tactic: " + list(entity.newTactics.map(markup.plain)))
        }
        if !entity.newThreatObjects.isEmpty {
            let names = entity.newThreatObjects.map { "\(markup.quote($0.value)) (\(markup.plain($0.type)))" }
            lines.append("new threat object: " + list(names))
        }
        lines += entity.ruleChanges.prefix(limit).map { rule in
            let change = ScoreText.change(rule.change)
            return "known rule \(markup.quote(shortRuleName(rule.searchName))): \(change), "
                + "\(counted(rule.risk.eventCount, "risk event")) against \(rule.previousRisk.eventCount)"
        }
        if entity.ruleChanges.count > limit {
            lines.append("\(counted(entity.ruleChanges.count - limit, "more known rule")) changed")
        }
        if entity.findingCount > 0 { lines.append("\(counted(entity.findingCount, "finding")) opened") }
        return lines.isEmpty ? ["the same rules with the same score as the week before"] : lines
    }

    static func list(_ items: [String]) -> String {
        let shown = items.prefix(limit).joined(separator: ", ")
        return items.count > limit ? shown + " and \(items.count - limit) more" : shown
    }
}
