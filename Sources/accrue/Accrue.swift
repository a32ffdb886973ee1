import ArgumentParser
import Bench
import Engine
import Foundation
import Reports
import RiskIndex
import SPL

@main
struct Accrue: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accrue",
        abstract: "Risk-based alerting without the SIEM: Splunk detections over your logs, risk per entity, explained.",
        discussion: """
            Examples:
              accrue run /var/log/cloudtrail/                events to risk events to findings
              accrue findings --since -7d                    what needs a look
              accrue entity alice --window 7d                one entity, and why it is risky
              accrue entity alice --explain --threshold 80   every point of its score, and what would have been
              accrue finding 3f2a --status closed --disposition false_positive
              accrue suppress add --entity svc-backup --for 30d --reason 'restore test'
              accrue drilldown 3f2a --number 2               a rule's own drilldown, tokens filled
              accrue search 'index=risk | stats sum(calculated_risk_score) by normalized_risk_object'
              accrue fields logs/                            what is extracted, and what the rules miss
              accrue rules --sort lost                       which detections need tuning
              accrue backtest --since 30d --threshold 80     findings gained and lost under another threshold
              accrue summary --week 2026-W47 --format html   the week for people
              accrue index stats                             what the index holds, and how large it is

            Exit codes: 0 done; 1 done, but something asked for does not hold; 2 usage; 3 input or state unreadable.
            """,
        subcommands: [
            BacktestCommand.self, BenchCommand.self, ContentCommand.self, DocsCommand.self, DrilldownCommand.self,
            EntityCommand.self, FieldsCommand.self, FindingCommand.self, FindingsCommand.self, IndexCommand.self,
            RiskCommand.self, RulesCommand.self, RunCommand.self, SearchCommand.self, SummaryCommand.self,
            SuppressCommand.self, ThreatCommand.self, ThreatsCommand.self,
        ])

    /// ArgumentParser's usage errors are 64; the contract of this program says 2.
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        // A file over the limit of `ulimit -f` is an error with a code then.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            Foundation.exit(ExitStatus.report(error))
        }
    }
}

enum ExitStatus {
    /// Done, but something that was asked to hold does not.
    static let doesNotHold: Int32 = 1
    static let usage: Int32 = 2
    /// The input or the state cannot be read.
    static let unreadable: Int32 = 3

    /// Prints what went wrong and gives the exit code.
    static func report(_ error: any Error) -> Int32 {
        switch error {
        case let error as EngineError:
            Console.error(error.description)
            if error.code == "E358" { return doesNotHold }
            return ["E353", "E354", "E355", "E356", "E357", "E813"].contains(error.code) ? usage : unreadable
        case let error as BenchError:
            Console.error(error.description)
            return error.code == .answers ? doesNotHold : unreadable
        case let error as IndexError:
            Console.error("error[\(error.code.rawValue)]: \(error.message)\nhint: \(error.hint)")
            return error.isAboutRequest ? usage : unreadable
        case let failure as SearchJob.Failure:
            Console.error(failure.diagnostic.rendered(source: failure.source))
            return usage
        case let error as UsageError:
            Console.error("error[\(error.code)]: \(error.message)" + (error.hint.map { "\nhint: \($0)" } ?? ""))
            return usage
        case let code as ExitCode:
            return code.rawValue
        default:
            let status = Accrue.exitCode(for: error)
            let message = Accrue.fullMessage(for: error)
            if status == .success {
                if !message.isEmpty { print(message) }
                return 0
            }
            if !message.isEmpty { Console.error(message) }
            return status == .validationFailure ? usage : status.rawValue
        }
    }
}

/// A request that makes no sense, in the words of this program.
struct UsageError: Error {
    var code = "E801"
    var message: String
    var hint: String?
}

/// stdout is for data, stderr for progress and messages.
enum Console {
    static func error(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress! + written, $0.count - written) }
            // Nobody is left to tell that messages cannot be written.
            guard count > 0 || errno == EINTR else { return }
            written += max(0, count)
        }
    }

    /// Writes all of it, or ends the program: a reader that went away wants no more (141, as from SIGPIPE), a full disk
    /// is an error.
    static func output(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress! + written, $0.count - written) }
            if count > 0 {
                written += count
            } else if errno != EINTR {
                if errno == EPIPE { Foundation.exit(141) }
                let code = "E806"
                error("error[\(code)]: the output cannot be written: \(String(cString: strerror(errno)))")
                Foundation.exit(ExitStatus.unreadable)
            }
        }
    }

    static func output(_ text: String) { output(Array(text.utf8)) }

    /// Text from elsewhere inside a message: what a terminal would act on is shown instead.
    static func escape(_ text: String) -> String { TerminalText.escape(text) }

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}
