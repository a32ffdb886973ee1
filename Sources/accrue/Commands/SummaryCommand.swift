import ArgumentParser
import Formats
import Reports
import RiskIndex

struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "The weekly risk summary, with the change against the week before.",
        discussion: "Example: accrue summary --week 2026-W47 --format html > week.html")

    @Option(help: "ISO week, such as 2026-W47; default: the last whole one before now.")
    var week: String?

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.text, .json, .ndjson, .md, .html, .table])
        let now = try common.clock()
        let zone = try common.zone()
        let chosen: SummaryWeek
        do {
            chosen =
                try week.map { text throws(SummaryWeekError) in try SummaryWeek(text, zone: zone) }
                ?? SummaryWeek.lastWhole(before: now, zone: zone)
        } catch {
            throw UsageError(code: error.code, message: error.message, hint: error.hint)
        }
        let index = try common.openIndexForReading(now: now)
        // Whether an entity or a rule is new in the week takes all that came before it.
        let events = try index.riskEvents(RiskEventQuery(endMicroseconds: chosen.endMicroseconds))
        let findings = try index.findings(FindingQuery(endMicroseconds: chosen.endMicroseconds))
        let summary = WeeklySummary(week: chosen, events: events, findings: findings, now: now)
        switch form {
        case .json, .ndjson: Console.output(summary.json)
        case .md: Console.output(summary.markdown)
        case .html: Console.output(summary.html)
        default: Console.output(summary.text())
        }
    }
}
