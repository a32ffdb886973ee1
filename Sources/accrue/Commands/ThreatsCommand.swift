import ArgumentParser
import Reports
import RiskIndex

struct ThreatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "threats", abstract: "The threat objects ranked by how many entities they were seen with.",
        discussion: """
            Examples:
              accrue threats --since 7d                  the noisy ones first
              accrue threats --rare --limit 20           those of one entity first
            """)

    @OptionGroup var window: WindowOptions

    @Flag(help: "Those of the fewest entities first.")
    var rare = false

    @Option(help: "At most so many; 0 for all.")
    var limit = 100

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit takes 0 or more") }
    }

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        let (start, end) = try window.range(common, now: now)
        let index = try common.openIndexForReading(now: now)
        let ranking = ThreatRanking(
            try index.threatPrevalences(start: start, end: end), rareFirst: rare, limit: limit == 0 ? nil : limit)
        output.write(ranking.rows(forPeople: output.form == .table))
        let left = ranking.totalCount - ranking.threats.count
        if left > 0 { Console.error("\(left) more threat objects: --limit 0 shows all") }
    }
}
