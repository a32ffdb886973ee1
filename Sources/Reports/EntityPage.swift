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
        return HTMLPage.document("Risk of", name, styles: [Self.css], content: sections)
    }

    var sections: String {
        explanations.enumerated().map { Self.section($1, id: "entity-\($0 + 1)") }.joined()
    }

    private static func section(_ explanation: EntityExplanation, id: String) -> String {
        func time(_ microseconds: Int64) -> String { TimeText.local(microseconds, zone: explanation.zone) }
        let type = HTMLText.value(NameText.short(explanation.riskObjectType))
        var html = "<section id=\"\(id)\" aria-labelledby=\"\(id)-heading\">\n<h2 id=\"\(id)-heading\">\(type)</h2>\n"
        html += "<p>\(time(explanation.windowStartMicroseconds)) to \(time(explanation.windowEndMicroseconds)) "
        html +=
            "(zone \(HTMLText.escape(explanation.zone.name))), \(counted(explanation.windowEventCount, "risk event")), "
        html += "profile \(HTMLText.escape(explanation.profile))</p>\n<dl class=\"totals\">\n"
        html += HTMLPage.tile("Raw score", ScoreText.grouped(explanation.totals.raw), "every event, as Splunk sums")
        html += HTMLPage.tile("Counted score", ScoreText.grouped(explanation.totals.counted), "what the profile counts")
        html += HTMLPage.tile(
            "Entity score", ScoreText.print(explanation.entityScore.value),
            "of 100, \(explanation.entityScore.level.rawValue)")
        if let elastic = explanation.elasticScore {
            html += HTMLPage.tile(
                "Elastic's score", ScoreText.print(elastic.value), "of 100, \(elastic.level.rawValue)")
        }
        html += "</dl>\n"
        if explanation.curve.count > 1 {
            let hours = explanation.curveWindowMicroseconds / 3_600_000_000
            let caption = "Score over the \(hours) hours before each moment: counted as a line, raw in dashes"
            let curve = ScoreCurve(
                points: explanation.curve, thresholds: Set(explanation.thresholds.map(\.threshold)).sorted(),
                zone: explanation.zone)
            html += "<h3>Score over time</h3>\n<figure>\n"
            html += HTMLPage.scroll("Score over time", curve.svg(id: "\(id)-curve", title: "Score over time") + "\n")
            html += "<figcaption>\(HTMLText.escape(caption))</figcaption>\n</figure>\n"
        }
        return html + tables(explanation, time) + "</section>\n"
    }

    private static func tables(_ explanation: EntityExplanation, _ time: (Int64) -> String) -> String {
        func moment(_ crossing: ThresholdCrossing?) -> [String] {
            guard let crossing else { return ["never", "", ""] }
            return [
                time(crossing.tickMicroseconds), ScoreText.print(crossing.totals.raw),
                ScoreText.print(crossing.totals.counted),
            ]
        }
        var html = ""
        if let life = explanation.life {
            html += HTMLPage.table(
                "Sums of the finding", ["At", "Window", "#Risk events", "#Raw", "#Counted", "#Silenced"],
                explanation.sumsRows(life))
            html += explanation.remarks(life).map { "<p>\(HTMLText.escape($0)).</p>\n" }.joined()
        }
        let shown = explanation.lines.suffix(lineLimit)
        let isLife = explanation.life != nil
        html += HTMLPage.table(
            "Ledger",
            ["Time"] + (isLife ? ["Joined"] : [])
                + ["Rule", "#Base", "Factors", "#Score", "#Counted", "#Raw sum", "#Counted sum"]
                + (isLife ? ["#At last step"] : []) + ["Why", "Message"],
            shown.map { line in
                [time(line.event.timeMicroseconds)] + (isLife ? [explanation.joinedText(line)] : [])
                    + [
                        shortRuleName(line.searchName), ScoreText.print(line.event.riskScore),
                        EntityExplanation.factors(line), ScoreText.change(line.event.calculatedRiskScore),
                        ScoreText.change(line.counted), ScoreText.print(line.runningRaw),
                        ScoreText.print(line.runningCounted),
                    ] + (isLife ? [explanation.atLastStepText(line)] : [])
                    + [line.reasons.joined(separator: "; "), line.riskMessage]
            })
        if shown.count < explanation.lines.count {
            html += "<p>The newest \(shown.count) of \(explanation.lines.count) risk events; JSON has all.</p>\n"
        }
        html += HTMLPage.table(
            "Without a rule", ["Rule", "#Risk events", "#Raw without", "#Counted without"],
            explanation.rules.prefix(lineLimit).map {
                [
                    shortRuleName($0.searchName), String($0.riskEventCount), ScoreText.print($0.without.raw),
                    ScoreText.print($0.without.counted),
                ]
            })
        html += HTMLPage.table(
            "Without a threat object", ["Threat object", "Type", "#Risk events", "#Raw without", "#Counted without"],
            explanation.threatObjects.map {
                [
                    $0.threatObject.value, $0.threatObject.type, String($0.riskEventCount),
                    ScoreText.print($0.without.raw), ScoreText.print($0.without.counted),
                ]
            })
        html += HTMLPage.table(
            "Thresholds",
            [
                "Incident rule", "#Over", "Passed at", "#Raw", "#Counted", "Finding opens at", "#Raw", "#Counted",
            ],
            explanation.thresholds.map { outcome in
                [
                    outcome.searchName, ScoreText.print(outcome.threshold) + (outcome.isShipped ? " (as shipped)" : ""),
                ] + moment(outcome.crossing) + moment(outcome.opening)
            })
        html += HTMLPage.table(
            "Incident rules that compare no such sum", ["Incident rule"],
            explanation.otherIncidentRules.prefix(lineLimit).map { [$0] })
        return html
            + HTMLPage.table(
                "Silenced", ["Suppression", "What", "Value", "#Risk events", "Reason"],
                explanation.suppressions.map { silencer in
                    [
                        silencer.suppression.id, silencer.suppression.kind.rawValue, silencer.suppression.value,
                        String(silencer.riskEventCount), silencer.suppression.reason,
                    ]
                })
    }

    static let css = """
        svg .curve { fill: none; stroke-width: 2; }
        svg .curve.counted { stroke: var(--now); }
        svg .curve.raw { stroke: var(--before); stroke-dasharray: 5 3; }
        svg .limit { stroke: var(--text); stroke-width: 1; stroke-dasharray: 1 3; }

        """
}
