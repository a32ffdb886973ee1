import Columns
import Content
import Risk
import RiskIndex
import SPL
import Search

/// Runs the risk incident rules over the stored risk events, as their schedules would have done, and writes the
/// findings. Running again over the same events changes nothing.
struct IncidentRun {
    let content: LoadedContent
    let options: RunJob.Options
    let index: RiskIndex
    let source: JobRowSource

    /// - Parameter times: of this run's risk events, ascending.
    /// - Returns: how many findings the index did not have yet.
    func run(after times: [Int64], _ skipped: inout [RuleProblem]) throws -> Int {
        var added = 0
        for rule in content.catalog.incidentRules(of: options.profile) {
            do {
                added += options.profile.isChangeAware ? try track(rule, after: times) : try find(rule, after: times)
            } catch let problem as RuleProblem {
                skipped.append(problem)
            } catch let diagnostic as Diagnostic {
                skipped.append(rule.ruleSearch.problem(ofRun: diagnostic))
            }
        }
        return added
    }

    /// Splunk's findings: every window that holds one of this run's events, silence for the throttling period.
    private func find(_ rule: IncidentRule, after times: [Int64]) throws -> Int {
        guard !times.isEmpty else { return 0 }
        var evaluator = try evaluator(rule)
        var windows: [IncidentWindow] = []
        try evaluator.replay.forEachWindow(over: times, visitsEmptyWindows: false) { windows.append($0) }
        guard let range = windows.timeRange else { return 0 }
        try evaluator.load(range)
        let known = try index.findings(FindingQuery(searchNames: [rule.searchName]))
        var finder = IncidentFinder(rule, profile: options.profile.scoring, known: known)
        var lives: [FindingLife] = []
        for window in windows {
            for row in try evaluator.incidents(in: window) {
                let life = try finder.finding(row, at: window) { try evaluator.window(of: row.entity, in: window) }
                if let life { lives.append(life) }
            }
        }
        return try index.write(lives).newFindings
    }

    /// Change-aware findings: every run up to now that was not looked at yet, and those that see this run's events.
    private func track(_ rule: IncidentRule, after times: [Int64]) throws -> Int {
        var evaluator = try evaluator(rule)
        let setting = "incidents \(options.profile.rawValue) \(rule.id)"
        let looked = try index.setting(setting).flatMap { Int64($0) }
        let windows = try unseenWindows(evaluator.replay, since: looked, times)
        if let range = windows.timeRange {
            try evaluator.load(range)
            var tracker = FindingTracker(
                rule, profile: options.profile.scoring,
                known: try index.lives(FindingQuery(searchNames: [rule.searchName])).filter {
                    $0.finding.profile == options.profile.rawValue
                }, reviews: try index.reviews())
            for window in windows {
                let rows = try evaluator.incidents(in: window)
                for row in rows {
                    tracker.holds(row, try evaluator.window(of: row.entity, in: window), at: window)
                }
                let holding = Set(rows.map(\.entity))
                // In any order: each entity has a life of its own.
                for entity in tracker.liveEntities where !holding.contains(entity) {
                    guard let last = tracker.lastTimeMicroseconds(of: entity), last < window.tickMicroseconds else {
                        continue
                    }
                    tracker.fails(entity, try evaluator.window(of: entity, in: window), at: window)
                }
            }
            let added = try index.write(tracker.changed).newFindings
            try index.setSetting(setting, String(max(options.nowMicroseconds, looked ?? .min)))
            return added
        }
        return 0
    }

    /// Ascending; none after now. One empty window after each that holds events, so that findings can close.
    private func unseenWindows(_ replay: Replay, since looked: Int64?, _ times: [Int64]) throws -> [IncidentWindow] {
        let now = options.nowMicroseconds
        var seen = Set(times)
        // What windows after the last look can see.
        let start = looked.map { replay.window(atMicroseconds: $0).startMicroseconds }
        seen.formUnion(
            try index.riskColumns(RiskEventQuery(startMicroseconds: start, endMicroseconds: now)).timesMicroseconds)
        var windows: [IncidentWindow] = []
        try replay.forEachWindow(over: seen.sorted(), visitsEmptyWindows: false, visitsOneAfter: true) { window in
            guard window.tickMicroseconds <= now else { return }
            let next = times.firstIndex(atOrAfter: window.startMicroseconds)
            let seesNewEvents = next < times.count && times[next] < window.endMicroseconds
            if seesNewEvents || looked.map({ window.tickMicroseconds > $0 }) ?? true { windows.append(window) }
        }
        return windows
    }

    private func evaluator(_ rule: IncidentRule) throws -> IncidentEvaluator {
        let environment = content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone)
        return try IncidentEvaluator(rule, profile: options.profile.scoring, environment: environment, index: index) {
            [options, source] window in
            var context = ExecutionContext(
                nowMicroseconds: window.tickMicroseconds, zone: options.zone,
                range: TimeRange(earliest: window.startMicroseconds, latest: window.endMicroseconds),
                limits: options.limits, rowSource: source)
            context.isOverdue = options.deadline?()
            return context
        }
    }
}

extension [IncidentWindow] {
    /// From the first start to the last end; nil for none.
    var timeRange: Range<Int64>? {
        guard let start = map(\.startMicroseconds).min(), let end = map(\.endMicroseconds).max(), start < end else {
            return nil
        }
        return start..<end
    }
}
