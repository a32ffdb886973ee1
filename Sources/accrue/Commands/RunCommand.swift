import ArgumentParser
import Columns
import Content
import Engine
import Formats
import Foundation
import Ingest
import RiskIndex
import SPL
import Search

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "The main job: events to detections to risk events to findings.",
        discussion: """
            Each detection runs by its schedule over the events' own time, as Splunk would have run it. Running again over
            the same input changes nothing.

            Examples:
              accrue run AWSLogs/                                   a folder, recursively; .gz and .zst too
              zcat events.gz | accrue run - --sourcetype aws:cloudtrail
              accrue run logs/ --rule '*ECR*' --once --format ndjson
            """)

    @Argument(help: "Files, folders, or - for stdin.")
    var input: [String]

    @Option(help: "Only detections whose name or file fits the glob; a path adds that file. Repeatable.")
    var rule: [String] = []

    @Flag(help: "Run each detection once over everything, not by its schedule.")
    var once = false

    @Flag(help: "Run the content's baselines first, once: they fill the lookups and models that detections read.")
    var baselines = false

    @Flag(help: "Write nothing; findings are those of an empty index.")
    var dryRun = false

    @Flag(
        help:
            "Say on stderr what each rule took: events and bytes that it had parsed, rows, milliseconds; the slowest first."
    )
    var timeRules = false

    @OptionGroup var inputs: InputOptions
    @OptionGroup var searching: SearchOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if dryRun, searching.keep != nil {
            throw ValidationError("--dry-run writes nothing, so it cannot be used with --keep")
        }
    }

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.table, .ndjson, .json])
        let now = try common.clock()
        let content = try common.loadContent(ruleFiles: rule.filter { FileManager.default.fileExists(atPath: $0) })
        var options = RunJob.Options(
            inputs: inputs.specs(input), rulePatterns: rule, runsOnce: once, range: try common.range(now: now),
            nowMicroseconds: now, zone: try common.zone(), threadCount: common.threadCount)
        options.profile = common.riskProfile
        options.runsBaselines = baselines
        options.keepFolder = searching.keep
        options.limits = searching.limits
        options.deadline = searching.deadline
        if timeRules { options.stopwatch = { DispatchTime.now().uptimeNanoseconds } }
        let unmatched = content.unmatchedPatterns(rule)
        guard unmatched.isEmpty else {
            throw UsageError(
                message: "no detection fits --rule '\(unmatched[0])'",
                hint: "`accrue content list` names the detections that are loaded")
        }
        var scratch: String?
        defer { scratch.map { try? FileManager.default.removeItem(atPath: $0) } }
        let index: RiskIndex
        if dryRun {
            let folder = NSTemporaryDirectory() + "accrue-dry-run-\(ProcessInfo.processInfo.processIdentifier)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            scratch = folder
            index = try RiskIndex.open(path: folder + "/risk.sqlite", now: now, readOnly: false)
        } else {
            index = try common.openIndex(now: now)
        }
        let report = try RunJob(content, options).run(into: index)
        try RunOutput(report: report, content: content, index: index).write(form)
        if timeRules { Console.error(RuleTimes(report).text) }
        let status = report.exitStatus(content)
        if status != 0 { throw ExitCode(status) }
    }
}

extension RunJob.Report {
    /// 3 when an input could not be read; 1 when a rule did not run or content is broken.
    func exitStatus(_ content: LoadedContent) -> Int32 {
        if scan.hasFailedInputs { return ExitStatus.unreadable }
        let isBroken = content.problems.contains { $0.diagnostic.severity == .error }
        return skipped.isEmpty && !isBroken ? 0 : ExitStatus.doesNotHold
    }
}
