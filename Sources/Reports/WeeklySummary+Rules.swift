import Engine
import RiskIndex

// Sections of the document about findings, rules, and what the figures cannot show.

extension WeeklySummary {
    /// Of the noisiest rules, and of the quietest.
    static let ruleLimit = 10

    var findingsSection: SummaryDocument.Section {
        var blocks: [SummaryDocument.Block] = []
        blocks.append(.heading("Opened: \(ScoreText.grouped(Double(findings.count)))"))
        if !findings.isEmpty { blocks.append(.table(openedTable)) }
        func lines(_ title: String, _ caption: String, _ findings: [SummaryRecords.FindingLine]?) {
            guard let findings else { return }
            blocks.append(.heading("\(title): \(ScoreText.grouped(Double(findings.count)))"))
            if !findings.isEmpty { blocks.append(.table(lineTable(caption, findings))) }
        }
        lines("Updated", "Findings with something new, by time", records.updatedFindings)
        lines("Held", "Findings of which nobody was told again, by time", records.heldFindings)
        lines("Closed", "Findings closed, by time of closing", records.closedFindings)
        return .init(id: "findings", title: "Findings", blocks: blocks)
    }

    private var openedTable: Table {
        let rows = findings.prefix(WeeklySummary.listLimit).map { finding -> [Cell] in
            [
                .spans([.name(finding.id)]), .spans([.words(local(finding.timeMicroseconds))]),
                .spans([.prose(finding.severity)]), .number(ScoreText.grouped(finding.riskScore)),
                .spans([.name(finding.title)]), .spans([.prose(finding.reason)]),
            ]
        }
        return Table(
            caption: "Findings opened, by time",
            columns: [
                .init(title: "finding", isWhole: true), .init(title: "time", isWhole: true), .init(title: "severity"),
                .init(title: "risk score", isNumber: true), .init(title: "title"), .init(title: "why"),
            ], rows: rows, moreCount: findings.count - rows.count)
    }

    private func lineTable(_ caption: String, _ findings: [SummaryRecords.FindingLine]) -> Table {
        let rows = findings.prefix(WeeklySummary.listLimit).map { finding -> [Cell] in
            [
                .spans([.name(finding.findingID)]), .spans([.words(local(finding.timeMicroseconds))]),
                .spans(Span.typed(finding.normalizedRiskObject, finding.riskObjectType)),
                .number(finding.riskScore.map(ScoreText.grouped) ?? ""), .spans([.name(finding.title)]),
                .spans([.prose(finding.reason)]),
            ]
        }
        return Table(
            caption: caption,
            columns: [
                .init(title: "finding", isWhole: true), .init(title: "time", isWhole: true), .init(title: "entity"),
                .init(title: "risk score", isNumber: true), .init(title: "title"), .init(title: "why"),
            ], rows: rows, moreCount: findings.count - rows.count)
    }

    var rulesSection: SummaryDocument.Section {
        guard !rules.isEmpty else { return .init(id: "rules", title: "Rules that fired: none", blocks: []) }
        let noisiest = rules.prefix(WeeklySummary.ruleLimit).filter { $0.sums.current.eventCount > 0 }
        let others = rules.dropFirst(noisiest.count)
            .stablySorted { left, right in
                let (now, before) = (left.sums, right.sums)
                return (now.current.eventCount, -now.previous.eventCount)
                    < (before.current.eventCount, -before.previous.eventCount)
            }
        let quietest = others.prefix(WeeklySummary.ruleLimit)
        var blocks: [SummaryDocument.Block] = []
        if !noisiest.isEmpty {
            blocks.append(.table(ruleTable("Noisiest rules, most risk events first", Array(noisiest), moreCount: 0)))
        }
        if !quietest.isEmpty {
            blocks.append(
                .table(
                    ruleTable(
                        "Quietest rules, fewest risk events first", Array(quietest),
                        moreCount: others.count - quietest.count)))
        }
        return .init(id: "rules", title: "Rules: noisiest and quietest", blocks: blocks)
    }

