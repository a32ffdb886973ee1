public import Engine
import Formats
import Risk
import RiskIndex

/// Explained entities as one page in one file: no script, nothing loaded from elsewhere, light and dark, fit to print.
public struct EntityPage: Sendable {
    private let explanations: [EntityExplanation]

    /// The newest lines of the ledger that the page shows.
    private static let lineLimit = 500

    /// - Parameter explanations: of the entities of one name.
    public init(_ explanations: [EntityExplanation]) { self.explanations = explanations }

    public var html: String {
        let name = explanations.first.map { NameText.short($0.normalizedRiskObject) } ?? ""
        let title = "Risk of \(name)"
        var html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        html += "<meta name=\"color-scheme\" content=\"light dark\">\n"
        // Nothing may load or run, should anything slip through the escaping.
        html += "<meta http-equiv=\"Content-Security-Policy\" "
        html += "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        html += "<title>\(HTMLText.escape(title))</title>\n<style>\n\(SummaryStyle.css)\(Self.css)</style>\n</head>\n"
        html += "<body>\n<header>\n<h1>Risk of \(HTMLText.value(name))</h1>\n</header>\n<main>\n"
        for (position, explanation) in explanations.enumerated() {
            html += Self.section(explanation, id: "entity-\(position + 1)")
        }
        return html + "</main>\n</body>\n</html>\n"
    }

    private static func section(_ explanation: EntityExplanation, id: String) -> String {
        func time(_ microseconds: Int64) -> String { TimeText.local(microseconds, zone: explanation.zone) }
        let type = HTMLText.value(NameText.short(explanation.riskObjectType))
        var html = "<section id=\"\(id)\" aria-labelledby=\"\(id)-heading\">\n<h2 id=\"\(id)-heading\">\(type)</h2>\n"
        html += "<p>\(time(explanation.windowStartMicroseconds)) to \(time(explanation.windowEndMicroseconds)) "
        html += "(zone \(HTMLText.escape(explanation.zone.name))), \(counted(explanation.lines.count, "risk event")), "
        html += "profile \(HTMLText.escape(explanation.profile))</p>\n<dl class=\"totals\">\n"
        html += tile("Raw score", ScoreText.grouped(explanation.totals.raw), "every event, as Splunk sums")
        html += tile("Counted score", ScoreText.grouped(explanation.totals.counted), "what the profile counts")
        html += tile(
            "Entity score", ScoreText.print(explanation.entityScore.value),
            "of 100, \(explanation.entityScore.level.rawValue)")
        if let elastic = explanation.elasticScore {
            html += tile("Elastic's score", ScoreText.print(elastic.value), "of 100, \(elastic.level.rawValue)")
        }
        html += "</dl>\n"
        if explanation.curve.count > 1 {
            let hours = explanation.curveWindowMicroseconds / 3_600_000_000
            let caption = "Score over the \(hours) hours before each moment: counted as a line, raw in dashes"
            let curve = ScoreCurve(
                points: explanation.curve, thresholds: Set(explanation.thresholds.map(\.threshold)).sorted(),
                zone: explanation.zone)
            html += "<h3>Score over time</h3>\n<figure>\n"
            html += scroll("Score over time", curve.svg(id: "\(id)-curve", title: "Score over time") + "\n")
            html += "<figcaption>\(HTMLText.escape(caption))</figcaption>\n</figure>\n"
        }
        return html + tables(explanation, time) + "</section>\n"
    }

