import RiskIndex

/// Why an entity's week looks as it does, in a few lines for people.
enum SummaryReasons {
    /// How many of each kind a line names before "and 5 more".
    private static let limit = 3

    /// - Parameter quote: marks up text that comes from logs or content.
    static func lines(for entity: WeeklySummary.Entity, quote: (String) -> String) -> [String] {
        var lines: [String] = []
        if entity.isNew { lines.append("new entity: no risk event before this week") }
        lines += entity.newRules.prefix(limit).map { rule in
            let score = ScoreText.change(rule.risk.riskScore)
            return "new rule \(quote(shortRuleName(rule.searchName))): \(score) from "
                + counted(rule.risk.eventCount, "risk event")
        }
        if entity.newRules.count > limit { lines.append("\(entity.newRules.count - limit) more new rules") }
        if !entity.newTactics.isEmpty {
            lines.append("new tactic: " + list(entity.newTactics.map(quote)))
        }
        if !entity.newThreatObjects.isEmpty {
            lines.append("new threat object: " + list(entity.newThreatObjects.map { "\(quote($0.value)) (\(quote($0.type)))" }))
        }
        lines += entity.ruleChanges.prefix(limit).map { rule in
            let change = ScoreText.change(rule.change)
            return "known rule \(quote(shortRuleName(rule.searchName))): \(change), "
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
