import ArgumentParser
import Engine
import Formats
import Reports
import RiskIndex

struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "The weekly risk summary, with the change against the week before.",
        discussion: "Example: accrue summary --week 2026-W47 --format html > week.html")

    @Option(help: "ISO week, such as 2026-W47; default: the last whole one before now.")
    var week: String?

    @Option(help: "How many entities are shown with all that made their score; 0 to 1000.")
    var top = 25

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (0...1000).contains(top) else { throw ValidationError("--top takes 0 to 1000, not \(top)") }
    }

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
        let (start, end) = (chosen.startMicroseconds, chosen.endMicroseconds)
        let previousStart = chosen.previous.startMicroseconds
        let tally = try WeekScan.tally(
            index, dayStarts: chosen.dayStarts, profile: common.riskProfile, detailCount: top)
        let findings = try index.findings(FindingQuery(startMicroseconds: previousStart, endMicroseconds: end))
        let records = SummaryRecords(
            week: chosen, steps: try index.findingSteps(start: start, end: end),
            reviewed: try index.reviewedFindings(start: start, end: end),
            runs: try index.runActivity(since: previousStart, start: start, end: end),
            suppressions: try index.suppressions())
        let summary = WeeklySummary(week: chosen, tally: tally, findings: findings, records: records, now: now)
        switch form {
        case .json, .ndjson: Console.output(summary.json)
        case .md: Console.output(summary.markdown)
        case .html: Console.output(summary.html)
        default: Console.output(summary.text())
        }
    }
}
