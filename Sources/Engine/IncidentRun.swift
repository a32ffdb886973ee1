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

    /// - Parameter events: of this run, by time.
    /// - Returns: how many findings the index did not have yet.
    func run(after events: [RiskEvent], _ skipped: inout [RuleProblem]) throws -> Int {
        guard !events.isEmpty else { return 0 }
        var added = 0
        for rule in content.catalog.incidentRules {
            do {
                added += try run(rule, after: events.map(\.timeMicroseconds))
            } catch let diagnostic as Diagnostic {
                let start = rule.searchOrigin.start
                skipped.append(
                    RuleProblem(
                        ruleName: rule.name, file: rule.file, line: start.line, column: start.column,
                        diagnostic: diagnostic))
            }
        }
        return added
    }

    private func run(_ rule: IncidentRule, after times: [Int64]) throws -> Int {
        let environment = content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone)
        let search = try CompiledSearch.compile(SearchText.expand(rule.search, environment), environment: environment)
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
        let events = try index.riskEvents(
            RiskEventQuery(
                startMicroseconds: start, endMicroseconds: end, normalizedRiskObjects: request.normalizedRiskObjects,
                riskObjects: request.riskObjects))
        let rows = StoredSource.batch(events.map(\.splunkFields), needed: search.needed)
        let times = events.map(\.timeMicroseconds)
        var finder = IncidentFinder(rule, known: try index.findings(FindingQuery(searchNames: [rule.searchName])))
        var found: [Finding] = []
        for window in windows {
            let first = times.firstIndex(atOrAfter: window.startMicroseconds)
            let last = times.firstIndex(atOrAfter: window.endMicroseconds)
            guard first < last else { continue }
            var context = ExecutionContext(
                nowMicroseconds: window.tickMicroseconds, zone: options.zone,
                range: TimeRange(earliest: window.startMicroseconds, latest: window.endMicroseconds))
            let newestFirst = Array((first..<last).reversed())
            let result = try search.run([rows.gathered(newestFirst)], &context)
            found += finder.findings(
                in: result, events: Array(events[first..<last]), windowStart: window.startMicroseconds,
                windowEnd: window.endMicroseconds, tick: window.tickMicroseconds)
        }
        return try index.insert(findings: found).newFindings
    }
}
