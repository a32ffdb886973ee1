import ArgumentParser
import Columns
import Engine
import Formats
import Risk
import RiskIndex

struct IndexExpireCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "Deletes risk events before a time, with all that belongs to them alone.",
        discussion: """
            Events that a finding names stay with it; --findings deletes findings before that time too. An event and the
            entries by hand that answer it go together. The file shrinks with `accrue index compact`. Logs that are run
            again bring their events back.
            Example: accrue index expire --older-than 90d
            """)

    @Option(parsing: .unconditional, help: "Before this time: a Splunk time modifier, ISO 8601 or epoch.")
    var before: String?

    @Option(help: "Older than this: 90d, 12h.")
    var olderThan: String?

    @Flag(help: "Findings before that time go too, and the events that only they name.")
    var findings = false

    @Flag(help: "Only count what would go.")
    var dryRun = false

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        let time = try time(now: now)
        let count =
            dryRun
            ? try common.openIndexForReading(now: now).expirable(before: time, includesFindings: findings)
            : try existingIndex(now: now).expire(before: time, includesFindings: findings)
        func number(_ name: String, _ value: Int) -> ResultField { ResultField(name, .number(Double(value))) }
        output.write([
            [
                ResultField("before", .number(Double(time) / 1_000_000)),
                ResultField("dry_run", .text(dryRun ? "true" : "false")), number("risk_events", count.riskEvents),
                number("firings", count.firings), number("stored_events", count.storedEvents),
                number("findings", count.findings), number("runs", count.runs),
                number("kept_risk_events", count.keptRiskEvents),
            ]
        ])
    }

    private func time(now: Int64) throws -> Int64 {
        switch (before, olderThan) {
        case (let before?, nil): return try common.time(before, option: "--before", now: now)
        case (nil, let age?): return try common.moved("-", age, option: "--older-than", now: now)
        default:
            throw UsageError(message: "expire needs one of --before and --older-than", hint: "write --older-than 90d")
        }
    }

    /// To write, but not to make.
    private func existingIndex(now: Int64) throws -> RiskIndex {
        _ = try common.openIndexForReading(now: now)
        return try common.openIndex(now: now)
    }
}

struct IndexCompactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact", abstract: "Removes rows that nothing uses and writes the file anew without holes.",
        discussion: """
            Needs as much free space as the index has while it works, and that no other process writes.
            Example: accrue index compact
            """)

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        _ = try common.openIndexForReading(now: now)
        let report = try common.openIndex(now: now).compact()
        output.write([
            [
                ResultField("bytes_before", .number(Double(report.bytesBefore))),
                ResultField("bytes_after", .number(Double(report.bytesAfter))),
            ]
                + report.removed.map { ResultField("removed_\($0.table)", .number(Double($0.rowCount))) }
        ])
        if report.isHeldByReader {
            Console.error("note: another process reads the index as it was; the file shrinks when that has ended")
        }
    }
}
