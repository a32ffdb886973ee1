import Columns
import Engine
import Formats
import Reports

/// `accrue run --time-rules`: where the time of a run went; `accrue search --time`: that of one search.
struct RuleTimes {
    let report: RunJob.Report

    init(_ report: RunJob.Report) { self.report = report }

    /// Rules below this together are one line.
    private static let shownNanoseconds: UInt64 = 500_000

    var text: String {
        let sorted = report.detections.sorted { left, right in
            let (a, b) = (total(left), total(right))
            return a == b ? left.name < right.name : a > b
        }
        let shown = sorted.filter { total($0) >= Self.shownNanoseconds }
        var table = TextTable([
            TextTable.Column("ms", .right), TextTable.Column("filter ms", .right),
            TextTable.Column("parsed events", .right),
            TextTable.Column("parsed bytes", .right), TextTable.Column("events", .right),
            TextTable.Column("rows", .right),
            TextTable.Column("rule"),
        ])
        for outcome in shown {
            let effort = outcome.effort
            table.append([
                Self.milliseconds(effort.runNanoseconds), Self.milliseconds(effort.filterNanoseconds),
                String(effort.candidateCount), String(effort.candidateBytes), String(outcome.matchedEventCount),
                String(outcome.rowCount), outcome.name,
            ])
        }
        let others = sorted.dropFirst(shown.count)
        let scan = report.scan
        return """
            Time of rules, the slowest first; rules that start from the same events share their filter
            \(table.text())\(others.count) more rules took \(Self.milliseconds(others.reduce(0) { $0 + $1.effort.runNanoseconds })) ms
            reading \(scan.eventCount) events, \(scan.byteCount) bytes for all rules at once took \
            \(Self.milliseconds(scan.nanoseconds)) ms
            """
    }

    private func total(_ outcome: RunJob.DetectionOutcome) -> UInt64 {
        outcome.effort.runNanoseconds + outcome.effort.filterNanoseconds
    }

    /// `accrue search --time`.
    static func text(of outcome: SearchJob.Outcome) -> String {
        let effort = outcome.effort
        let scan = outcome.scan.map { scan in
            """
            read \(scan.eventCount) events, \(scan.byteCount) bytes in \(Self.milliseconds(scan.nanoseconds)) ms; parsed \
            \(effort.candidateCount) events, \(effort.candidateBytes) bytes; \(outcome.matchedEventCount) matched, \
            filter \(Self.milliseconds(effort.filterNanoseconds)) ms on all threads

            """
        }
        return """
            \(scan ?? "")\(outcome.rows.rowCount) rows, commands \(Self.milliseconds(effort.runNanoseconds)) ms
            """
    }

    /// With one decimal.
    private static func milliseconds(_ nanoseconds: UInt64) -> String {
        let tenths = (nanoseconds + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
