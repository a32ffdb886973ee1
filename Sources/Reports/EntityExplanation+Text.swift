public import Engine
import Formats
import Risk
import RiskIndex

extension EntityExplanation {
    private static let lineLimit = 200
    private static let listLimit = 25

    /// For the terminal.
    ///
    /// - Parameter maximumWidth: of tables, in columns.
    public func text(maximumWidth: Int? = nil) -> String {
        var sections = [heading]
        if let life { sections.append("Sums of the finding\n" + sumsText(life, maximumWidth)) }
        if !lines.isEmpty { sections.append("Ledger\n" + ledgerText(maximumWidth)) }
        if !suppressions.isEmpty { sections.append("Silenced\n" + suppressionsText(maximumWidth)) }
        if !rules.isEmpty { sections.append("Without a rule\n" + rulesText(maximumWidth)) }
        if !threatObjects.isEmpty { sections.append("Without a threat object\n" + threatsText(maximumWidth)) }
        sections.append(thresholdsText(maximumWidth))
        sections.append("Entity score, 0 to 100, over 7 days\n" + entityScoreText(maximumWidth))
        return sections.joined(separator: "\n")
    }

    private var heading: String {
        var text = "\(TerminalText.escape(NameText.short(normalizedRiskObject))) "
        text += "(\(TerminalText.escape(NameText.short(riskObjectType))))\n"
        text += "\(time(windowStartMicroseconds)) to \(time(windowEndMicroseconds)) (zone \(zone.name)), "
        text += "\(counted(windowEventCount, "risk event"))\n"
        text += "Risk score \(both(totals)) under profile \(profile)\n"
        if !suppressions.isEmpty { text += "Silenced: \(ScoreText.print(suppressedRiskScore)) of the raw score\n" }
        text += "Entity score \(ScoreText.print(entityScore.value)) of 100 (\(entityScore.level.rawValue))\n"
        if let elasticScore {
            text += "Elastic's score \(ScoreText.print(elasticScore.value)) of 100 (\(elasticScore.level.rawValue)), "
            text += "over 30 days\n"
        }
        return text
    }

    private func ledgerText(_ maximumWidth: Int?) -> String {
        var columns: [TextTable.Column] = [
            .init("time"), .init("base", .right), .init("factors"), .init("score", .right), .init("counted", .right),
            .init("raw sum", .right), .init("counted sum", .right), .init("rule"), .init("why"), .init("message"),
            .init("risk event"),
        ]
        if life != nil {
            columns.insert(.init("joined"), at: 1)
            columns.insert(.init("at last step", .right), at: 8)
        }
        var table = TextTable(columns)
        func append(_ cells: [String], joined: String, atLastStep: String) {
            table.append(life == nil ? cells : [cells[0], joined] + cells[1..<7] + [atLastStep] + cells[7...])
        }
        let shown = lines.suffix(EntityExplanation.lineLimit)
        if let before = lines.dropLast(shown.count).last {
            append(
                [
                    "earlier", "", "", "", "", ScoreText.print(before.runningRaw),
                    ScoreText.print(before.runningCounted), counted(lines.count - shown.count, "risk event"), "", "",
                    "",
                ], joined: "", atLastStep: "")
        }
        for line in shown {
            append(
                [
                    time(line.event.timeMicroseconds), ScoreText.print(line.event.riskScore), Self.factors(line),
                    ScoreText.change(line.event.calculatedRiskScore), ScoreText.change(line.counted),
                    ScoreText.print(line.runningRaw), ScoreText.print(line.runningCounted),
                    NameText.short(shortRuleName(line.searchName)),
                    line.reasons.map(NameText.short).joined(separator: "; "),
                    NameText.short(line.riskMessage), line.riskEventID,
                ], joined: joinedText(line), atLastStep: atLastStepText(line))
        }
        return table.text(maximumWidth: maximumWidth, indent: 2)
    }

    /// `+5 x1.5 (Contractor user, Admin user)`; empty for none.
    static func factors(_ line: Line) -> String {
        var parts: [String] = []
        if line.event.factorAdd != 0 { parts.append(ScoreText.change(line.event.factorAdd)) }
        if line.event.factorMultiply != 1 { parts.append("x" + ScoreText.print(line.event.factorMultiply)) }
        let names = (line.additions + line.multiplications).map(NameText.short)
        if !names.isEmpty { parts.append("(\(names.joined(separator: ", ")))") }
        return parts.joined(separator: " ")
    }

