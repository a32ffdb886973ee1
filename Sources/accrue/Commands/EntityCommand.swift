import ArgumentParser
import Engine
import Formats
import Reports
import RiskIndex
import Search

struct EntityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entity", abstract: "One entity: its risk now and over time, and what made it.",
        discussion: "Example: accrue entity alice --type user --window 7d")

    @Argument(help: "The entity's name, without regard to case.")
    var name: String

    @Option(help: "user, system, other, or a custom type.")
    var type: String?

    @Option(help: "How far back from now the score looks, such as 24h or 7d.")
    var window = "7d"

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.table, .json, .ndjson, .text])
        let now = try common.clock()
        let zone = try common.zone()
        let index = try common.openIndexForReading(now: now)
        guard let relative = try? RelativeTime.parse("-" + window), !relative.isAbsolute else {
            throw UsageError(message: "--window '\(window)' is no duration", hint: "write 24h, 7d or 30d")
        }
        let windowMicroseconds = now - relative.resolve(now: now, zone: zone)
        let events = try index.riskEvents(
            RiskEventQuery(endMicroseconds: now, normalizedRiskObjects: [name], riskObjectType: type))
        let findings = try index.findings(
            FindingQuery(endMicroseconds: now, normalizedRiskObjects: [name], riskObjectType: type))
        let reports = EntityReport.reports(
            events: events, findings: findings, now: now, windowMicroseconds: windowMicroseconds, zone: zone)
        guard !reports.isEmpty else {
            throw EngineError(
                "E358", "no risk event before now is about '\(name)'\(type.map { " of type \($0)" } ?? "")",
                hint: "`accrue search 'index=risk | stats count by normalized_risk_object'` lists the entities")
        }
        if form == .ndjson {
            for report in reports { Console.output(report.json) }
        } else if form == .json {
            Console.output(
                reports.count == 1
                    ? reports[0].json : "[" + reports.map(\.json).joined(separator: ",") + "]\n")
        } else {
            Console.output(reports.map { $0.text() }.joined(separator: "\n"))
        }
    }
}
