import Formats
import RiskIndex

extension WeeklySummary {
    /// How many entries a list shows before it says how many more there are; `json` has all.
    static let listLimit = 25

    /// For the terminal.
    ///
    /// - Parameter maximumWidth: of tables, in columns.
    public func text(maximumWidth: Int? = nil) -> String {
        let sections = [
            heading, totalsText(maximumWidth), daysText(maximumWidth), entitiesText, rulesText(maximumWidth),
            findingsText(maximumWidth), quietText(maximumWidth),
        ]
        return sections.joined(separator: "\n")
    }

    private var heading: String { "Weekly risk summary \(week.name)\n" + period.joined(separator: "\n") + "\n" }

    /// What the figures cover, a sentence each.
    var period: [String] {
        let (first, last) = (days[0], days[days.count - 1])
        var sentences = [
            "\(first.weekday) \(first.date) to \(last.weekday) \(last.date), zone \(week.zone.name), "
                + "compared with \(week.previous.name)."
        ]
        if let historyStartMicroseconds {
            let day = TimeText.day(TimeText.localDay(historyStartMicroseconds, zone: week.zone))
            sentences.append("New means: for the first time since \(day), where the risk events begin.")
        } else {
            sentences.append("There are no risk events up to the end of the week.")
        }
        if !isOver { sentences.append("The week is not over yet.") }
        return sentences
    }

    /// Name, this week, week before, change.
    var totalRows: [[String]] {
        func row(_ name: String, _ current: Double, _ previous: Double) -> [String] {
            [name, ScoreText.print(current), ScoreText.print(previous), ScoreText.change(current - previous)]
        }
        return [
            row("risk score", totals.risk.riskScore, totals.previousRisk.riskScore),
            row("risk events", Double(totals.risk.eventCount), Double(totals.previousRisk.eventCount)),
            row("entities with risk", Double(totals.entityCount), Double(totals.previousEntityCount)),
            row("rules that fired", Double(totals.ruleCount), Double(totals.previousRuleCount)),
            row("findings opened", Double(totals.findingCount), Double(totals.previousFindingCount)),
        ]
    }

    private func totalsText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init(""), .init("this week", .right), .init("week before", .right), .init("change", .right),
        ])
        for row in totalRows { table.append(row) }
        return table.text(maximumWidth: maximumWidth)
    }

    private func daysText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("day"), .init("risk events", .right), .init("risk score", .right), .init("week before", .right),
            .init(""),
        ])
        let peak = days.map(\.risk.riskScore).max() ?? 0
        for day in days {
            let share = peak > 0 ? max(0, day.risk.riskScore / peak) : 0
            table.append([
                "\(day.weekday) \(day.date)", String(day.risk.eventCount), ScoreText.print(day.risk.riskScore),
                ScoreText.print(day.previousRisk.riskScore),
                String(repeating: "#", count: Int((share * 20).rounded())),
            ])
        }
        return "Risk by day\n" + table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private var entitiesText: String {
        var text = "Entities: \(totals.entityCount), of them \(totals.newEntityCount) new\n"
        for (position, entity) in entities.prefix(WeeklySummary.listLimit).enumerated() {
            let name = TerminalText.escape(entity.normalizedRiskObject)
            text += "  \(position + 1). \(name) (\(TerminalText.escape(entity.riskObjectType))): "
            text += "\(ScoreText.print(entity.risk.riskScore)), "
            text += "\(ScoreText.againstWeekBefore(entity.change)), \(counted(entity.risk.eventCount, "risk event"))\n"
            if entity.riskObjects != [entity.normalizedRiskObject] {
                text += "     seen as \(SummaryReasons.list(entity.riskObjects.map(TerminalText.escape)))\n"
            }
            for line in SummaryReasons.lines(for: entity, markup: markup) {
                text += "     - \(line)\n"
            }
        }
        return text + more(entities.count)
    }

    private var markup: SummaryReasons.Markup {
        .init(quote: { "'\(TerminalText.escape($0))'" }, plain: TerminalText.escape)
    }

    private func rulesText(_ maximumWidth: Int?) -> String {
        guard !rules.isEmpty else { return "Rules that fired: none\n" }
        var table = TextTable([
            .init("rule"), .init("risk events", .right), .init("week before", .right), .init("risk score", .right),
            .init("week before", .right), .init("entities", .right), .init("new"),
        ])
        for rule in rules.prefix(WeeklySummary.listLimit) {
            table.append([
                shortRuleName(rule.searchName), String(rule.risk.eventCount), String(rule.previousRisk.eventCount),
                ScoreText.print(rule.risk.riskScore), ScoreText.print(rule.previousRisk.riskScore),
                String(rule.entityCount), rule.isNew ? "new" : "",
            ])
        }
        return "Rules, most risk events first\n" + table.text(maximumWidth: maximumWidth, indent: 2)
            + more(rules.count)
    }

    private func findingsText(_ maximumWidth: Int?) -> String {
        guard !findings.isEmpty else { return "Findings opened: none\n" }
        var table = TextTable([
            .init("time"), .init("finding"), .init("severity"), .init("risk score", .right), .init("title"),
        ])
        for finding in findings.prefix(WeeklySummary.listLimit) {
            table.append([
                TimeText.local(finding.timeMicroseconds, zone: week.zone), finding.id, finding.severity,
                ScoreText.print(finding.riskScore), finding.title,
            ])
        }
        return "Findings opened: \(findings.count)\n" + table.text(maximumWidth: maximumWidth, indent: 2)
            + more(findings.count)
    }

    private func quietText(_ maximumWidth: Int?) -> String {
        guard !quietEntities.isEmpty else { return "Quiet since the week before: none\n" }
        var table = TextTable([.init("entity"), .init("type"), .init("week before", .right)])
        for entity in quietEntities.prefix(WeeklySummary.listLimit) {
            table.append([
                entity.normalizedRiskObject, entity.riskObjectType, ScoreText.print(entity.previousRisk.riskScore),
            ])
        }
        return "Quiet since the week before: \(quietEntities.count)\n"
            + table.text(maximumWidth: maximumWidth, indent: 2) + more(quietEntities.count)
    }

    private func more(_ count: Int) -> String {
        count > WeeklySummary.listLimit
            ? "  and \(count - WeeklySummary.listLimit) more; --format json lists all\n" : ""
    }
}
