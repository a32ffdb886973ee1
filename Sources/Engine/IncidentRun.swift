import Columns
import Content
import Risk
import RiskIndex
import SPL
import Search

/// Runs the risk incident rules over every window that holds one of the given risk events, as their schedules would
/// have done, and writes the findings. Earlier findings stay; running again over the same events adds none.
struct IncidentRun {
    let content: LoadedContent
    let options: RunJob.Options
    let index: RiskIndex
    let source: JobRowSource

    /// - Parameter times: of this run's risk events, ascending.
    /// - Returns: how many findings the index did not have yet.
    func run(after times: [Int64], _ skipped: inout [RuleProblem]) throws -> Int {
        guard !times.isEmpty else { return 0 }
        var added = 0
        for rule in content.catalog.incidentRules(of: .splunk) {
            do {
                added += try run(rule, after: times)
            } catch let problem as RuleProblem {
                skipped.append(problem)
            } catch let diagnostic as Diagnostic {
                skipped.append(rule.ruleSearch.problem(ofRun: diagnostic))
            }
        }
        return added
    }

    private func run(_ rule: IncidentRule, after times: [Int64]) throws -> Int {
        let environment = content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone)
        let search = try rule.ruleSearch.compile(environment).search
        guard case .stored(let request) = search.source else {
            throw Diagnostic(
                "E352", "incident rule does not read the risk index", hint: "start with | from datamodel Risk.All_Risk")
        }
        let replay = try Replay(
            cron: rule.schedule.cron, earliest: rule.schedule.earliest, latest: rule.schedule.latest, zone: options.zone
        )
        var windows: [ScheduledWindow] = []
        try replay.forEachWindow(over: times, visitsEmptyWindows: false) { windows.append($0) }
        guard let start = windows.map(\.startMicroseconds).min(), let end = windows.map(\.endMicroseconds).max()
        else { return 0 }
        // Read once, sliced per window: windows of a day overlap for 23 hours.
        var builder = RecordRows(needed: search.needed)
        var times: [Int64] = []
        var members: [IncidentFinder.Member] = []
        let query = RiskEventQuery(
            startMicroseconds: start, endMicroseconds: end, normalizedRiskObjects: request.normalizedRiskObjects,
            riskObjects: request.riskObjects)
        try index.forEachRiskEvent(query, batchSize: 1_000) { batch in
            for event in batch {
                builder.append(event.splunkFields)
                times.append(event.timeMicroseconds)
                members.append(IncidentFinder.Member(event))
            }
        }
        let rows = builder.finish()
        var finder = IncidentFinder(rule, known: try index.findings(FindingQuery(searchNames: [rule.searchName])))
        var found: [Finding] = []
        for window in windows {
            let first = times.firstIndex(atOrAfter: window.startMicroseconds)
            let last = times.firstIndex(atOrAfter: window.endMicroseconds)
            guard first < last else { continue }
            var context = ExecutionContext(
                nowMicroseconds: window.tickMicroseconds, zone: options.zone,
                range: TimeRange(earliest: window.startMicroseconds, latest: window.endMicroseconds),
                limits: options.limits, rowSource: source)
            context.isOverdue = options.deadline?()
            let newestFirst = Array((first..<last).reversed())
            let result = try search.run([rows.gathered(newestFirst)], &context)
            found += finder.findings(
                in: result, members: members[first..<last], windowStart: window.startMicroseconds,
                windowEnd: window.endMicroseconds, tick: window.tickMicroseconds)
        }
        return try index.write(found.map { FindingLife(finding: $0, changes: []) }).newFindings
    }
}
