import RiskIndex

// Sections of the document about risk: by day, by tactic, by entity.

extension WeeklySummary {
    /// Rows of the heat map: an analyst looks at the worst first, and a screen holds about so many.
    static let heatMapRowLimit = 15
    /// ATT&CK has 14 to 15 tactics; content may write anything.
    static let heatMapColumnLimit = 18

    var daysSection: SummaryDocument.Section {
        var columns: [SummaryDocument.Column] = [.init(title: "day"), .init(title: "risk events", isNumber: true)]
        if countsRisk { columns.append(.init(title: "counted", isNumber: true)) }
        columns += [
            .init(title: countsRisk ? "raw" : "risk score", isNumber: true),
            .init(title: "week before", isNumber: true),
            .init(title: "", place: .terminal),
        ]
        let peak = days.map(\.risk.current.riskScore).max() ?? 0
        let rows = days.map { day -> [Cell] in
            var cells: [Cell] = [
                .spans([.words("\(day.weekday) \(day.date)")]),
                .number(ScoreText.grouped(Double(day.risk.current.eventCount))),
            ]
            if countsRisk { cells.append(.number(day.risk.current.countedRiskScore.map(ScoreText.grouped) ?? "")) }
            return cells + [
                .number(ScoreText.grouped(day.risk.current.riskScore)),
                .number(ScoreText.grouped(day.risk.previous.riskScore)),
                .bar(peak > 0 ? max(0, day.risk.current.riskScore / peak) : 0),
            ]
        }
        let table = Table(caption: "Risk by day", columns: columns, rows: rows)
        return .init(id: "days", title: "Risk by day", blocks: [.picture(.timeline(timeline), table)])
    }

    private var timeline: Timeline {
        func lane(_ name: String, _ shape: Timeline.Shape, _ times: [Int64]) -> Timeline.Lane {
            let slots = times.compactMap { week.dayAndHour($0).map { Timeline.Slot(day: $0.day, hour: $0.hour) } }
            return Timeline.Lane(
                name: name, shape: shape, counts: slots.reduce(into: [:]) { $0[$1, default: 0] += 1 })
        }
        var lanes = [lane("opened", .triangle, findings.map(\.timeMicroseconds))]
        if let held = records.heldFindings { lanes.append(lane("held", .diamond, held.map(\.timeMicroseconds))) }
        if let closed = records.closedFindings {
            lanes.append(lane("closed", .square, closed.map(\.timeMicroseconds)))
        }
        return Timeline(
            days: days.map {
                Timeline.Day(
                    weekday: $0.weekday, date: $0.date, score: $0.risk.current.riskScore,
                    previousScore: $0.risk.previous.riskScore)
            }, lanes: lanes)
    }

    var tacticsSection: SummaryDocument.Section {
        let shown = tactics.filter { $0.risk.current.eventCount > 0 }.prefix(WeeklySummary.heatMapColumnLimit)
        guard !shown.isEmpty else {
            return .init(id: "tactics", title: "ATT&CK tactics by entity: none this week", blocks: [])
        }
        let names = shown.map { $0.name ?? "no tactic" }
        let listed = entities.prefix(WeeklySummary.heatMapRowLimit)
        let cells = listed.map { entity in
            shown.map { column in
                entity.tactics.first { $0.name == column.name }.map {
                    HeatMap.Cell(score: $0.riskScore, isNew: $0.isNew)
                }
            }
        }
        let totals = shown.map { HeatMap.Cell(score: $0.risk.current.riskScore, isNew: $0.isNew) }
        var rows = [HeatMap.Row(label: "all entities", cells: totals, isTotal: true)]
        rows += zip(listed, cells).map { HeatMap.Row(label: $0.normalizedRiskObject, cells: $1) }

        var tableRows = [[.spans([.words("all entities")])] + totals.map(cell)]
        tableRows.append(
            [.spans([.words("all entities, week before")])]
                + shown.map { .number(ScoreText.grouped($0.risk.previous.riskScore)) })
        tableRows += zip(listed, cells).map { entity, cells in
            [.spans(Span.typed(entity.normalizedRiskObject, entity.riskObjectType))] + cells.map(cell)
        }
        let table = Table(
            caption: "Raw risk score by entity and tactic",
            columns: [.init(title: "entity")] + names.map { .init(title: NameText.short($0), isNumber: true) },
            rows: tableRows, moreCount: entities.count - listed.count)
        let picture = SummaryDocument.Picture.heatMap(
            HeatMap(columns: names, rows: rows), title: "Risk score by entity and ATT&CK tactic",
            description:
                "Rows are entities, highest score first; columns are tactics in the order of the ATT&CK matrix. "
                + "Each cell has its score; darker is more. The table after the picture has the same figures.")
        var blocks: [SummaryDocument.Block] = [
            .paragraph([
                .words(
                    "Raw scores. An event of several tactics counts in each. New: the entity had no event of the tactic "
                        + "before; in the first row, nobody had.")
            ]), .picture(picture, table),
        ]
        let leftOut = tactics.filter { $0.risk.current.eventCount > 0 }.count - shown.count
        if leftOut > 0 { blocks.append(.paragraph([.words("and \(counted(leftOut, "more tactic"))")])) }
        let gone = tactics.filter { $0.risk.current.eventCount == 0 }.compactMap(\.name)
        if !gone.isEmpty {
            let names = Span.list(gone.map { [.prose($0)] }, limit: WeeklySummary.nameLimit)
            blocks.append(.paragraph([.words("With risk the week before and none this week: ")] + names))
        }
        return .init(id: "tactics", title: "ATT&CK tactics by entity", blocks: blocks)
    }

    private func cell(_ cell: HeatMap.Cell?) -> Cell {
        guard let cell else { return .number("") }
        return .number((cell.isNew ? "new " : "") + ScoreText.grouped(cell.score))
    }

    var entitiesSection: SummaryDocument.Section {
        let count = ScoreText.grouped(Double(totals.entityCount))
        let title = "Entities: \(count), of them \(ScoreText.grouped(Double(totals.newEntityCount))) new"
        guard !entities.isEmpty else {
            return .init(id: "entities", title: title, blocks: [.paragraph([.words("No risk events this week.")])])
        }
        let entries = entities.prefix(WeeklySummary.listLimit).map { entity in
            var lines: [[Span]] = []
            if entity.riskObjects != [entity.normalizedRiskObject] {
                let names = Span.list(entity.riskObjects.map { [.name($0)] }, limit: SummaryReasons.limit)
                lines.append([.words("seen as ")] + names)
            }
            var detail = counted(entity.risk.current.eventCount, "risk event")
            if countsRisk {
                detail +=
                    ", raw \(ScoreText.grouped(entity.risk.current.riskScore)) against "
                    + ScoreText.grouped(entity.risk.previous.riskScore)
            }
            return SummaryDocument.EntityEntry(
                name: entity.normalizedRiskObject, type: entity.riskObjectType, isNew: entity.isNew,
                score: ScoreText.grouped(entity.risk.current.score),
                change: ScoreText.againstWeekBefore(entity.risk.scoreChange), detail: detail,
                sparkline: sparkline(previous: entity.previousScoreByDay, current: entity.scoreByDay),
                lines: lines + SummaryReasons.lines(for: entity))
        }
        var blocks: [SummaryDocument.Block] = [.entities(entries)]
        if entities.count > entries.count {
            blocks.append(.paragraph([.words(WeeklySummary.more(entities.count - entries.count))]))
        }
        return .init(id: "entities", title: title, blocks: blocks)
    }

    static func more(_ count: Int) -> String { "and \(ScoreText.grouped(Double(count))) more; --format json lists all" }
}
