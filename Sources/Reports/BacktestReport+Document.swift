import Columns
public import Engine
public import Formats
import Risk

// What the report says, for text and Markdown alike.

extension BacktestReport {
    /// Longer lists end with how many more there are.
    private static let listLimit = 100

    /// For the terminal.
    public func text(zone: TimeZoneRules, maximumWidth: Int? = nil) -> String {
        document(zone).text(maximumWidth: maximumWidth)
    }

    /// GitHub-flavoured Markdown.
    public func markdown(zone: TimeZoneRules) -> String { document(zone).markdown }

    private func document(_ zone: TimeZoneRules) -> SummaryDocument {
        SummaryDocument(
            title: "Backtest of incident rules",
            period: [
                "Runs from \(TimeText.local(range.lowerBound, zone: zone)) to \(TimeText.local(range.upperBound, zone: zone)), "
                    + "zone \(zone.name), over \(counted(riskEventCount, "stored risk event")).",
                profileBefore == profileAfter
                    ? "Profile \(profileBefore)." : "Profile \(profileBefore) before, \(profileAfter) after.",
            ],
            sections: [changesSection, totalSection, rulesSection, daysSection(zone), findingsSection(zone)],
            notes: [
                "Both sides begin without findings, so that a finding of before may differ from what the index holds.",
                "Moved: at another time, within the rule's window. Nothing was written.",
            ])
    }

    private var changesSection: SummaryDocument.Section {
        .init(id: "changes", title: "Changes", blocks: [.list(changes.map { [.prose($0)] })])
    }

    private var totalSection: SummaryDocument.Section {
        let (total, entities) = (total, entityCounts)
        let rows: [[SummaryDocument.Cell]] = [
            [.words("findings")] + total.cells,
            [
                .words("entities with findings"), .count(entities.before), .count(entities.after), .words(""),
                .words(""),
                .words(""), .count(entities.gained), .count(entities.lost),
            ],
        ]
        return .init(
            id: "total", title: "In all",
            blocks: [.table(.init(caption: "In all", columns: [.init(title: "")] + Self.tallyColumns, rows: rows))])
    }

    var rulesSection: SummaryDocument.Section {
        let rows = rules.map { rule -> [SummaryDocument.Cell] in
            let side = rule.runsBefore ? rule.runsAfter ? "" : " (off after)" : " (off before)"
            return [.spans([.prose(rule.searchName), .words(side)])] + rule.tally.cells
        }
        return .init(
            id: "rules", title: "By incident rule",
            blocks: [
                .table(
                    .init(
                        caption: "By incident rule", columns: [.init(title: "incident rule")] + Self.tallyColumns,
                        rows: rows))
            ])
    }

    private func daysSection(_ zone: TimeZoneRules) -> SummaryDocument.Section {
        let rows = days(zone).map { day -> [SummaryDocument.Cell] in [.words(day.date)] + day.tally.cells }
        let columns = [.init(title: "day", isWhole: true)] + Self.tallyColumns
        return .init(
            id: "days", title: "By day",
            blocks: rows.isEmpty
                ? [.paragraph([.words("No findings on either side.")])]
                : [.table(.init(caption: "By day", columns: columns, rows: rows))])
    }

    /// Those that are not simply the same.
    func findingsSection(_ zone: TimeZoneRules) -> SummaryDocument.Section {
        let different = outcomes.filter { $0.fate != .kept || $0.isChanged }
        let shown = different.prefix(Self.listLimit)
        let same = outcomes.count - different.count
        let note = same > 0 ? "\(counted(same, "finding")) the same in time, score and severity." : ""
        guard !different.isEmpty else {
            let text = note.isEmpty ? "No findings on either side." : note
            return .init(id: "findings", title: "Findings that differ: none", blocks: [.paragraph([.words(text)])])
        }
        let rows = shown.map { outcome -> [SummaryDocument.Cell] in
            let finding = outcome.after ?? outcome.before
            let entity = finding?.entity ?? EntityIdentity("", "")
            return [
                .spans(
                    SummaryDocument.Span.typed(entity.normalizedRiskObject.string, entity.riskObjectType.string)),
                .spans([.prose(outcome.searchName)]), .words(outcome.fate.rawValue),
                .words(Self.change(outcome) { TimeText.local($0.timeMicroseconds, zone: zone) }),
                .number(Self.change(outcome) { ScoreText.grouped($0.riskScore) }),
                .spans([.prose(Self.change(outcome) { $0.severity })]),
            ]
        }
        let table = SummaryDocument.Table(
            caption: "By entity",
            columns: [
                .init(title: "entity"), .init(title: "incident rule"), .init(title: ""),
                .init(title: "time", isWhole: true), .init(title: "risk score", isNumber: true),
                .init(title: "severity"),
            ], rows: Array(rows), moreCount: different.count - shown.count)
        return .init(
            id: "findings", title: "Findings that differ",
            blocks: [.table(table)] + (note.isEmpty ? [] : [.paragraph([.words(note)])]))
    }

    /// `before -> after`, or the one that is there; once where both say the same.
    private static func change(_ outcome: Outcome, _ text: (BacktestFinding) -> String) -> String {
        let (before, after) = (outcome.before.map(text), outcome.after.map(text))
        guard let before, let after else { return before ?? after ?? "" }
        return before.utf8.elementsEqual(after.utf8) ? before : "\(before) -> \(after)"
    }

    private static let tallyColumns: [SummaryDocument.Column] =
        ["before", "after", "kept", "of them changed", "moved", "gained", "lost"].map {
            .init(title: $0, isNumber: true)
        }
}

extension BacktestReport.Tally {
    fileprivate var cells: [SummaryDocument.Cell] {
        [before, after, kept, changed, moved, gained, lost].map { .count($0) }
    }
}

extension SummaryDocument.Cell {
    static func count(_ count: Int) -> Self { .number(ScoreText.grouped(Double(count))) }

    static func words(_ text: String) -> Self { .spans([.words(text)]) }
}
