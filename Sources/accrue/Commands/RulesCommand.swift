import ArgumentParser
import Columns
import Reports
import RiskIndex

struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "The detections ranked: what each gave, how much of it was benign, what it lost, why it did not run.",
        discussion: """
            Risk events, entities, score and findings are those of the window; lost and held-back rows are those of the
            window's runs. A finding is benign or an incident by its last disposition.

            Examples:
              accrue rules --since 7d --sort score
              accrue rules --sort benign --format ndjson
            """)

    @OptionGroup var window: WindowOptions

    @Option(help: "events, score, entities, benign or lost: the most first.")
    var sort = "events"

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard RuleRanking.Order(rawValue: sort) != nil else {
            throw ValidationError(
                "unknown order '\(sort)'; orders: "
                    + RuleRanking.Order.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        let (start, end) = try window.range(common, now: now)
        let index = try common.openIndexForReading(now: now)
        // Runs up to and with this moment's: their clocks are not event times.
        let ranking = RuleRanking(
            try index.ruleActivities(start: start, end: end),
            runs: try index.ruleRuns(start: start, end: end == now ? now + 1 : end), reviews: try index.reviews(),
            by: RuleRanking.Order(rawValue: sort) ?? .events)
        output.write(ranking.rows(forPeople: output.form == .table))
    }
}