    private func ruleTable(_ caption: String, _ rules: [Rule], moreCount: Int) -> Table {
        let rows = rules.map { rule -> [Cell] in
            let last = rule.lastMicroseconds.map { TimeText.day(TimeText.localDay($0, zone: week.zone)) }
            return [
                .spans([.prose(shortRuleName(rule.searchName))] + (rule.isNew ? [.words(" "), .tag("new")] : [])),
                .sparkline(sparkline(rule.days)), .number(ScoreText.grouped(Double(rule.sums.current.eventCount))),
                .number(ScoreText.grouped(Double(rule.sums.previous.eventCount))),
                .number(ScoreText.grouped(rule.sums.current.raw)), .number(ScoreText.grouped(rule.sums.previous.raw)),
                .number(ScoreText.grouped(rule.sums.current.counted)),
                .number(ScoreText.grouped(Double(rule.entityCount))), .spans([.words(last ?? "never")]),
            ]
        }
        return Table(
            caption: caption,
            columns: [
                .init(title: "rule"), .init(title: "two weeks", place: .page),
                .init(title: "risk events", isNumber: true), .init(title: "events before", isNumber: true),
                .init(title: "raw", isNumber: true), .init(title: "raw before", isNumber: true),
                .init(title: "counted", isNumber: true), .init(title: "entities", isNumber: true),
                .init(title: "last fired", isWhole: true),
            ], rows: rows, moreCount: moreCount, hasOwnCaption: true)
    }

    var blindSpotsSection: SummaryDocument.Section {
        var blocks: [SummaryDocument.Block] = []
        func table(_ title: String, _ table: Table?) {
            blocks.append(.heading(table == nil ? "\(title): none" : title))
            if let table { blocks.append(.table(table)) }
        }
        if let sources = records.silentSources { table("Data sources that fell silent", silentTable(sources)) }
        if let detections = records.detectionsNotRun {
            table("Detections that did not run", notRunTable(detections))
        }
        if let lost = records.lostRisk { table("Lost risk: rows without an entity", lostTable(lost)) }
        if let suppressions = records.suppressions { table("Silenced", suppressionTable(suppressions)) }
        let unknown = records.unknownParts
        if !unknown.isEmpty {
            blocks.append(.paragraph([.words("Not recorded in this index: \(unknown.joined(separator: ", ")).")]))
        }
        return .init(id: "blind-spots", title: "Blind spots", blocks: blocks)
    }

    private func silentTable(_ sources: [SummaryRecords.SilentSource]) -> Table? {
        guard !sources.isEmpty else { return nil }
        let rows = sources.prefix(WeeklySummary.listLimit).map { source -> [Cell] in
            [.spans([.name(source.sourcetype)]), .spans([.words(local(source.lastMicroseconds))])]
        }
        return Table(
            caption: "No event in the last two days of the week",
            columns: [.init(title: "sourcetype"), .init(title: "last event", isWhole: true)], rows: rows,
            moreCount: sources.count - rows.count)
    }

    private func notRunTable(_ detections: [SummaryRecords.DetectionNotRun]) -> Table? {
        guard !detections.isEmpty else { return nil }
        let rows = detections.prefix(WeeklySummary.listLimit).map { detection -> [Cell] in
            [
                .spans([.prose(shortRuleName(detection.searchName))]),
                .number(ScoreText.grouped(Double(detection.runCount))), .spans([.prose(detection.problem)]),
            ]
        }
        return Table(
            caption: "Detections that did not run when they last were to",
            columns: [.init(title: "detection"), .init(title: "runs", isNumber: true), .init(title: "why")],
            rows: rows, moreCount: detections.count - rows.count)
    }

    private func lostTable(_ lost: [SummaryRecords.LostRisk]) -> Table? {
        guard !lost.isEmpty else { return nil }
        let rows = lost.prefix(WeeklySummary.listLimit).map { rule -> [Cell] in
            [
                .spans([.prose(shortRuleName(rule.searchName))]), .spans([.name(rule.field)]),
                .number(ScoreText.grouped(Double(rule.rowCount))),
            ]
        }
        return Table(
            caption: "Result rows whose entity field was null: no risk event was written",
            columns: [.init(title: "rule"), .init(title: "field"), .init(title: "rows", isNumber: true)], rows: rows,
            moreCount: lost.count - rows.count)
    }

    private func suppressionTable(_ suppressions: [SummaryRecords.SuppressionLine]) -> Table? {
        guard !suppressions.isEmpty else { return nil }
        let rows = suppressions.prefix(WeeklySummary.listLimit).map { suppression -> [Cell] in
            [
                .spans([.name(suppression.value)]), .spans([.words(suppression.kind)]),
                .spans([.words(suppression.untilMicroseconds.map(local) ?? "it is ended")]),
                .spans([.prose(suppression.author)]), .spans([.prose(suppression.reason)]),
            ]
        }
        return Table(
            caption: "Risk events that do not count for findings",
            columns: [
                .init(title: "what"), .init(title: "kind"), .init(title: "until", isWhole: true), .init(title: "by"),
                .init(title: "why"),
            ], rows: rows, moreCount: suppressions.count - rows.count)
    }
}
