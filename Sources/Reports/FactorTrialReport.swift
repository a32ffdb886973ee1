import Columns
public import Engine
public import Formats
import Risk

// Risk factors: what there is, and what they would change.

/// The content's risk factors.
public struct FactorList: Sendable {
    private let factors: [FactorTrial.Factor]

    /// - Parameter factors: by name.
    public init(_ factors: [FactorTrial.Factor]) { self.factors = factors }

    public func text(maximumWidth: Int? = nil) -> String {
        guard !factors.isEmpty else { return "no risk factors\n" }
        var table = TextTable([
            .init("risk factor"), .init("", .left), .init("operation"), .init("value", .right), .init("conditions"),
        ])
        for factor in factors {
            table.append([
                NameText.short(factor.name), factor.isEnabled ? "on" : "off", factor.operation,
                factor.amount, factor.conditions.joined(separator: " and "),
            ])
        }
        return table.text(maximumWidth: maximumWidth)
    }

    /// A list of objects.
    public var json: String {
        var writer = JSONWriter()
        writer.beginArray()
        for factor in factors {
            writer.beginObject()
            writer.members(factor)
            writer.text("description", factor.description)
            writer.text("file", factor.file)
            writer.endObject()
        }
        writer.endArray()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// What risk factors would change of stored events, entities and findings.
public struct FactorTrialReport: Sendable {
    private static let entityLimit = 25

    private let trial: FactorTrial
    private let report: BacktestReport

    /// - Returns: nil for a backtest that did not apply factors.
    public init?(_ report: BacktestReport) {
        guard let trial = report.factorTrial else { return nil }
        self.trial = trial
        self.report = report
    }

    public func json(zone: TimeZoneRules) -> String { report.json(zone: zone) }

    public func text(zone: TimeZoneRules, maximumWidth: Int? = nil) -> String {
        document(zone).text(maximumWidth: maximumWidth)
    }

    private func document(_ zone: TimeZoneRules) -> SummaryDocument {
        let range = report.range
        return SummaryDocument(
            title: "Risk factors, tried on stored risk events",
            period: [
                "From \(TimeText.local(range.lowerBound, zone: zone)) to \(TimeText.local(range.upperBound, zone: zone)), "
                    + "zone \(zone.name), profile \(report.profileAfter)."
            ], sections: [factorsSection, scoresSection, report.rulesSection, report.findingsSection(zone)],
            notes: [
                "Before is what is stored with the events; after is what the factors that are on make of them.",
                "Nothing was written: factors apply to events that come, not to those that are stored.",
            ])
    }

    private var factorsSection: SummaryDocument.Section {
        let rows = trial.factors.map { tried -> [SummaryDocument.Cell] in
            let (was, isOn) = (tried.isEnabled, tried.isOn)
            return [
                .spans([.prose(tried.name)]),
                .words(was == isOn ? (isOn ? "on" : "off") : (isOn ? "off -> on" : "on -> off")),
                .words(tried.operation), .number(tried.amount), .count(tried.eventCount),
                .count(tried.entityCount), .count(tried.undecidedCount),
            ]
        }
        return .init(
            id: "factors", title: "Factors, on or off",
            blocks: [
                .table(
                    .init(
                        caption: "Factors",
                        columns: [
                            .init(title: "risk factor"), .init(title: ""), .init(title: "operation"),
                            .init(title: "value", isNumber: true), .init(title: "matching events", isNumber: true),
                            .init(title: "entities", isNumber: true), .init(title: "undecided", isNumber: true),
                        ], rows: rows))
            ])
    }

    private var scoresSection: SummaryDocument.Section {
        let summary =
            "\(ScoreText.grouped(Double(trial.changedEventCount))) of \(counted(trial.eventCount, "risk event")) change; "
            + "sum of scores \(ScoreText.grouped(trial.before)) before, \(ScoreText.grouped(trial.after)) after."
        let shown = trial.entities.prefix(Self.entityLimit)
        let rows = shown.map { entity -> [SummaryDocument.Cell] in
            [
                .spans(
                    SummaryDocument.Span.typed(
                        entity.identity.normalizedRiskObject.string, entity.identity.riskObjectType.string)),
                .count(entity.changedEventCount), .number(ScoreText.grouped(entity.before)),
                .number(ScoreText.grouped(entity.after)),
                .number(ScoreText.groupedChange(entity.after - entity.before)),
            ]
        }
        let table = SummaryDocument.Table(
            caption: "Entities that change most",
            columns: [
                .init(title: "entity"), .init(title: "events changed", isNumber: true),
                .init(title: "before", isNumber: true), .init(title: "after", isNumber: true),
                .init(title: "change", isNumber: true),
            ], rows: Array(rows), moreCount: trial.entities.count - shown.count)
        return .init(
            id: "scores", title: "Scores",
            blocks: [.paragraph([.words(summary)])] + (rows.isEmpty ? [] : [.table(table)]))
    }
}

extension FactorTrial {
    /// The member `factor_trial` of a report.
    func write(to writer: inout JSONWriter) {
        writer.key("factor_trial")
        writer.beginObject()
        writer.count("risk_event_count", eventCount)
        writer.count("changed_event_count", changedEventCount)
        writer.score("risk_score_before", before)
        writer.score("risk_score_after", after)
        writer.list("factors", factors) { tried, writer in
            writer.members(tried)
            writer.key("tried")
            writer.boolean(tried.isOn)
            writer.count("risk_event_count", tried.eventCount)
            writer.count("entity_count", tried.entityCount)
            writer.count("undecided_count", tried.undecidedCount)
        }
        writer.list("entities", entities) { entity, writer in
            writer.text("normalized_risk_object", entity.identity.normalizedRiskObject.string)
            writer.text("risk_object_type", entity.identity.riskObjectType.string)
            writer.count("changed_event_count", entity.changedEventCount)
            writer.score("risk_score_before", entity.before)
            writer.score("risk_score_after", entity.after)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func members(_ factor: FactorTrial.Factor) {
        text("name", factor.name)
        key("enabled")
        boolean(factor.isEnabled)
        text("operation", factor.operation)
        text("value", factor.amount)
        texts("conditions", factor.conditions)
    }
}
