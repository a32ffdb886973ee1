import RiskIndex

// Sections of the document about findings, rules, and what the figures cannot show.

extension WeeklySummary {
    /// Of the noisiest rules, and of the quietest.
    static let ruleLimit = 10

    var findingsSection: SummaryDocument.Section {
        var blocks: [SummaryDocument.Block] = []
        blocks.append(.heading("Opened: \(ScoreText.grouped(Double(findings.count)))"))
        if !findings.isEmpty { blocks.append(.table(openedTable)) }
        if let held = records.heldFindings {
            blocks.append(.heading("Held: \(ScoreText.grouped(Double(held.count)))"))
            if !held.isEmpty { blocks.append(.table(heldTable(held))) }
        }
        if let closed = records.closedFindings {
            blocks.append(.heading("Closed: \(ScoreText.grouped(Double(closed.count)))"))
            if !closed.isEmpty { blocks.append(.table(closedTable(closed))) }
        }
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

    private func heldTable(_ held: [SummaryRecords.HeldFinding]) -> Table {
        let rows = held.prefix(WeeklySummary.listLimit).map { finding -> [Cell] in
            [
                .spans(Span.typed(finding.normalizedRiskObject, finding.riskObjectType)),
                .spans([.words(local(finding.timeMicroseconds))]), .spans([.prose(shortRuleName(finding.searchName))]),
                .number(ScoreText.grouped(finding.riskScore)), .spans([.prose(finding.reason)]),
            ]
        }
        return Table(
            caption: "Findings held back, by time",
            columns: [
                .init(title: "entity"), .init(title: "time", isWhole: true), .init(title: "incident rule"),
                .init(title: "risk score", isNumber: true), .init(title: "why"),
            ], rows: rows, moreCount: held.count - rows.count)
    }

    private func closedTable(_ closed: [SummaryRecords.ClosedFinding]) -> Table {
        let rows = closed.prefix(WeeklySummary.listLimit).map { finding -> [Cell] in
            [
                .spans([.name(finding.findingID)]), .spans([.words(local(finding.timeMicroseconds))]),
                .spans(Span.typed(finding.normalizedRiskObject, finding.riskObjectType)),
                .spans([.name(finding.title)]), .spans([.prose(finding.disposition)]),
            ]
        }
        return Table(
            caption: "Findings closed, by time of closing",
            columns: [
                .init(title: "finding", isWhole: true), .init(title: "time", isWhole: true), .init(title: "entity"),
                .init(title: "title"),
                .init(title: "closed as"),
            ], rows: rows, moreCount: closed.count - rows.count)
    }

    var rulesSection: SummaryDocument.Section {
        guard !rules.isEmpty else { return .init(id: "rules", title: "Rules that fired: none", blocks: []) }
        let noisiest = rules.prefix(WeeklySummary.ruleLimit).filter { $0.risk.current.eventCount > 0 }
        let others = rules.dropFirst(noisiest.count)
            .stablySorted { left, right in
                let (now, before) = (left.risk, right.risk)
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
        var columns: [SummaryDocument.Column] = [
            .init(title: "rule"), .init(title: "two weeks", place: .page), .init(title: "risk events", isNumber: true),
            .init(title: "events before", isNumber: true),
        ]
        if countsRisk { columns.append(.init(title: "counted", isNumber: true)) }
        columns += [
            .init(title: countsRisk ? "raw" : "risk score", isNumber: true),
            .init(title: countsRisk ? "raw before" : "score before", isNumber: true),
            .init(title: "entities", isNumber: true), .init(title: "last fired", isWhole: true),
        ]
        let rows = rules.map { rule -> [Cell] in
            var cells: [Cell] = [
                .spans([.prose(shortRuleName(rule.searchName))] + (rule.isNew ? [.words(" "), .tag("new")] : [])),
                .sparkline(sparkline(previous: rule.previousScoreByDay, current: rule.scoreByDay)),
                .number(ScoreText.grouped(Double(rule.risk.current.eventCount))),
                .number(ScoreText.grouped(Double(rule.risk.previous.eventCount))),
            ]
            if countsRisk { cells.append(.number(rule.risk.current.countedRiskScore.map(ScoreText.grouped) ?? "")) }
            return cells + [
                .number(ScoreText.grouped(rule.risk.current.riskScore)),
                .number(ScoreText.grouped(rule.risk.previous.riskScore)),
                .number(ScoreText.grouped(Double(rule.entityCount))),
                .spans([
                    .words(
                        rule.lastMicroseconds.map { TimeText.day(TimeText.localDay($0, zone: week.zone)) } ?? "never")
                ]),
            ]
        }
        return Table(caption: caption, columns: columns, rows: rows, moreCount: moreCount, hasOwnCaption: true)
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
        let unknown = records.unknownParts
        if !unknown.isEmpty {
            blocks.append(.paragraph([.words("Not recorded in this index: \(unknown.joined(separator: ", ")).")]))
        }
        return .init(id: "blind-spots", title: "Blind spots", blocks: blocks)
    }

    private func silentTable(_ sources: [SummaryRecords.SilentSource]) -> Table? {
        guard !sources.isEmpty else { return nil }
        let rows = sources.prefix(WeeklySummary.listLimit).map { source -> [Cell] in
            [
                .spans([.name(source.sourcetype)]), .number(ScoreText.grouped(Double(source.previousEventCount))),
                .spans([.words(local(source.lastMicroseconds))]),
            ]
        }
        return Table(
            caption: "Events the week before and none this week",
            columns: [
                .init(title: "sourcetype"), .init(title: "events week before", isNumber: true),
                .init(title: "last event", isWhole: true),
            ], rows: rows, moreCount: sources.count - rows.count)
    }

    private func notRunTable(_ detections: [SummaryRecords.DetectionNotRun]) -> Table? {
        guard !detections.isEmpty else { return nil }
        let rows = detections.prefix(WeeklySummary.listLimit).map { detection -> [Cell] in
            [
                .spans([.prose(shortRuleName(detection.searchName))]), .spans([.words(detection.code)]),
                .spans([.prose(detection.message)]),
            ]
        }
        return Table(
            caption: "Detections that were to run this week and did not",
            columns: [.init(title: "detection"), .init(title: "code", isWhole: true), .init(title: "why")], rows: rows,
            moreCount: detections.count - rows.count)
    }

    private func lostTable(_ lost: [SummaryRecords.LostRisk]) -> Table? {
        guard !lost.isEmpty else { return nil }
        let rows = lost.prefix(WeeklySummary.listLimit).map { rule -> [Cell] in
            [.spans([.prose(shortRuleName(rule.searchName))]), .number(ScoreText.grouped(Double(rule.rowCount)))]
        }
        return Table(
            caption: "Result rows whose entity field was null: no risk event was written",
            columns: [.init(title: "rule"), .init(title: "rows", isNumber: true)], rows: rows,
            moreCount: lost.count - rows.count)
    }
}
