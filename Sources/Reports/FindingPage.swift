import Engine
import Formats
import Risk
import RiskIndex

/// One finding as a page: what it says, what became of it, its twins, and the explanation of its score.
public struct FindingPage: Sendable {
    private let report: FindingReport

    /// The newest rows that each table shows.
    private static let rowLimit = 500

    /// - Parameter report: with an explanation, or there is no chart.
    public init(_ report: FindingReport) { self.report = report }

    public var html: String {
        let entity = EntityPage(report.explanation.map { [$0] } ?? [])
        return HTMLPage.document(
            "Finding", report.life.finding.id, styles: [EntityPage.css], content: section + entity.sections)
    }

    private var section: String {
        let (finding, standing) = (report.life.finding, report.standing)
        var html = "<section id=\"finding\" aria-labelledby=\"finding-heading\">\n<h2 id=\"finding-heading\">"
        html += "\(HTMLText.value(NameText.short(finding.normalizedRiskObject)))</h2>\n"
        html += "<p>\(HTMLText.escape(NameText.short(finding.searchName))), \(time(finding.timeMicroseconds)) "
        html += "(zone \(HTMLText.escape(report.zone.name))), profile \(HTMLText.escape(finding.profile))</p>\n"
        html += "<dl class=\"totals\">\n"
        html += HTMLPage.tile("Raw score", ScoreText.grouped(finding.rawRiskScore), "without what was silenced")
        html += HTMLPage.tile("Counted score", ScoreText.grouped(finding.countedRiskScore), "what the profile counts")
        html += HTMLPage.tile("Severity", NameText.short(finding.severity), finding.state.rawValue)
        html += HTMLPage.tile("Status", standing.status.label, NameText.short(standing.owner))
        html += "</dl>\n"
        html += HTMLPage.table(
            "Changes", ["Time", "State", "#Runs", "#Raw", "#Counted", "Reason"],
            report.life.changes.suffix(Self.rowLimit).map { change in
                [
                    time(change.timeMicroseconds), change.state.rawValue, String(change.runCount),
                    ScoreText.print(change.rawRiskScore), ScoreText.print(change.countedRiskScore), change.reason,
                ]
            })
        html += HTMLPage.table(
            "Reviews", ["Time", "Author", "Status", "Owner", "Disposition", "Note"],
            report.reviews.suffix(Self.rowLimit).map { review in
                let status = review.status.map { ReviewStatus(rawValue: $0)?.label ?? $0 }
                let disposition = review.disposition.map { ReviewDisposition(rawValue: $0)?.label ?? $0 }
                return [
                    time(review.timeMicroseconds), review.author, status ?? "", review.owner ?? "", disposition ?? "",
                    review.note ?? "",
                ]
            })
        html += HTMLPage.table(
            "Twins", ["Finding", "Time", "Entity", "Type", "#Risk score", "#Shared events", "#Of", "State"],
            report.twins.suffix(Self.rowLimit).map { twin in
                [
                    twin.id, time(twin.timeMicroseconds), twin.normalizedRiskObject, twin.riskObjectType,
                    ScoreText.print(twin.riskScore), String(twin.sharedEventCount), String(twin.riskEventCount),
                    twin.state.rawValue,
                ]
            })
        return html + "</section>\n"
    }

    private func time(_ microseconds: Int64) -> String { TimeText.local(microseconds, zone: report.zone) }
}
