import ArgumentParser
import Content
import Engine
import Formats
import Reports
import RiskIndex

struct RiskCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "risk", abstract: "What makes and changes scores.", subcommands: [RiskFactorsCommand.self])
}

struct RiskFactorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "factors", abstract: "The risk factors; with --dry-run what they would change of stored events.",
        discussion: """
            Examples:
              accrue risk factors
              accrue risk factors --dry-run --factor 'Admin User=on' --since 30d
            """)

    @Flag(help: "Apply the factors to stored risk events and tell what would change. Writes nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Switches a factor for the dry run. Repeatable.", valueName: "name=on|off"))
    var factor: [String] = []

    @OptionGroup var replay: ReplayOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if !dryRun, !factor.isEmpty || replay.since != nil || replay.until != nil {
            throw ValidationError("--factor, --since and --until go with --dry-run")
        }
    }

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.text, .json, .table])
        let now = try common.clock()
        let content = try common.loadContent()
        guard dryRun else {
            let list = FactorList(
                content.catalog.riskFactors.map { FactorTrial.Factor($0, isOn: $0.isEnabled) })
            Console.output(form == .json ? list.json : list.text())
            return
        }
        let zone = try common.zone()
        var changes = BacktestChanges()
        changes.appliesFactors = true
        for text in factor { try changes.setFactor(text) }
        let job = BacktestJob(
            changes, range: try replay.range(common, now: now), profile: common.riskProfile, zone: zone)
        let report = try job.run(content, try common.openIndexForReading(now: now))
        if let trial = FactorTrialReport(report) {
            Console.output(form == .json ? trial.json(zone: zone) : trial.text(zone: zone))
        }
        try BacktestMessages.write(report)
    }
}
