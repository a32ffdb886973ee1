import Formats
import RiskIndex

extension WeeklySummary {
    /// GitHub-flavoured Markdown.
    public var markdown: String {
        let sections = [
            "# Weekly risk summary \(week.name)\n\n\(MarkdownText.prose(period.joined(separator: " ")))\n",
            MarkdownText.table(["", "this week", "week before", "change"], numeric: [1, 2, 3], rows: totalRows),
            daysMarkdown, entitiesMarkdown, rulesMarkdown, findingsMarkdown, quietMarkdown,
        ]
        return sections.joined(separator: "\n")
    }

    private var daysMarkdown: String {
        let rows = days.map { day in
            [
                "\(day.weekday) \(day.date)", String(day.risk.eventCount), ScoreText.print(day.risk.riskScore),
                ScoreText.print(day.previousRisk.riskScore),
            ]
        }
        return "## Risk by day\n\n"
            + MarkdownText.table(
                ["day", "risk events", "risk score", "week before"], numeric: [1, 2, 3], rows: rows)
    }

    private var entitiesMarkdown: String {
        var text = "## Entities: \(totals.entityCount), of them \(totals.newEntityCount) new\n"
        for entity in entities.prefix(WeeklySummary.listLimit) {
            let name = MarkdownText.code(entity.normalizedRiskObject, inTable: false)
            text += "\n### \(name) (\(MarkdownText.prose(entity.riskObjectType)))\n\n"
            text += "Risk score **\(ScoreText.print(entity.risk.riskScore))**, "
            text +=
                "\(ScoreText.againstWeekBefore(entity.change)), from \(counted(entity.risk.eventCount, "risk event")).\n\n"
            if entity.riskObjects != [entity.normalizedRiskObject] {
                let names = entity.riskObjects.map { MarkdownText.code($0, inTable: false) }
                text += "- seen as \(SummaryReasons.list(names))\n"
            }
            for line in SummaryReasons.lines(for: entity, markup: markup) {
                text += "- \(line)\n"
            }
        }
        return text + more(entities.count)
    }

    private var markup: SummaryReasons.Markup {
        .init(quote: { MarkdownText.code($0, inTable: false) }, plain: MarkdownText.prose)
    }

    private var rulesMarkdown: String {
        guard !rules.isEmpty else { return "## Rules that fired: none\n" }
        let rows = rules.prefix(WeeklySummary.listLimit).map { rule in
            [
                MarkdownText.prose(shortRuleName(rule.searchName)) + (rule.isNew ? " (new)" : ""),
                String(rule.risk.eventCount), String(rule.previousRisk.eventCount),
                ScoreText.print(rule.risk.riskScore), ScoreText.print(rule.previousRisk.riskScore),
                String(rule.entityCount),
            ]
        }
        let header = ["rule", "risk events", "week before", "risk score", "week before", "entities"]
        return "## Rules, most risk events first\n\n"
            + MarkdownText.table(header, numeric: [1, 2, 3, 4, 5], rows: rows) + more(rules.count)
    }

    private var findingsMarkdown: String {
        guard !findings.isEmpty else { return "## Findings opened: none\n" }
        let rows = findings.prefix(WeeklySummary.listLimit).map { finding in
            [
                TimeText.local(finding.timeMicroseconds, zone: week.zone), MarkdownText.code(finding.id),
                MarkdownText.prose(finding.severity), ScoreText.print(finding.riskScore),
                MarkdownText.code(finding.title),
            ]
        }
        return "## Findings opened: \(findings.count)\n\n"
            + MarkdownText.table(
                ["time", "finding", "severity", "risk score", "title"], numeric: [3], rows: rows)
            + more(findings.count)
    }

    private var quietMarkdown: String {
        guard !quietEntities.isEmpty else { return "## Quiet since the week before: none\n" }
        let rows = quietEntities.prefix(WeeklySummary.listLimit).map { entity in
            [
                MarkdownText.code(entity.normalizedRiskObject), MarkdownText.prose(entity.riskObjectType),
                ScoreText.print(entity.previousRisk.riskScore),
            ]
        }
        return "## Quiet since the week before: \(quietEntities.count)\n\n"
            + MarkdownText.table(["entity", "type", "week before"], numeric: [2], rows: rows)
            + more(quietEntities.count)
    }

    private func more(_ count: Int) -> String {
        guard count > WeeklySummary.listLimit else { return "" }
        return "\nand \(count - WeeklySummary.listLimit) more; `--format json` lists all\n"
    }
}
