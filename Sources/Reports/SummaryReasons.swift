import RiskIndex

/// Why an entity's week looks as it does, in a few lines for people.
enum SummaryReasons {
    typealias Span = SummaryDocument.Span

    /// How many of each kind a line names before "and 5 more".
    static let limit = 3

    static func lines(for entity: WeeklySummary.Entity) -> [[Span]] {
        var lines: [[Span]] = []
        if entity.isNew { lines.append([.words("new entity: no risk event before this week")]) }
        lines += entity.newRules.prefix(limit).map { rule in
            let score = ScoreText.groupedChange(rule.risk.current.score)
            let count = counted(rule.risk.current.eventCount, "risk event")
            return [.words("new rule "), .name(shortRuleName(rule.searchName)), .words(": \(score) from \(count)")]
        }
        if entity.newRules.count > limit {
            lines.append([.words(counted(entity.newRules.count - limit, "more new rule"))])
        }
        if !entity.newTactics.isEmpty {
            lines.append([.words("new tactic: ")] + Span.list(entity.newTactics.map { [.prose($0)] }, limit: limit))
        }
        if !entity.newThreatObjects.isEmpty {
            let names = entity.newThreatObjects.map { Span.typed($0.value, $0.type) }
            lines.append([.words("new threat object: ")] + Span.list(names, limit: limit))
        }
        lines += entity.ruleChanges.prefix(limit).map { rule in
            let change = ScoreText.groupedChange(rule.risk.scoreChange)
            let count = counted(rule.risk.current.eventCount, "risk event")
            return [
                .words("known rule "), .name(shortRuleName(rule.searchName)),
                .words(": \(change), \(count) against \(ScoreText.grouped(Double(rule.risk.previous.eventCount)))"),
            ]
        }
        if entity.ruleChanges.count > limit {
            lines.append([.words("\(counted(entity.ruleChanges.count - limit, "more known rule")) changed")])
        }
        if entity.findingCount > 0 { lines.append([.words("\(counted(entity.findingCount, "finding")) opened")]) }
        return lines.isEmpty ? [[.words("the same rules with the same score as the week before")]] : lines
    }

    /// For machines: names in quotes, unescaped and whole.
    static func plain(_ spans: [Span]) -> String {
        spans.map { span in
            switch span {
            case .name(let name): "'\(name)'"
            case .words(let text), .prose(let text), .strong(let text), .tag(let text): text
            }
        }.joined()
    }
}
