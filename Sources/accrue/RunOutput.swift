import Columns
import Content
import Engine
import Fields
import Ingest
import Reports
import Risk
import RiskIndex
import SPL

/// What `accrue run` prints: the report on stdout, what went wrong on stderr.
struct RunOutput {
    let report: RunJob.Report
    let content: LoadedContent
    /// Where the run's risk events are read from.
    let index: RiskIndex

    func write(_ form: OutputForm) throws {
        switch form {
        case .ndjson: try writeRecords { RowWriter.ndjson($0) }
        case .json:
            var isFirst = true
            Console.output("[\n")
            try writeRecords { row in
                defer { isFirst = false }
                return (isFirst ? "" : ",\n") + RowWriter.ndjson(row).dropLast()
            }
            Console.output("\n]\n")
        default: writeText()
        }
        writeMessages()
    }

    // MARK: For machines

    /// Risk events, findings, what did not run, what could not be read, and the totals: one record each.
    private func writeRecords(_ print: ([ResultField]) -> String) throws {
        var buffer = ""
        func line(_ kind: String, _ fields: [(name: String, value: Value)]) {
            buffer += print(ResultField.rows(fields.filter { !$0.value.isNull }, kind: kind))
            if buffer.utf8.count > 1 << 16 {
                Console.output(buffer)
                buffer = ""
            }
        }
        try report.riskEvents.forEach(in: index) { line("risk_event", $0.splunkFields) }
        for finding in report.findings { line("finding", finding.splunkFields) }
        for outcome in report.detections {
            line(
                "detection",
                [
                    ("rule", .text(outcome.name)), ("search_name", .text(outcome.searchName)),
                    ("event_count", .number(Double(outcome.matchedEventCount))),
                    ("row_count", .number(Double(outcome.rowCount))),
                    ("risk_event_count", .number(Double(outcome.riskEventCount))),
                    ("risk_score", .number(outcome.riskScore)),
                    ("throttled_count", .number(Double(outcome.throttledCount))),
                    ("lost_risk_count", .number(Double(outcome.lostByField.reduce(0) { $0 + $1.count }))),
                ])
        }
        for problem in report.skipped {
            line(
                "skipped",
                [
                    ("rule", .text(problem.ruleName)), ("file", .text(problem.file)),
                    ("line", .number(Double(problem.line))), ("column", .number(Double(problem.column))),
                    ("code", .text(problem.diagnostic.code)), ("message", .text(problem.diagnostic.message)),
                    ("hint", problem.diagnostic.hint.map { .text($0) } ?? .null),
                ])
        }
        for row in ScanMessages.rows(report.scan) { buffer += print(row) }
        let dropped = report.scan.droppedCount
        line(
            "summary",
            (dropped == 0 ? [] : [("dropped_count", .number(Double(dropped)))]) + [
                ("event_count", .number(Double(report.scan.eventCount))),
                ("byte_count", .number(Double(report.scan.byteCount))),
                ("rejected_count", .number(Double(report.scan.rejectCount))),
                ("risk_event_count", .number(Double(report.riskEvents.count))),
                ("finding_count", .number(Double(report.findings.count))),
                ("detection_count", .number(Double(report.detections.count))),
                ("skipped_count", .number(Double(report.skipped.count))),
                ("lost_risk_count", .number(Double(lostCount))),
            ])
        Console.output(buffer)
    }

    // MARK: For people

    private func writeText() {
        let scan = report.scan
        var text = "\(scan.eventCount) events"
        if !scan.eventsBySourcetype.isEmpty {
            text += " (" + scan.eventsBySourcetype.map { "\($0.name) \($0.count)" }.joined(separator: ", ") + ")"
        }
        text +=
            ", \(scan.rejectCount) rejected, \(report.riskEvents.count) risk events, "
            + "\(report.findings.count) findings\n"
        if !report.findings.isEmpty {
            text += "\nFindings\n" + RowWriter.table(report.findings.map(FindingRows.row))
        }
        var rules = TextTable([
            TextTable.Column("rule"), TextTable.Column("events", .right), TextTable.Column("rows", .right),
            TextTable.Column("risk events", .right),
            TextTable.Column("risk", .right), TextTable.Column("lost risk", .right),
        ])
        let shown = report.detections.filter { $0.rowCount > 0 || report.detections.count <= 20 }
        for outcome in shown {
            rules.append([
                outcome.name, String(outcome.matchedEventCount), String(outcome.rowCount),
                String(outcome.riskEventCount),
                NumberText.print(outcome.riskScore), String(outcome.lostByField.reduce(0) { $0 + $1.count }),
            ])
        }
        if !shown.isEmpty { text += "\nRows and risk events per rule\n" + rules.text() }
        let silent = report.detections.count - shown.count
        if silent > 0 { text += "\n\(silent) more rules ran and gave no row\n" }
        if !report.skipped.isEmpty {
            text += "\nDid not run\n" + report.skipped.map { "  \($0.ruleName): \($0.text)\n" }.joined()
        }
        Console.output(text)
    }

    private var lostCount: Int { report.detections.flatMap(\.lostByField).reduce(0) { $0 + $1.count } }

    // MARK: Messages

    private func writeMessages() {
        ContentMessages.write(content)
        ScanMessages.write(report.scan)
        for problem in report.skipped + report.warnings {
            Console.error(problem.text + (problem.diagnostic.hint.map { "\nhint: \($0)" } ?? ""))
        }
        for outcome in report.detections { writeMessages(of: outcome) }
        Console.error("\(report.newRiskEventCount) new risk events, \(report.newFindingCount) new findings")
    }

    private func writeMessages(of outcome: RunJob.DetectionOutcome) {
        for lost in outcome.lostByField {
            Console.error("\(outcome.name): \(lost.count) rows name no entity in field '\(lost.field)': risk is lost")
        }
        if outcome.throttledCount > 0 {
            Console.error("\(outcome.name): \(outcome.throttledCount) rows held back by the rule's throttling")
        }
        for token in outcome.missingTokens {
            Console.error("\(outcome.name): message token '$\(token)$' is not filled by every row")
        }
        if outcome.unstoredEventCount > 0 {
            Console.error("\(outcome.name): \(outcome.unstoredEventCount) contributing events are counted, not stored")
        }
        for warning in outcome.warnings {
            Console.error("\(outcome.name): warning[\(warning.code)]: \(warning.message)")
        }
    }
}

/// The columns of a finding that fit on a screen.
enum FindingRows {
    static func row(_ finding: Finding) -> [ResultField] {
        let wanted = [
            "_time", "finding_id", "risk_object", "risk_object_type", "risk_score", "risk_event_count", "severity",
            "search_name",
        ]
        let fields = Dictionary(finding.splunkFields.map { ($0.name, $0.value) }) { first, _ in first }
        return wanted.map { name in
            if name == "_time" {
                return ResultField(name: name, values: [TimeText.iso8601(finding.timeMicroseconds)], isNumber: false)
            }
            return ResultField(name, fields[name] ?? .null)
        }
    }
}
