import Columns
import Engine
import Formats
import Risk
import RiskIndex

extension FindingReport {
    private static let twinLimit = 50

    /// For the terminal.
    ///
    /// - Parameter maximumWidth: of tables, in columns.
    public func text(maximumWidth: Int? = nil) -> String {
        var sections = [fieldsText]
        if !life.changes.isEmpty { sections.append("Changes\n" + changesText(maximumWidth)) }
        if !reviews.isEmpty { sections.append("Reviews\n" + reviewsText(maximumWidth)) }
        sections.append(twinsText(maximumWidth))
        if let explanation { sections.append(explanation.text(maximumWidth: maximumWidth)) }
        return sections.joined(separator: "\n")
    }

    private var fieldsText: String {
        ResultField.row(life.finding.splunkFields(standing)).map { field in
            let values = field.values.map { value in
                guard field.name.hasSuffix("_time"), let seconds = Double(value),
                    let microseconds = Int64(exactly: (seconds * 1_000_000).rounded())
                else { return TerminalText.escape(NameText.short(value)) }
                return TimeText.iso8601(microseconds)
            }
            return "\(field.name): \(values.joined(separator: ", "))\n"
        }.joined()
    }

    private func changesText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("time"), .init("state"), .init("runs", .right), .init("last run"), .init("risk score", .right),
            .init("raw", .right), .init("counted", .right), .init("risk events", .right), .init("reason"),
        ])
        for change in life.changes {
            table.append([
                time(change.timeMicroseconds), change.state.rawValue, String(change.runCount),
                time(change.lastTimeMicroseconds), ScoreText.print(change.riskScore),
                ScoreText.print(change.rawRiskScore), ScoreText.print(change.countedRiskScore),
                String(change.riskEventCount), NameText.short(change.reason),
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private func reviewsText(_ maximumWidth: Int?) -> String {
        var table = TextTable([
            .init("time"), .init("author"), .init("status"), .init("owner"), .init("disposition"), .init("note"),
        ])
        for review in reviews {
            let status = review.status.map { ReviewStatus(rawValue: $0)?.label ?? $0 }
            let disposition = review.disposition.map { ReviewDisposition(rawValue: $0)?.label ?? $0 }
            table.append([
                time(review.timeMicroseconds), NameText.short(review.author), status ?? "",
                NameText.short(review.owner ?? ""), disposition ?? "", review.note ?? "",
            ])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private func twinsText(_ maximumWidth: Int?) -> String {
        guard !twins.isEmpty else { return "Twins: none\n" }
        var table = TextTable([
            .init("finding"), .init("time"), .init("entity"), .init("type"), .init("risk score", .right),
            .init("shared events", .right), .init("of", .right), .init("state"), .init("incident rule"),
        ])
        for twin in twins.suffix(Self.twinLimit) {
            table.append([
                twin.id, time(twin.timeMicroseconds), NameText.short(twin.normalizedRiskObject),
                NameText.short(twin.riskObjectType), ScoreText.print(twin.riskScore), String(twin.sharedEventCount),
                String(twin.riskEventCount), twin.state.rawValue, NameText.short(twin.searchName),
            ])
        }
        let rest = twins.count - Self.twinLimit
        return "Twins: findings made of the same firings\n" + table.text(maximumWidth: maximumWidth, indent: 2)
            + (rest > 0 ? "  and \(rest) earlier; --format json lists all\n" : "")
    }

    private func time(_ microseconds: Int64) -> String { TimeText.local(microseconds, zone: zone) }
}
