import Engine
import RiskIndex

// Sections of the document about risk: by day, by tactic, by entity.

extension WeeklySummary {
    /// Rows of the heat map: an analyst looks at the worst first, and a screen holds about so many.
    static let heatMapRowLimit = 15
    /// ATT&CK has 14 to 15 tactics; content may write anything.
    static let heatMapColumnLimit = 18

    var daysSection: SummaryDocument.Section {
        let peak = days.map(\.sums.current.raw).max() ?? 0
        let rows = days.map { day -> [Cell] in
            [
                .spans([.words("\(day.weekday) \(day.date)")]),
                .number(ScoreText.grouped(Double(day.sums.current.eventCount))),
                .number(ScoreText.grouped(day.sums.current.raw)), .number(ScoreText.grouped(day.sums.previous.raw)),
                .bar(peak > 0 ? max(0, day.sums.current.raw / peak) : 0),
            ]
        }
        let table = Table(
            caption: "Raw risk by day",
            columns: [
                .init(title: "day"), .init(title: "risk events", isNumber: true),
                .init(title: "raw risk score", isNumber: true), .init(title: "week before", isNumber: true),
                .init(title: "", place: .terminal),
            ], rows: rows)
        return .init(id: "days", title: "Raw risk by day", blocks: [.picture(.timeline(timeline), table)])
    }

    private var timeline: Timeline {
        func lane(_ name: String, _ shape: Timeline.Shape, _ times: [Int64]) -> Timeline.Lane {
            let slots = times.compactMap { week.dayAndHour($0).map { Timeline.Slot(day: $0.day, hour: $0.hour) } }
            return Timeline.Lane(
                name: name, shape: shape, counts: slots.reduce(into: [:]) { $0[$1, default: 0] += 1 })
        }
        var lanes = [lane("opened", .triangle, findings.map(\.timeMicroseconds))]
        if let updated = records.updatedFindings {
            lanes.append(lane("updated", .circle, updated.map(\.timeMicroseconds)))
        }
        if let held = records.heldFindings { lanes.append(lane("held", .diamond, held.map(\.timeMicroseconds))) }
        if let closed = records.closedFindings {
            lanes.append(lane("closed", .square, closed.map(\.timeMicroseconds)))
        }
        return Timeline(
            days: days.map {
                Timeline.Day(
                    weekday: $0.weekday, date: $0.date, score: $0.sums.current.raw, previousScore: $0.sums.previous.raw)
            }, lanes: lanes)
    }

    var tacticsSection: SummaryDocument.Section {
        let shown = tactics.filter { $0.sums.current.eventCount > 0 }.prefix(WeeklySummary.heatMapColumnLimit)
        guard !shown.isEmpty else {
            return .init(id: "tactics", title: "ATT&CK tactics by entity: none this week", blocks: [])
        }
        let names = shown.map { $0.name ?? "no tactic" }
        let listed = detailedEntities.prefix(WeeklySummary.heatMapRowLimit)
        let cells = listed.map { entity in
            shown.map { column in
                entity.tally.detail?.tactics.first { $0.name == column.name }.map {
                    HeatMap.Cell(score: $0.raw, isNew: $0.isNew)
                }
            }
        }
        let totals = shown.map { HeatMap.Cell(score: $0.sums.current.raw, isNew: $0.isNew) }
        var rows = [HeatMap.Row(label: "all entities", cells: totals, isTotal: true)]
        rows += zip(listed, cells).map { HeatMap.Row(label: $0.normalizedRiskObject, cells: $1) }

        var tableRows = [[.spans([.words("all entities")])] + totals.map(cell)]
        tableRows.append(
            [.spans([.words("all entities, week before")])]
                + shown.map { .number(ScoreText.grouped($0.sums.previous.raw)) })
        tableRows += zip(listed, cells).map { entity, cells in
            [.spans(Span.typed(entity.normalizedRiskObject, entity.riskObjectType))] + cells.map(cell)
        }
        let table = Table(
            caption: "Raw risk score by entity and tactic",
            columns: [.init(title: "entity")] + names.map { .init(title: NameText.short($0), isNumber: true) },
            rows: tableRows)
        let picture = SummaryDocument.Picture.heatMap(
            HeatMap(columns: names, rows: rows), title: "Risk score by entity and ATT&CK tactic",
            description:
                "Rows are entities, highest score first; columns are tactics in the order of the ATT&CK matrix. "
                + "Each cell has its score; darker is more. The table after the picture has the same figures.")
        var blocks: [SummaryDocument.Block] = [
            .paragraph([
                .words(
                    "Raw scores. An event of several tactics counts in each. New: the entity had no event of the tactic "
                        + "before; in the first row, nobody had."
                        + (entities.count > listed.count ? " The \(listed.count) entities with the most." : ""))
            ]), .picture(picture, table),
        ]
        let leftOut = tactics.filter { $0.sums.current.eventCount > 0 }.count - shown.count
        if leftOut > 0 { blocks.append(.paragraph([.words("and \(counted(leftOut, "more tactic"))")])) }
        let gone = tactics.filter { $0.sums.current.eventCount == 0 }.compactMap(\.name)
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

    /// The first ones.
    private var detailedEntities: [Entity] { Array(entities.prefix { $0.tally.detail != nil }) }

    var entitiesSection: SummaryDocument.Section {
        let count = ScoreText.grouped(Double(entities.count))
        let title = "Entities: \(count), of them \(ScoreText.grouped(Double(newEntityCount))) new"
        guard !entities.isEmpty else {
            return .init(id: "entities", title: title, blocks: [.paragraph([.words("No risk events this week.")])])
        }
        let entries = detailedEntities.map(entry)
        var blocks: [SummaryDocument.Block] = entries.isEmpty ? [] : [.entities(entries)]
        if entities.count > entries.count {
            blocks.append(.paragraph([.words(WeeklySummary.more(entities.count - entries.count))]))
        }
        return .init(id: "entities", title: title, blocks: blocks)
    }

    private func entry(_ entity: Entity) -> SummaryDocument.EntityEntry {
        let (sums, detail) = (entity.tally.sums, entity.tally.detail)
        var lines: [[Span]] = []
        if let names = detail?.riskObjects, names != [entity.normalizedRiskObject] {
            lines.append([.words("seen as ")] + Span.list(names.map { [.name($0)] }, limit: SummaryReasons.limit))
        }
        let other =
            ranking == .raw
            ? "counted \(ScoreText.grouped(sums.current.counted)) against \(ScoreText.grouped(sums.previous.counted))"
            : "raw \(ScoreText.grouped(sums.current.raw)) against \(ScoreText.grouped(sums.previous.raw))"
        return SummaryDocument.EntityEntry(
            name: entity.normalizedRiskObject, type: entity.riskObjectType, isNew: entity.tally.isNew,
            score: ScoreText.grouped(score(sums.current)), change: ScoreText.againstWeekBefore(change(sums)),
            detail: "\(counted(sums.current.eventCount, "risk event")), \(other)",
            sparkline: sparkline(detail?.days ?? WeekTally.Days()),
            lines: lines + SummaryReasons.lines(for: entity, in: self))
    }

    static func more(_ count: Int) -> String { "and \(ScoreText.grouped(Double(count))) more; --format json lists all" }
}
