import ArgumentParser
import Columns
import Engine
import Formats
import Ingest
import Reports
import Risk
import RiskIndex
import Search

struct IndexExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "The index as text: NDJSON that import reads, or Splunk's stash.",
        discussion: """
            ndjson: one record a line, each with its `kind`; risk events with all of theirs, findings with changes and
            reviews. stash: one risk event a line, as Splunk ES 7 keeps them in index=risk; findings are left out.
            Example: accrue index export --since -30d --output risk.ndjson
            """)

    @Option(parsing: .unconditional, help: "Only from this time on: a Splunk time modifier, ISO 8601 or epoch.")
    var since: String?

    @Option(parsing: .unconditional, help: "Only before this time.")
    var until: String?

    @Flag(help: "The log events behind risk events too, as base64 (ndjson only).")
    var withEvents = false

    @Option(help: "A file instead of stdout.")
    var output: String?

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let name = (common.format ?? "ndjson").lowercased()
        guard name == "ndjson" || name == "stash" else {
            throw UsageError(message: "no output form '\(name)' here", hint: "forms: ndjson, stash")
        }
        if withEvents, name == "stash" {
            throw UsageError(message: "stash has no log events", hint: "use --format ndjson with --with-events")
        }
        let now = try common.clock()
        let range = try common.range(now: now)
        let start = try since.map { try common.time($0, option: "--since", now: now) } ?? range.earliest
        let end = try until.map { try common.time($0, option: "--until", now: now) } ?? range.latest
        let index = try common.openIndexForReading(now: now)
        let file = try output.map { try OutputFile(path: $0) }
        let write: ([UInt8]) throws -> Void = { bytes in
            if let file { try file.write(bytes) } else { Console.output(bytes) }
        }
        let counts =
            name == "stash"
            ? try StashExport(start: start, end: end).run(index, write)
            : try index.export(
                ExportOptions(startMicroseconds: start, endMicroseconds: end, includesStoredEvents: withEvents), write)
        try file?.finish()
        let total = counts.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
        Console.error("exported: \(total.isEmpty ? "nothing" : total)")
    }
}

struct IndexImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Reads what export wrote into the index; what it knows stays as it is.",
        discussion: """
            A line that cannot be read is left out and reported, the others are taken. Names that the index knows stay with
            their entities. The same file again changes nothing.
            Example: accrue index import risk.ndjson.zst
            """)

    @Argument(help: "Files of NDJSON, plain, .gz or .zst; - is standard input.")
    var files: [String]

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let index = try common.openIndex(now: try common.clock())
        var report = IndexImport.Report()
        do { try IndexImport(paths: files).run(into: index, &report) } catch {
            tell(report)
            output.write([summary(report)])
            throw error
        }
        tell(report)
        output.write((output.form == .table ? [] : rejects(report)) + [summary(report)])
        if !report.newerInputs.isEmpty || report.problems.contains(where: { $0.severity == .error }) {
            throw ExitCode(ExitStatus.unreadable)
        }
    }

    private static let shownRejects = 20

    private func tell(_ report: IndexImport.Report) {
        for problem in report.problems { Console.error(problem.description) }
        for (input, reject) in report.index.rejects.prefix(Self.shownRejects) {
            Console.error(
                "\(files[input]): line \(reject.lineNumber): rejected[\(reject.code.rawValue)]: "
                    + TerminalText.escape(reject.reason))
        }
        let more = report.index.rejectCount - min(report.index.rejects.count, Self.shownRejects)
        if more > 0 { Console.error("\(more) more rejected lines") }
        if report.index.count.keptNames > 0 {
            Console.error(
                "note: \(report.index.count.keptNames) names stay with the entity that the index has for them")
        }
    }

    private func rejects(_ report: IndexImport.Report) -> [[ResultField]] {
        report.index.rejects.map { input, reject in
            [
                ResultField("kind", .text("rejected")), ResultField("input", .text(files[input])),
                ResultField("line", .number(Double(reject.lineNumber))),
                ResultField("code", .text(reject.code.rawValue)), ResultField("message", .text(reject.reason)),
            ]
        }
    }

    private func summary(_ report: IndexImport.Report) -> [ResultField] {
        let count = report.index.count
        return [
            ResultField("kind", .text("summary")), ResultField("lines", .number(Double(report.index.lineCount))),
            ResultField("new_risk_events", .number(Double(count.newRiskEvents))),
            ResultField("known_risk_events", .number(Double(count.knownRiskEvents))),
            ResultField("new_records", .number(Double(count.newRecords))),
            ResultField("known_records", .number(Double(count.knownRecords))),
            ResultField("rejected_count", .number(Double(report.index.rejectCount))),
        ]
    }
}
