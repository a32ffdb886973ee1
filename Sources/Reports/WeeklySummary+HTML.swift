import Formats
import RiskIndex

extension WeeklySummary {
    /// One page in one file: no script, nothing loaded from elsewhere, light and dark, fit to print.
    public var html: String {
        let title = "Weekly risk summary \(week.name)"
        var html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        // Nothing may load or run, should anything slip through the escaping.
        html += "<meta http-equiv=\"Content-Security-Policy\" "
        html += "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        html += "<title>\(HTMLText.escape(title))</title>\n<style>\n\(SummaryStyle.css)</style>\n</head>\n<body>\n"
        html += "<header>\n<h1>\(HTMLText.escape(title))</h1>\n"
        html += "<p class=\"muted\">\(HTMLText.escape(period.joined(separator: " ")))</p>\n</header>\n"
        html += "<main>\n" + totalsHTML + daysHTML + entitiesHTML + rulesHTML + findingsHTML + quietHTML + "</main>\n"
        html += "<footer>Scores are sums of <code>calculated_risk_score</code> by <code>normalized_risk_object</code> "
        html +=
            "and <code>risk_object_type</code>. Times are those of zone \(HTMLText.escape(week.zone.name)).</footer>\n"
        return html + "</body>\n</html>\n"
    }

    private var totalsHTML: String {
        let tiles = totalRows.map { row in
            let change = row[3] == "0" ? "the same as the week before" : "\(row[3]) against \(row[2]) the week before"
            return
                "<div><dt>\(HTMLText.escape(row[0]))</dt><dd class=\"figure\">\(row[1])</dd><dd>\(change)</dd></div>\n"
        }
        return "<section aria-label=\"Totals\">\n<dl class=\"totals\">\n" + tiles.joined() + "</dl>\n</section>\n"
    }

    private var daysHTML: String {
        var html = section("Risk by day")
        html += "<figure>\n" + DayChart.week(days)
        html += "<figcaption class=\"muted\">Filled with its figure: this week. Dashed outline: the week before."
        html += "</figcaption>\n</figure>\n"
        let rows = days.map { day in
            [
                "\(day.weekday) \(day.date)", String(day.risk.eventCount), ScoreText.print(day.risk.riskScore),
                ScoreText.print(day.previousRisk.riskScore),
            ]
        }
        html += HTMLText.table(
            "The same in figures", header: ["day", "risk events", "risk score", "week before"], numeric: [1, 2, 3],
            rows: rows)
        return html + "</section>\n"
    }

    private var entitiesHTML: String {
        var html = section("Entities: \(totals.entityCount), of them \(totals.newEntityCount) new")
        if entities.isEmpty { html += "<p>No risk events this week.</p>\n" }
        html += entities.isEmpty ? "" : "<ol class=\"entities\">\n"
        for entity in entities.prefix(WeeklySummary.listLimit) { html += entityHTML(entity) }
        html += entities.isEmpty ? "" : "</ol>\n"
        return html + more(entities.count) + "</section>\n"
    }

    private func entityHTML(_ entity: Entity) -> String {
        var html = "<li class=\"entity\">\n<header>\n<h3>\(HTMLText.value(entity.normalizedRiskObject)) "
        html += "<span class=\"tag\">\(HTMLText.escape(entity.riskObjectType))</span>"
        if entity.isNew { html += " <span class=\"tag\">new</span>" }
        html += "</h3>\n" + DayChart.sparkline(entity.scoreByDay, weekdays: days.map(\.weekday)) + "\n"
        html += "<p class=\"score\"><strong>\(ScoreText.print(entity.risk.riskScore))</strong> "
        html += "\(ScoreText.againstWeekBefore(entity.change)), "
        html += "\(counted(entity.risk.eventCount, "risk event"))</p>\n</header>\n<ul>\n"
        if entity.riskObjects != [entity.normalizedRiskObject] {
            html += "<li>seen as \(SummaryReasons.list(entity.riskObjects.map(HTMLText.value)))</li>\n"
        }
        for line in SummaryReasons.lines(for: entity, markup: markup) { html += "<li>\(line)</li>\n" }
        return html + "</ul>\n</li>\n"
    }

    private var markup: SummaryReasons.Markup { .init(quote: HTMLText.value, plain: HTMLText.escape) }

    private var rulesHTML: String {
        guard !rules.isEmpty else { return section("Rules that fired: none") + "</section>\n" }
        let rows = rules.prefix(WeeklySummary.listLimit).map { rule in
            [
                HTMLText.escape(shortRuleName(rule.searchName))
                    + (rule.isNew ? " <span class=\"tag\">new</span>" : ""), String(rule.risk.eventCount),
                String(rule.previousRisk.eventCount), ScoreText.print(rule.risk.riskScore),
                ScoreText.print(rule.previousRisk.riskScore), String(rule.entityCount),
            ]
        }
        let header = [
            "rule", "risk events", "events week before", "risk score", "score week before", "entities",
        ]
        return section("Rules")
            + HTMLText.table("Most risk events first", header: header, numeric: [1, 2, 3, 4, 5], rows: rows)
            + more(rules.count) + "</section>\n"
    }

    private var findingsHTML: String {
        guard !findings.isEmpty else { return section("Findings opened: none") + "</section>\n" }
        let rows = findings.prefix(WeeklySummary.listLimit).map { finding in
            [
                HTMLText.value(finding.id), TimeText.local(finding.timeMicroseconds, zone: week.zone),
                HTMLText.escape(finding.severity), ScoreText.print(finding.riskScore), HTMLText.escape(finding.title),
            ]
        }
        return section("Findings opened: \(findings.count)")
            + HTMLText.table(
                "By time", header: ["finding", "time", "severity", "risk score", "title"], numeric: [3], rows: rows)
            + more(findings.count) + "</section>\n"
    }

    private var quietHTML: String {
        guard !quietEntities.isEmpty else { return section("Quiet since the week before: none") + "</section>\n" }
        let rows = quietEntities.prefix(WeeklySummary.listLimit).map { entity in
            [
                HTMLText.value(entity.normalizedRiskObject), HTMLText.escape(entity.riskObjectType),
                ScoreText.print(entity.previousRisk.riskScore),
            ]
        }
        return section("Quiet since the week before: \(quietEntities.count)")
            + HTMLText.table(
                "Risk in the week before and none in this", header: ["entity", "type", "week before"], numeric: [2],
                rows: rows) + more(quietEntities.count) + "</section>\n"
    }

    private func section(_ title: String) -> String { "<section>\n<h2>\(HTMLText.escape(title))</h2>\n" }

    private func more(_ count: Int) -> String {
        guard count > WeeklySummary.listLimit else { return "" }
        return "<p>and \(count - WeeklySummary.listLimit) more; <code>--format json</code> lists all</p>\n"
    }
}
