import Columns
import Content
import Risk
import RiskIndex
import SPL
import Search
import Synchronization

/// Runs the risk incident rules over the stored risk events, as their schedules would have done, and hands the findings
/// to a store. Running again over the same events changes nothing.
struct IncidentRun {
    /// Which runs of the rules are looked at.
    enum Scope {
        /// Those that see an event of these times, ascending; under a change-aware profile also those up to now that were
        /// not looked at yet.
        case events([Int64])
        /// Those at these times.
        case ticks(Range<Int64>)
    }

    let rules: [IncidentRule]
    let environment: SearchEnvironment
    let options: RunJob.Options
    let scoring: ScoringProfile
    let index: RiskIndex
    let source: any RowSource
    /// What the events are taken for.
    let edits: RiskEdits

    init(_ content: LoadedContent, _ options: RunJob.Options, _ index: RiskIndex, _ source: any RowSource) {
        self.init(
            rules: content.catalog.incidentRules(of: options.profile),
            environment: content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone),
            options, scoring: options.profile.scoring, index, source)
    }

    init(
        rules: [IncidentRule], environment: SearchEnvironment, _ options: RunJob.Options, scoring: ScoringProfile,
        _ index: RiskIndex, _ source: any RowSource, edits: RiskEdits = RiskEdits()
    ) {
        self.rules = rules
        self.environment = environment
        self.options = options
        self.scoring = scoring
        self.index = index
        self.source = source
        self.edits = edits
    }

    /// What comes of one rule: what the store must take, and how far the rule has looked where that is kept.
    private enum Piece: Sendable {
        case found(IncidentRule, [FindingLife], lookedMicroseconds: Int64?)
        case failed(RuleProblem)
    }

    /// - Returns: how many findings the store did not have yet.
    func run<Store: FindingStore>(
        _ scope: Scope, into store: inout Store, _ skipped: inout [RuleProblem]
    ) throws -> Int {
        // Rules do not see each other's findings.
        let before = store
        let after = Mutex((store: store, added: 0, skipped: [RuleProblem]()))
        try OrderedWork<Piece>.run(count: rules.count, threadCount: options.threadCount) { number, give in
            let rule = rules[number]
            do {
                try give(
                    options.profile.isChangeAware ? try track(rule, scope, before) : try find(rule, scope, before))
            } catch let problem as RuleProblem {
                try give(.failed(problem))
            } catch let diagnostic as Diagnostic {
                try give(.failed(rule.ruleSearch.problem(ofRun: diagnostic)))
            }
        } handOver: { [profile = options.profile] piece in
            try after.withLock { after in
                switch piece {
                case .found(let rule, let lives, let looked):
                    after.added += try after.store.add(lives, of: rule)
                    if let looked { try after.store.setLastLook(looked, at: rule, profile) }
                case .failed(let problem): after.skipped.append(problem)
                }
            }
        }
        return after.withLock { after in
            store = after.store
            skipped += after.skipped
            return after.added
        }
    }

    /// Splunk's findings: every window that holds an event, silence for the throttling period.
    private func find(_ rule: IncidentRule, _ scope: Scope, _ store: some FindingStore) throws -> Piece {
        let nothing = Piece.found(rule, [], lookedMicroseconds: nil)
        if case .events(let times) = scope, times.isEmpty { return nothing }
        var evaluator = try evaluator(rule)
        let windows = try windows(evaluator.replay, scope)
        guard let range = windows.timeRange else { return nothing }
        try evaluator.load(range)
        var finder = IncidentFinder(rule, profile: scoring, known: try store.findings(of: rule))
        var lives: [FindingLife] = []
        for window in windows {
            for row in try evaluator.incidents(in: window) {
                let life = try finder.finding(row, at: window) { try evaluator.window(of: row.entity, in: window) }
                if let life { lives.append(life) }
            }
        }
        return .found(rule, lives, lookedMicroseconds: nil)
    }

    /// Change-aware findings: every run up to now that was not looked at yet, and those that see this run's events.
    private func track(_ rule: IncidentRule, _ scope: Scope, _ store: some FindingStore) throws -> Piece {
        var evaluator = try evaluator(rule)
        let looked = try store.lastLook(at: rule, options.profile)
        let windows = try unseenWindows(evaluator.replay, scope, since: looked)
        guard let range = windows.timeRange else { return .found(rule, [], lookedMicroseconds: nil) }
        try evaluator.load(range)
        var tracker = FindingTracker(
            rule, profile: scoring, known: try store.lives(of: rule, options.profile),
            reviews: try store.reviews())
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
        return .found(
            rule, tracker.changed, lookedMicroseconds: max(options.nowMicroseconds, looked ?? .min))
    }

    /// Ascending; each holds an event.
    private func windows(_ replay: Replay, _ scope: Scope) throws -> [IncidentWindow] {
        var windows: [IncidentWindow] = []
        switch scope {
        case .events(let times):
            try replay.forEachWindow(over: times, visitsEmptyWindows: false) { windows.append($0) }
        case .ticks(let range):
            let times = try storedTimes(from: replay.window(atMicroseconds: range.lowerBound), to: range.upperBound)
            try replay.forEachWindow(over: times, visitsEmptyWindows: false) { window in
                if range.contains(window.tickMicroseconds) { windows.append(window) }
            }
        }
        return windows
    }

    /// Ascending; none after now. One empty window after each that holds events, so that findings can close.
    private func unseenWindows(_ replay: Replay, _ scope: Scope, since looked: Int64?) throws -> [IncidentWindow] {
        let (times, looked, now): ([Int64], Int64?, Int64) =
            switch scope {
            case .events(let times): (times, looked, options.nowMicroseconds)
            case .ticks(let range): ([], range.lowerBound - 1, range.upperBound - 1)
            }
        var seen = Set(times)
        // What windows after the last look can see.
        seen.formUnion(try storedTimes(from: looked.map { replay.window(atMicroseconds: $0) }, to: now))
        var windows: [IncidentWindow] = []
        try replay.forEachWindow(over: seen.sorted(), visitsEmptyWindows: false, visitsOneAfter: true) { window in
            guard window.tickMicroseconds <= now else { return }
            let next = times.firstIndex(atOrAfter: window.startMicroseconds)
            let seesNewEvents = next < times.count && times[next] < window.endMicroseconds
            if seesNewEvents || looked.map({ window.tickMicroseconds > $0 }) ?? true { windows.append(window) }
        }
        return windows
    }

    /// Of risk events, ascending; from the beginning where no window is given.
    private func storedTimes(from window: IncidentWindow?, to end: Int64) throws -> [Int64] {
        try index.riskColumns(
            RiskEventQuery(startMicroseconds: window?.startMicroseconds, endMicroseconds: end)
        ).timesMicroseconds
    }

    private func evaluator(_ rule: IncidentRule) throws -> IncidentEvaluator {
        try IncidentEvaluator(rule, profile: scoring, environment: environment, index: index, edits: edits) {
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
