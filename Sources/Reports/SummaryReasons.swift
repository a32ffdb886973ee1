import Engine
import RiskIndex

/// Why an entity's week looks as it does, in a few lines for people. Only of entities with details.
enum SummaryReasons {
    typealias Span = SummaryDocument.Span

    /// How many of each kind a line names before "and 5 more".
    static let limit = 3

    static func lines(for entity: WeeklySummary.Entity, in summary: WeeklySummary) -> [[Span]] {
        guard let detail = entity.tally.detail else { return [] }
        var lines: [[Span]] = []
        if entity.tally.isNew { lines.append([.words("new entity: no risk event before this week")]) }
        lines += rules(detail, in: summary)
        if !entity.newTactics.isEmpty {
            lines.append([.words("new tactic: ")] + Span.list(entity.newTactics.map { [.prose($0)] }, limit: limit))
        }
        if !detail.newThreatObjects.isEmpty {
            let names = detail.newThreatObjects.map { Span.typed($0.value, $0.type) }
            lines.append([.words("new threat object: ")] + Span.list(names, limit: limit))
        }
        lines += knownRules(detail, in: summary)
        if entity.findingCount > 0 { lines.append([.words("\(counted(entity.findingCount, "finding")) opened")]) }
        return lines.isEmpty ? [[.words("the same rules with the same score as the week before")]] : lines
    }

    private static func rules(_ detail: WeekTally.Detail, in summary: WeeklySummary) -> [[Span]] {
        let rules = detail.rules.filter(\.isNew)
            .stablySorted { summary.score($0.sums.current) > summary.score($1.sums.current) }
        let lines: [[Span]] = rules.prefix(limit).map { rule in
            let score = ScoreText.groupedChange(summary.score(rule.sums.current))
            let count = counted(rule.sums.current.eventCount, "risk event")
            return [.words("new rule "), .name(shortRuleName(rule.searchName)), .words(": \(score) from \(count)")]
        }
        guard rules.count > limit else { return lines }
        return lines + [[.words(counted(rules.count - limit, "more new rule"))]]
    }

    private static func knownRules(_ detail: WeekTally.Detail, in summary: WeeklySummary) -> [[Span]] {
        let rules = detail.rules.filter { !$0.isNew && ScoreText.print(summary.change($0.sums)) != "0" }
            .stablySorted { abs(summary.change($0.sums)) > abs(summary.change($1.sums)) }
        let lines: [[Span]] = rules.prefix(limit).map { rule in
            let change = ScoreText.groupedChange(summary.change(rule.sums))
            let count = counted(rule.sums.current.eventCount, "risk event")
            let before = ScoreText.grouped(Double(rule.sums.previous.eventCount))
            return [
                .words("known rule "), .name(shortRuleName(rule.searchName)),
                .words(": \(change), \(count) against \(before)"),
            ]
        }
        guard rules.count > limit else { return lines }
        return lines + [[.words("\(counted(rules.count - limit, "more known rule")) changed")]]
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
