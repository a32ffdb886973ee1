import ArgumentParser
import Engine
import Formats
import Reports
import Risk
import RiskIndex
import Search

struct EntityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entity", abstract: "One entity: its risk now and over time, and what made it.",
        discussion: """
            Examples:
              accrue entity alice --type user --window 7d
              accrue entity alice --explain --threshold 80,60 --profile recommended
              accrue entity alice --format html > alice.html
            """)

    @Argument(help: "The entity's name, or one of its raw names, without regard to case.")
    var name: String

    @Option(help: "user, system, other, or a custom type.")
    var type: String?

    @Option(help: "How far back from now the score looks, such as 24h or 7d.")
    var window = "7d"

    @Option(parsing: .unconditional, help: "As of this time: a modifier, ISO 8601 or epoch. Default: now.")
    var at: String?

    @Flag(help: "The ledger from base scores to sums, and what would have been without a rule or threat object.")
    var explain = false

    @Option(help: "With --explain: thresholds to look at beside the content's own, such as 80,60.")
    var threshold: String?

    @Flag(help: "With --explain: also Elastic Security's score.")
    var elastic = false

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.table, .json, .ndjson, .text, .html])
        let clock = try common.clock()
        let now = try at.map { try common.time($0, option: "--at", now: clock) } ?? clock
        let zone = try common.zone()
        let isExplained = explain || form == .html
        let options = try ExplainOptions.job(common, threshold: threshold, elastic: elastic, isAsked: isExplained)
        let index = try common.openIndexForReading(now: now)
        let start = try common.moved("-", window, option: "--window", now: now)
        let names = try index.entityNames(of: name)
        guard !names.isEmpty else { throw unknown() }
        if isExplained {
            let job = ExplainJob(try common.loadContent(), options)
            try write(names.flatMap { try job.entities($0, type: type, start: start, end: now, in: index) }, form)
            return
        }
        let events = try index.riskEvents(
            RiskEventQuery(endMicroseconds: now, normalizedRiskObjects: names, riskObjectType: type))
        let findings = try index.findings(
            FindingQuery(endMicroseconds: now, normalizedRiskObjects: names, riskObjectType: type))
        let reports = EntityReport.reports(
            events: events, findings: findings, now: now, windowMicroseconds: now - start, zone: zone)
        guard !reports.isEmpty else { throw unknown() }
        switch form {
        case .ndjson: for report in reports { Console.output(report.json) }
        case .json: Console.output(Self.document(reports.map(\.json)))
        default: Console.output(reports.map { $0.text() }.joined(separator: "\n"))
        }
    }

    private func write(_ explanations: [EntityExplanation], _ form: OutputForm) throws {
        guard !explanations.isEmpty else { throw unknown() }
        switch form {
        case .ndjson: for explanation in explanations { Console.output(explanation.json) }
        case .json: Console.output(Self.document(explanations.map(\.json)))
        case .html: Console.output(EntityPage(explanations).html)
        default: Console.output(explanations.map { $0.text() }.joined(separator: "\n"))
        }
    }

    /// One object, or an array for entities of several types.
    private static func document(_ objects: [String]) -> String {
        objects.count == 1 ? objects[0] : "[" + objects.joined(separator: ",") + "]\n"
    }

    private func unknown() -> EngineError {
        let type = type.map { " of type \(Console.escape($0))" } ?? ""
        return EngineError(
            "E358", "no risk event before now is about '\(Console.escape(name))'\(type)",
            hint: "`accrue search 'index=risk | stats count by normalized_risk_object'` lists the entities")
    }
}
