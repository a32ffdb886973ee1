import ArgumentParser
import Columns
import Engine
import Foundation
import Reports
import Risk
import RiskIndex

struct IndexCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "The risk index: look at it, check it, move it, keep it small.",
        discussion: """
            Examples:
              accrue index stats                               what it holds and how large that is
              accrue index verify                              whether all of it is sound
              accrue index export --output risk.ndjson         all of it as text
              accrue index import risk.ndjson                  and back
              accrue index expire --older-than 90d --dry-run   what 90 days would leave out
              accrue index backup /backup/risk.sqlite          a checked copy while runs write
            """,
        subcommands: [
            IndexAdjustCommand.self, IndexBackupCommand.self, IndexCompactCommand.self, IndexExpireCommand.self,
            IndexExportCommand.self, IndexImportCommand.self, IndexStatsCommand.self, IndexVerifyCommand.self,
        ])

    /// What checks found, on stderr. - Returns: whether all that must hold does.
    static func report(_ results: [IndexCheckResult], path: String) -> Bool {
        for result in results where !result.holds {
            if result.check.isNote {
                Console.error("note: \(result.faultCount) rows of no use: `accrue index compact` removes them")
            } else {
                let error = IndexError.doesNotHold(result, path: path)
                Console.error("error[\(error.code.rawValue)]: \(error.message)\nhint: \(error.hint)")
                for example in result.examples { Console.error("  \(TerminalText.escape(example))") }
            }
        }
        return results.allSatisfy { $0.holds || $0.check.isNote }
    }
}

struct IndexStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "What the index holds, and how many bytes each table and index takes.",
        discussion: "Example: accrue index stats --format json")

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let form = try OutputForm.choose(common.format, from: [.table, .json, .text, .ndjson])
        let index = try common.openIndexForReading(now: try common.clock())
        let statistics = try index.statistics()
        let isText = form == .table || form == .text
        Console.output(isText ? statistics.text(path: index.path) : statistics.json(path: index.path))
    }
}

struct IndexVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Whether the index is sound: SQLite's own checks, then what must hold in it.",
        discussion: "Exit code 1 when something does not hold. Example: accrue index verify --format ndjson")

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let index = try common.openIndexForReading(now: try common.clock())
        let results = try index.verify()
        output.write(
            results.map { result in
                [
                    ResultField("check", .text(result.check.rawValue)),
                    ResultField("result", .text(result.holds ? "holds" : result.check.isNote ? "note" : "fails")),
                    ResultField("fault_count", .number(Double(result.faultCount))),
                    ResultField("meaning", .text(result.check.meaning)),
                    ResultField("examples", .list(result.examples.map { .text($0) })),
                ]
            })
        guard IndexCommand.report(results, path: index.path) else { throw ExitCode(ExitStatus.doesNotHold) }
    }
}

struct IndexBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "A checked copy of the index, made while others read and write it.",
        discussion: """
            The file gets its name when the copy is whole. To go back to it, put it in the place of risk.sqlite.
            Example: accrue index backup /backup/risk-2026-11-23.sqlite
            """)

    @Argument(help: "A file that is not there yet.")
    var file: String

    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let report = try common.openIndexForReading(now: try common.clock()).backup(to: file)
        output.write([
            [
                ResultField("file", .text(file)), ResultField("bytes", .number(Double(report.bytes))),
                ResultField("failed_checks", .number(Double(report.checks.count { !$0.holds && !$0.check.isNote }))),
            ]
        ])
        guard IndexCommand.report(report.checks, path: file) else { throw ExitCode(ExitStatus.doesNotHold) }
    }
}