    private func suppressionsText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("suppression"), .init("what"), .init("value"), .init("risk events", .right), .init("until"),
            .init("by"), .init("reason"),
        ])
        for silencer in suppressions.prefix(EntityExplanation.listLimit) {
            let suppression = silencer.suppression
            table.append([
                suppression.id, suppression.kind.rawValue, NameText.short(suppression.value),
                String(silencer.riskEventCount), suppression.untilMicroseconds.map(time) ?? "it is ended",
                NameText.short(suppression.author), NameText.short(suppression.reason),
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2) + more(suppressions.count, EntityExplanation.listLimit)
    }

    private func rulesText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("rule"), .init("risk events", .right), .init("raw", .right), .init("counted", .right),
            .init("raw without", .right), .init("counted without", .right),
        ])
        for rule in rules.prefix(EntityExplanation.listLimit) {
            table.append([
                NameText.short(shortRuleName(rule.searchName)), String(rule.riskEventCount),
                ScoreText.print(rule.share.raw), ScoreText.print(rule.share.counted),
                ScoreText.print(rule.without.raw), ScoreText.print(rule.without.counted),
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2) + more(rules.count, EntityExplanation.listLimit)
    }

    private func threatsText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("threat object"), .init("type"), .init("risk events", .right), .init("raw without", .right),
            .init("counted without", .right),
        ])
        for threat in threatObjects {
            table.append([
                NameText.short(threat.threatObject.value), NameText.short(threat.threatObject.type),
                String(threat.riskEventCount), ScoreText.print(threat.without.raw),
                ScoreText.print(threat.without.counted),
            ])
        }
        let rest = threatObjectCount - threatObjects.count
        return table.text(maximumWidth: maximumWidth, indent: 2) + (rest > 0 ? "  and \(rest) lighter ones\n" : "")
    }

    private func thresholdsText(_ maximumWidth: Int?) -> String {
        guard !thresholds.isEmpty else {
            return "Thresholds: no incident rule of profile \(profile) compares a sum with macro risk_threshold\n"
                + othersText
        }
        var table = TextTable([
            .init("over", .right), .init(""), .init("passed at"), .init("raw", .right), .init("counted", .right),
            .init("finding opens at"), .init("raw", .right), .init("counted", .right), .init("incident rule"),
        ])
        for outcome in thresholds {
            table.append([
                ScoreText.print(outcome.threshold), outcome.isShipped ? "as shipped" : "",
                outcome.crossing.map { time($0.tickMicroseconds) } ?? "never",
                outcome.crossing.map { ScoreText.print($0.totals.raw) } ?? "",
                outcome.crossing.map { ScoreText.print($0.totals.counted) } ?? "",
                outcome.opening.map { time($0.tickMicroseconds) } ?? "never",
                outcome.opening.map { ScoreText.print($0.totals.raw) } ?? "",
                outcome.opening.map { ScoreText.print($0.totals.counted) } ?? "",
                NameText.short(outcome.searchName),
            ])
        }
        return "Thresholds, from \(time(windowStartMicroseconds)) on\n"
            + table.text(maximumWidth: maximumWidth, indent: 2) + othersText
    }

    private var othersText: String {
        guard !otherIncidentRules.isEmpty else { return "" }
        let names = otherIncidentRules.prefix(Self.listLimit).map { TerminalText.escape(NameText.short($0)) }
        return "  Not looked at, for they compare no such sum: \(names.joined(separator: ", "))\n"
            + more(otherIncidentRules.count, Self.listLimit)
    }

    private func entityScoreText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("input, halved every 3.5 days"), .init("value", .right), .init("points", .right),
            .init("of", .right),
        ])
        for (name, part) in zip(EntityExplanation.scoreInputs, entityScore.parts) {
            table.append([
                name, ScoreText.print(part.input), ScoreText.print(part.points), ScoreText.print(part.weight),
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private func both(_ totals: ScoreTotals) -> String {
        "\(ScoreText.print(totals.raw)) (raw), \(ScoreText.print(totals.counted)) (counted)"
    }

    private func more(_ count: Int, _ limit: Int) -> String {
        count > limit ? "  and \(count - limit) more; --format json lists all\n" : ""
    }

    private func time(_ microseconds: Int64) -> String { TimeText.local(microseconds, zone: zone) }
}
