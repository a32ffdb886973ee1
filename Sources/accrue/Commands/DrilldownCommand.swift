import ArgumentParser
import Columns
import Engine
import Formats
import Ingest
import Reports
import Search

struct DrilldownCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drilldown", abstract: "Run a drilldown of the rule behind a risk event or finding.",
        discussion: """
            Drilldowns that look at logs read the contributing events that are stored with the firing, or --input.

            Example: accrue drilldown 3f2a91c0 --number 2
            """)

    @Argument(help: "The id of a risk event or finding, or the start of it.")
    var id: String

    @Option(help: "Which drilldown of the rule, from 1.")
    var number = 1

    @Option(help: "Logs to read instead of the stored contributing events. Repeatable.")
    var input: [String] = []

    @OptionGroup var inputs: InputOptions
    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        let content = try common.loadContent()
        let index = try common.openIndexForReading(now: now)
        let job = DrilldownJob(
            number: number, inputs: inputs.specs(input), nowMicroseconds: now, zone: try common.zone(),
            threadCount: common.threadCount)
        let outcome = try job.run(id, content, index)
        Console.error(outcome.name)
        let bounds = [outcome.range.earliest, outcome.range.latest].map { $0.map(TimeText.iso8601) ?? "open" }
        Console.error("\(bounds[0]) <= _time < \(bounds[1])")
        Console.error(outcome.search)
        output.write(outcome.rows)
        for warning in outcome.warnings { Console.error(warning) }
    }
}
