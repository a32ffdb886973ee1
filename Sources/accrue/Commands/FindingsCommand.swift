import ArgumentParser
import Columns
import Formats
import Risk
import RiskIndex
import Search

struct FindingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings", abstract: "The findings: entities for which a risk incident rule held.",
        discussion: "Example: accrue findings --since -7d --format ndjson")

    @Option(parsing: .unconditional, help: "Only findings at or after this time: a modifier, ISO 8601 or epoch.")
    var since: String?

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        let range = try common.range(now: now)
        let start = try since.map { try common.time($0, option: "--since", now: now) } ?? range.earliest
        let index = try common.openIndexForReading(now: now)
        let findings = try index.findings(FindingQuery(startMicroseconds: start, endMicroseconds: range.latest))
        output.write(
            findings.map { output.form == .table ? FindingRows.row($0) : ResultField.rows($0.splunkFields) })
    }
}
