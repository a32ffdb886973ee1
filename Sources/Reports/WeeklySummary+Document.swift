import Engine
import Formats
import RiskIndex

extension WeeklySummary {
    typealias Span = SummaryDocument.Span
    typealias Table = SummaryDocument.Table
    typealias Cell = SummaryDocument.Cell

    /// How many entries a list shows before it says how many more there are; `json` has all.
    static let listLimit = 25

    /// How many names a line shows.
    static let nameLimit = 5

    var document: SummaryDocument {
        SummaryDocument(
            title: "Weekly risk summary \(week.name)", period: period,
            sections: [
                totalsSection, changesSection, daysSection, tacticsSection, entitiesSection, findingsSection,
                rulesSection, blindSpotsSection, quietSection,
            ], notes: notes)
    }

    /// What the figures cover, a sentence each.
    private var period: [String] {
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

    private var notes: [String] {
        let ranked = ranking == .raw ? "raw" : "counted"
        return [
            "Scores are sums of calculated_risk_score by normalized_risk_object and risk_object_type.",
            "Raw sums take every risk event. Counted sums take the week as one window of the recommended profile: a firing "
                + "and a message once, and no rule for more than twice its highest.",
            "Entities are ranked by their \(ranked) sums; where it does not say which, scores are \(ranked).",
            "Times are those of zone \(week.zone.name).",
        ]
    }

    private var totalsSection: SummaryDocument.Section {
        typealias Figure = SummaryDocument.Figure
        let (current, previous) = (sums.current, sums.previous)
        let scores = [
            Figure(name: "raw risk score", current: current.raw, previous: previous.raw),
            Figure(name: "counted risk score", current: current.counted, previous: previous.counted),
        ]
        var figures = ranking == .raw ? scores : scores.reversed()
        figures += [
            Figure(name: "risk events", current: current.eventCount, previous: previous.eventCount),
            Figure(name: "entities with risk", current: entities.count, previous: previousEntityCount),
            Figure(name: "rules that fired", current: ruleCount, previous: previousRuleCount),
            Figure(name: "findings opened", current: findings.count, previous: previousFindingCount),
        ]
        if let held = records.heldFindings { figures.append(Figure(name: "findings held", current: held.count)) }
        if let closed = records.closedFindings {
            figures.append(Figure(name: "findings closed", current: closed.count))
        }
        return .init(id: "totals", title: "At a glance", blocks: [.figures(figures)])
    }

    private var changesSection: SummaryDocument.Section {
        let moved =
            entities.map { (Span.typed($0.normalizedRiskObject, $0.riskObjectType), change($0.tally.sums)) }
            + quietEntities.map { entity in
                (Span.typed(entity.normalizedRiskObject, entity.riskObjectType), change(entity.sums))
            }
        func movers(_ title: String, _ isChosen: (Double) -> Bool) -> [Span] {
            let chosen = moved.filter { ScoreText.print($0.1) != "0" && isChosen($0.1) }
                .stablySorted { abs($0.1) > abs($1.1) }
            let names = chosen.prefix(SummaryReasons.limit).map { $0.0 + [.words(" \(ScoreText.groupedChange($0.1))")] }
            return [.words(title)] + (names.isEmpty ? [.words("none")] : Span.list(names, limit: names.count))
        }
        func news(_ what: String, _ names: [[Span]], count: Int) -> [Span] {
            guard count > 0 else { return [.words("new \(what): none")] }
            return [.words("new \(what): "), .strong(ScoreText.grouped(Double(count))), .words(": ")]
                + Span.list(names, limit: WeeklySummary.nameLimit)
        }
        let newEntities = entities.filter(\.tally.isNew)
        let newRules = rules.filter(\.isNew)
        let newTactics = tactics.filter(\.isNew)
        return .init(
            id: "changes", title: "What changed",
            blocks: [
                .list([
                    movers("rose most: ") { $0 > 0 }, movers("fell most: ") { $0 < 0 },
                    news(
                        "entities", newEntities.map { Span.typed($0.normalizedRiskObject, $0.riskObjectType) },
                        count: newEntities.count),
                    news("rules", newRules.map { [.prose(shortRuleName($0.searchName))] }, count: newRules.count),
                    news("tactics", newTactics.compactMap { $0.name.map { [.prose($0)] } }, count: newTactics.count),
                    news(
                        "threat objects",
                        newThreatObjects.map { Span.typed($0.threatObject.value, $0.threatObject.type) },
                        count: newThreatObjects.count),
                ])
            ])
    }

    private var quietSection: SummaryDocument.Section {
        let title = "Quiet since the week before"
        guard !quietEntities.isEmpty else { return .init(id: "quiet", title: title + ": none", blocks: []) }
        let rows = quietEntities.prefix(WeeklySummary.listLimit).map { entity -> [Cell] in
            [
                .spans([.name(entity.normalizedRiskObject)]), .spans([.prose(entity.riskObjectType)]),
                .number(ScoreText.grouped(entity.sums.previous.raw)),
                .number(ScoreText.grouped(entity.sums.previous.counted)),
            ]
        }
        let table = Table(
            caption: "Risk in the week before and none in this",
            columns: [
                .init(title: "entity"), .init(title: "type"), .init(title: "raw week before", isNumber: true),
                .init(title: "counted week before", isNumber: true),
            ],
            rows: rows, moreCount: quietEntities.count - rows.count)
        return .init(
            id: "quiet", title: "\(title): \(ScoreText.grouped(Double(quietEntities.count)))", blocks: [.table(table)])
    }
}

extension SummaryDocument.Figure {
    init(name: String, current: Int, previous: Int? = nil) {
        self.init(name: name, current: Double(current), previous: previous.map(Double.init))
    }
}

extension WeeklySummary {
    func sparkline(_ scores: WeekTally.Days) -> Sparkline {
        Sparkline(weekdays: days.map(\.weekday), previous: scores.previous, current: scores.current)
    }

    /// `2026-11-18 22:00:00`, on the clock of the week's zone.
    func local(_ microseconds: Int64) -> String { TimeText.local(microseconds, zone: week.zone) }
}
