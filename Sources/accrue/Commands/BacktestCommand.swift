import ArgumentParser
import Content
import Engine
import Formats
import Reports
import RiskIndex
import SPL

struct BacktestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backtest",
        abstract: "Findings gained, lost and moved if thresholds, scores, factors or incident rules were others.",
        discussion: """
            Replays the incident rules over the stored risk events, as they are and as changed. Writes nothing.

            Examples:
              accrue backtest --since 30d --threshold 80
              accrue backtest --to-profile recommended --cap 3
              accrue backtest --score 'AWS ECR*=*0.5' --without '*Impossible Travel*'
              accrue backtest --factor 'Admin User=on' --set risk_tactic_count=2
              accrue backtest --incident-rule edited.yml --format md
            """)

    @OptionGroup var replay: ReplayOptions

    @Option(help: "Threshold of risk scores: --set risk_threshold=N.")
    var threshold: String?

    @Option(help: ArgumentHelp("A macro that incident rules use. Repeatable.", valueName: "macro=value"))
    var set: [String] = []

    @Option(help: "How many times its highest score a rule may count, or none.")
    var cap: String?

    @Option(
        help: ArgumentHelp("Base score of a detection's events: 40, or *0.5. Repeatable.", valueName: "rule glob=score")
    )
    var score: [String] = []

    @Option(help: ArgumentHelp("Leaves the events of a detection out. Repeatable.", valueName: "rule glob"))
    var without: [String] = []

    @Option(help: ArgumentHelp("Switches a risk factor: NAME=on, NAME=off. Repeatable.", valueName: "name=on|off"))
    var factor: [String] = []

    @Option(
        help: ArgumentHelp(
            "An edited or new incident rule; it takes the place of the one of its id or name. Repeatable.",
            valueName: "file"))
    var incidentRule: [String] = []

    @Option(help: ArgumentHelp("An incident rule that is off. Repeatable.", valueName: "incident rule"))
    var enable: [String] = []

    @Option(help: ArgumentHelp("An incident rule that is on. Repeatable.", valueName: "incident rule"))
    var disable: [String] = []

    @Option(help: "Compares the profile with another one: splunk or recommended.")
    var toProfile: String?

    @OptionGroup var searching: SearchOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if searching.keep != nil { throw ValidationError("backtest writes nothing, so it takes no --keep") }
        if let toProfile, RiskProfile(rawValue: toProfile) == nil {
            throw ValidationError(
                "unknown profile '\(toProfile)'; profiles: "
                    + RiskProfile.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.text, .ndjson, .json, .md, .table])
        let now = try common.clock()
        let zone = try common.zone()
        let range = try replay.range(common, now: now)
        var changes = BacktestChanges()
        if let threshold { try changes.setThreshold(threshold) }
        for text in set { try changes.set(text) }
        if let cap { try changes.setCap(cap) }
        for text in score { try changes.setScore(text) }
        for text in factor { try changes.setFactor(text) }
        changes.withoutRules = without
        changes.enabled = enable
        changes.disabled = disable
        changes.profile = toProfile.flatMap { RiskProfile(rawValue: $0) }
        changes.incidentRules = try IncidentRuleFiles.load(incidentRule, common)
        let content = try common.loadContent()
        var job = BacktestJob(changes, range: range, profile: common.riskProfile, zone: zone)
        job.limits = searching.limits
        job.deadline = searching.deadline
        let report = try job.run(content, try common.openIndexForReading(now: now))
        switch form {
        case .ndjson: Console.output(report.ndjson(zone: zone))
        case .json: Console.output(report.json(zone: zone))
        case .md: Console.output(report.markdown(zone: zone))
        default: Console.output(report.text(zone: zone))
        }
        try BacktestMessages.write(report)
    }
}

enum BacktestMessages {
    /// - Throws: exit code 1 when a rule did not run.
    static func write(_ report: BacktestReport) throws {
        for problem in report.skipped {
            Console.error(problem.text + (problem.diagnostic.hint.map { "\nhint: \($0)" } ?? ""))
        }
        if !report.skipped.isEmpty { throw ExitCode(ExitStatus.doesNotHold) }
    }
}