    private static func tables(_ explanation: EntityExplanation, _ time: (Int64) -> String) -> String {
        let shown = explanation.lines.suffix(lineLimit)
        var html = table(
            "Ledger",
            ["Time", "Rule", "#Base", "Factors", "#Score", "#Counted", "#Raw sum", "#Counted sum", "Why", "Message"],
            shown.map { line in
                [
                    time(line.event.timeMicroseconds), shortRuleName(line.searchName),
                    ScoreText.print(line.event.riskScore), EntityExplanation.factors(line),
                    ScoreText.change(line.event.calculatedRiskScore), ScoreText.change(line.counted),
                    ScoreText.print(line.runningRaw), ScoreText.print(line.runningCounted),
                    line.reasons.joined(separator: "; "), line.riskMessage,
                ]
            })
        if shown.count < explanation.lines.count {
            html += "<p>The newest \(shown.count) of \(explanation.lines.count) risk events; JSON has all.</p>\n"
        }
        html += table(
            "Without a rule", ["Rule", "#Risk events", "#Raw without", "#Counted without"],
            explanation.rules.prefix(lineLimit).map {
                [
                    shortRuleName($0.searchName), String($0.riskEventCount), ScoreText.print($0.without.raw),
                    ScoreText.print($0.without.counted),
                ]
            })
        html += table(
            "Without a threat object", ["Threat object", "Type", "#Risk events", "#Raw without", "#Counted without"],
            explanation.threatObjects.map {
                [
                    $0.threatObject.value, $0.threatObject.type, String($0.riskEventCount),
                    ScoreText.print($0.without.raw), ScoreText.print($0.without.counted),
                ]
            })
        html += table(
            "Thresholds", ["Incident rule", "#Over", "Passed at", "Finding opens at"],
            explanation.thresholds.map { outcome in
                [
                    outcome.searchName, ScoreText.print(outcome.threshold) + (outcome.isShipped ? " (as shipped)" : ""),
                    outcome.crossing.map { time($0.tickMicroseconds) } ?? "never",
                    outcome.opening.map { time($0.tickMicroseconds) } ?? "never",
                ]
            })
        return html
            + table(
                "Silenced", ["Suppression", "What", "Value", "#Risk events", "Reason"],
                explanation.suppressions.map { silencer in
                    [
                        silencer.suppression.id, silencer.suppression.kind.rawValue, silencer.suppression.value,
                        String(silencer.riskEventCount), silencer.suppression.reason,
                    ]
                })
    }

    /// Nothing without rows. A title that begins with `#` is one of numbers.
    private static func table(_ caption: String, _ titles: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        var html = "<table>\n<caption class=\"unseen\">\(HTMLText.escape(caption))</caption>\n<thead><tr>"
        for title in titles {
            let number = title.hasPrefix("#") ? " class=\"number\"" : ""
            let text = HTMLText.escape(title.hasPrefix("#") ? String(title.dropFirst()) : title)
            html += "<th scope=\"col\"\(number)>\(text)</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for row in rows {
            html += "<tr>"
            for (title, cell) in zip(titles, row) {
                let text = HTMLText.escape(NameText.short(cell))
                html += title.hasPrefix("#") ? "<td class=\"number\">\(text)</td>" : "<td><bdi>\(text)</bdi></td>"
            }
            html += "</tr>\n"
        }
        return "<h3>\(HTMLText.escape(caption))</h3>\n" + scroll(caption, html + "</tbody>\n</table>\n")
    }

    private static func tile(_ title: String, _ figure: String, _ detail: String) -> String {
        "<div><dt>\(HTMLText.escape(title))</dt><dd class=\"figure\">\(HTMLText.escape(figure))</dd>"
            + "<dd class=\"change\">\(HTMLText.escape(detail))</dd></div>\n"
    }

    /// Wide content scrolls by itself where the screen is narrow; the keyboard can reach it.
    private static func scroll(_ name: String, _ content: String) -> String {
        "<div class=\"scroll\" role=\"region\" aria-label=\"\(HTMLText.escape(name))\" tabindex=\"0\">\n\(content)</div>\n"
    }

    private static let css = """
        svg .curve { fill: none; stroke-width: 2; }
        svg .curve.counted { stroke: var(--now); }
        svg .curve.raw { stroke: var(--before); stroke-dasharray: 5 3; }
        svg .limit { stroke: var(--text); stroke-width: 1; stroke-dasharray: 1 3; }

        """
}
