import Formats
import RiskIndex

extension EntityReport {
    /// Longer ledgers begin with one line for what came before.
    private static let ledgerLimit = 50
    private static let listLimit = 25

    /// For the terminal.
    ///
    /// - Parameter maximumWidth: of tables, in columns.
    public func text(maximumWidth: Int? = nil) -> String {
        var sections = [heading]
        if !ledger.isEmpty { sections.append("Why\n" + ledgerText(maximumWidth)) }
        if !days.isEmpty { sections.append("Score by day\n" + daysText(maximumWidth)) }
        sections.append("Names\n" + aliasesText(maximumWidth))
        sections += [
            sightingsText("Rules", rules, maximumWidth), sightingsText("Threat objects", threatObjects, maximumWidth),
            sightingsText("Tactics", tactics, maximumWidth),
        ].filter { !$0.isEmpty }
        sections.append(findingsText(maximumWidth))
        return sections.joined(separator: "\n")
    }

    private var heading: String {
        var text = "\(TerminalText.escape(normalizedRiskObject)) (\(TerminalText.escape(riskObjectType)))\n"
        text += "Risk score \(ScoreText.print(riskScore)) in the \(EntityReport.duration(windowMicroseconds)) before "
        text += "\(time(nowMicroseconds)) (zone \(zone.name)), from \(counted(risk.eventCount, "risk event"))\n"
        guard let allRisk else { return text + "No risk events up to then\n" }
        text += "First seen \(time(allRisk.firstMicroseconds)), last seen \(time(allRisk.lastMicroseconds)), "
        text += "\(counted(allRisk.eventCount, "risk event")) in all\n"
        return text
    }

    private func ledgerText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("time"), .init("change", .right), .init("score", .right), .init("rule"), .init("message"),
            .init("risk event"),
        ])
        let shown = ledger.suffix(EntityReport.ledgerLimit)
        if let before = ledger.dropLast(shown.count).last {
            table.append([
                "earlier", ScoreText.change(before.total), ScoreText.print(before.total),
                counted(ledger.count - shown.count, "risk event"), "", "",
            ])
        }
        for line in shown {
            var change = ScoreText.change(line.calculatedRiskScore)
            if line.riskScore != line.calculatedRiskScore { change += " (base \(ScoreText.print(line.riskScore)))" }
            table.append([
                time(line.timeMicroseconds), change, ScoreText.print(line.total), shortRuleName(line.searchName),
                line.riskMessage, line.riskEventID,
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private func daysText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("day"), .init("risk events", .right), .init("added", .right), .init("score at its end", .right),
            .init(""),
        ])
        let peak = days.map(\.riskScoreAtEnd).max() ?? 0
        for day in days {
            let share = peak > 0 ? max(0, day.riskScoreAtEnd / peak) : 0
            table.append([
                day.date, String(day.added.eventCount), ScoreText.change(day.added.riskScore),
                ScoreText.print(day.riskScoreAtEnd), String(repeating: "#", count: Int((share * 20).rounded())),
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private func aliasesText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("name"), .init("risk events", .right), .init("in field"), .init("last seen"), .init("why"),
        ])
        for alias in aliases.prefix(EntityReport.listLimit) {
            table.append([
                alias.riskObject, String(alias.risk.eventCount), alias.entityFields.joined(separator: ", "),
                time(alias.risk.lastMicroseconds), alias.reason,
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2) + more(aliases.count)
    }

    private func sightingsText(_ title: String, _ sightings: [Sighting], _ maximumWidth: Int?) -> String {
        guard !sightings.isEmpty else { return "" }
        var table = TextTable([
            .init("name"), .init("risk score", .right), .init("risk events", .right), .init("events in all", .right),
            .init("first seen"), .init("last seen"),
        ])
        for sighting in sightings.prefix(EntityReport.listLimit) {
            let name = shortRuleName(sighting.name) + (sighting.type.isEmpty ? "" : " (\(sighting.type))")
            table.append([
                name, ScoreText.print(sighting.risk.riskScore), String(sighting.risk.eventCount),
                String(sighting.allRisk.eventCount), time(sighting.allRisk.firstMicroseconds),
                time(sighting.allRisk.lastMicroseconds),
            ])
        }
        return "\(title)\n" + table.text(maximumWidth: maximumWidth, indent: 2) + more(sightings.count)
    }

    private func findingsText(_ maximumWidth: Int?) -> String {
        guard !findings.isEmpty else { return "Findings: none\n" }
        var table = TextTable([
            .init("time"), .init("finding"), .init("severity"), .init("risk score", .right), .init("title"),
        ])
        for finding in findings.suffix(EntityReport.listLimit) {
            table.append([
                time(finding.timeMicroseconds), finding.id, finding.severity, ScoreText.print(finding.riskScore),
                finding.title,
            ])
        }
        let earlier = findings.count - EntityReport.listLimit
        return "Findings: \(findings.count)\n" + table.text(maximumWidth: maximumWidth, indent: 2)
            + (earlier > 0 ? "  and \(earlier) earlier; --format json lists all\n" : "")
    }

    private func more(_ count: Int) -> String {
        count > EntityReport.listLimit ? "  and \(count - EntityReport.listLimit) more; --format json lists all\n" : ""
    }

    private func time(_ microseconds: Int64) -> String { TimeText.local(microseconds, zone: zone) }

    /// `7 days`, `24 hours`, `90 seconds`: in the largest unit of which there are several.
    private static func duration(_ microseconds: Int64) -> String {
        let units: [(seconds: Int64, name: String)] = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")]
        for unit in units {
            let (count, rest) = microseconds.quotientAndRemainder(dividingBy: unit.seconds * 1_000_000)
            if rest == 0, count > 1 { return counted(Int(count), unit.name) }
        }
        return "\(TimeText.epochSeconds(microseconds)) seconds"
    }
}
