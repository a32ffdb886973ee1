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
        /// One over all risk events of a range, as `--once` has it. Its findings stand at the newest event of their entity.
        case once(TimeRange)
    }

    let rules: [IncidentRule]
    let environment: SearchEnvironment
    let options: RunJob.Options
    let scoring: ScoringProfile
    let index: RiskIndex
    let source: any RowSource
    /// What the events are taken for.
    let edits: RiskEdits
    /// Whom the rows of Correlations name.
    private var resolver: EntityResolver?

    init(_ content: LoadedContent, _ options: RunJob.Options, _ index: RiskIndex, _ source: any RowSource) {
        self.init(
            rules: content.catalog.incidentRules(of: options.profile),
            environment: content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone),
            options, scoring: options.profile.scoring, index, source)
    }

    /// Of Correlation detections.
    init(
        correlations rules: [IncidentRule], _ content: LoadedContent, _ options: RunJob.Options, _ index: RiskIndex,
        _ source: any RowSource
    ) {
        self.init(
            rules: rules,
            environment: content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone),
            options, scoring: options.profile.scoring, index, source)
        resolver = content.scoring.resolver
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
    struct Found: Sendable {
        var rule: IncidentRule
        var lives: [FindingLife] = []
        var lookedMicroseconds: Int64?
        var tally = RowTally()
        /// 0 where nobody takes the time.
        var nanoseconds: UInt64 = 0
    }

    private enum Piece: Sendable {
        case found(Found)
        case failed(RuleProblem)
    }

    /// - Returns: how many findings the store did not have yet.
    func run<Store: FindingStore>(
        _ scope: Scope, into store: inout Store, _ skipped: inout [RuleProblem]
    ) throws -> Int {
        // Rules do not see each other's findings.
        let before = store
        let after = Mutex((store: store, added: 0, skipped: [RuleProblem]()))
        try forEachRule(scope, before) { piece in
            try after.withLock { after in
                switch piece {
                case .found(let found): after.added += try write([found], into: &after.store)
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

    /// As ``run(_:into:_:)``, but nothing is written: who may read findings must not see those of the rules before it.
    func find(
        _ scope: Scope, known store: some FindingStore, _ skipped: inout [RuleProblem]
    ) throws -> [Found] {
        let all = Mutex((found: [Found](), skipped: [RuleProblem]()))
        try forEachRule(scope, store) { piece in
            all.withLock { all in
                switch piece {
                case .found(let found): all.found.append(found)
                case .failed(let problem): all.skipped.append(problem)
                }
            }
        }
        return all.withLock { all in
            skipped += all.skipped
            return all.found
        }
    }

    /// - Returns: how many findings the store did not have yet.
    func write(_ found: [Found], into store: inout some FindingStore) throws -> Int {
        try found.reduce(0) { added, found in
            let new = try store.add(found.lives, of: found.rule)
            if let looked = found.lookedMicroseconds {
                try store.setLastLook(looked, at: found.rule, options.profile)
            }
            return added + new
        }
    }

    private func forEachRule(
        _ scope: Scope, _ store: some FindingStore, _ handOver: @escaping @Sendable (Piece) throws -> Void
    ) throws {
        try OrderedWork<Piece>.run(count: rules.count, threadCount: options.threadCount) { number, give in
            let rule = rules[number]
            do {
                let start = options.stopwatch?() ?? 0
                var found =
                    options.profile.isChangeAware ? try track(rule, scope, store) : try find(rule, scope, store)
                found.nanoseconds = (options.stopwatch?() ?? 0) - start
                try give(.found(found))
            } catch let problem as RuleProblem {
                try give(.failed(problem))
            } catch let diagnostic as Diagnostic {
                try give(.failed(rule.ruleSearch.problem(ofRun: diagnostic)))
            }
        } handOver: {
            try handOver($0)
        }
    }

    /// Splunk's findings: every window that holds an event, silence for the throttling period.
    private func find(_ rule: IncidentRule, _ scope: Scope, _ store: some FindingStore) throws -> Found {
        if case .events(let times) = scope, times.isEmpty { return Found(rule: rule) }
        var evaluator = try evaluator(rule, scope)
        let windows = try windows(evaluator, scope)
        guard let range = windows.timeRange else { return Found(rule: rule) }
        try evaluator.load(range)
        var finder = IncidentFinder(rule, profile: scoring, known: try store.findings(of: rule))
        var lives: [FindingLife] = []
        for window in windows {
            for row in try evaluator.incidents(in: window) {
                let run = try run(at: window, row, scope, &evaluator)
                let life = try finder.finding(row, at: run) { try evaluator.window(of: row.entity, in: window) }
                if let life { lives.append(life) }
            }
        }
        var tally = evaluator.tally
        tally.throttledCount = finder.throttledCount
        return Found(rule: rule, lives: lives, tally: tally)
    }

    /// Change-aware findings: every run up to now that was not looked at yet, and those that see this run's events.
    private func track(_ rule: IncidentRule, _ scope: Scope, _ store: some FindingStore) throws -> Found {
        var evaluator = try evaluator(rule, scope)
        let looked = try store.lastLook(at: rule, options.profile)
        var isOnce = false
        if case .once = scope { isOnce = true }
        let windows =
            isOnce ? try windows(evaluator, scope) : try unseenWindows(evaluator.replay, scope, since: looked)
        guard let range = windows.timeRange else { return Found(rule: rule) }
        try evaluator.load(range)
        var tracker = FindingTracker(
            rule, profile: scoring, known: try store.lives(of: rule, options.profile),
            reviews: try store.reviews())
        for window in windows {
            var rows = try evaluator.incidents(in: window)
            if rule.correlation != nil { rows = rows.highestOfEachEntity }
            for row in rows {
                let run = try run(at: window, row, scope, &evaluator)
                tracker.holds(row, try evaluator.window(of: row.entity, in: window), at: run)
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
        var tally = evaluator.tally
        tally.throttledCount = tracker.throttledCount
        return Found(
            rule: rule, lives: tracker.changed,
            lookedMicroseconds: isOnce ? nil : max(options.nowMicroseconds, looked ?? .min), tally: tally)
    }

    /// When a row's finding opens: with the run, or by the newest event behind it where one run looks at everything
    /// (docs/decisions/0003).
    private func run(
        at window: IncidentWindow, _ row: IncidentRow, _ scope: Scope, _ evaluator: inout IncidentEvaluator
    ) throws -> IncidentWindow {
        guard case .once = scope else { return window }
        var run = window
        let newest = try evaluator.window(of: row.entity, in: window).newestMicroseconds
        run.tickMicroseconds = newest ?? window.tickMicroseconds
        return run
    }

    /// Ascending; each holds an event.
    private func windows(_ evaluator: IncidentEvaluator, _ scope: Scope) throws -> [IncidentWindow] {
        let replay = evaluator.replay
        var windows: [IncidentWindow] = []
        switch scope {
        case .events(let times):
            try replay.forEachWindow(over: times, visitsEmptyWindows: false) { windows.append($0) }
        case .ticks(let range):
            let times = try storedTimes(from: replay.window(atMicroseconds: range.lowerBound), to: range.upperBound)
            try replay.forEachWindow(over: times, visitsEmptyWindows: false) { window in
                if range.contains(window.tickMicroseconds) { windows.append(window) }
            }
        case .once(let outer):
            let range = evaluator.range(
                nowMicroseconds: options.nowMicroseconds, zone: options.zone, outer: outer)
            let query = RiskEventQuery(startMicroseconds: range.earliest, endMicroseconds: range.latest)
            let times = try index.riskColumns(query).timesMicroseconds
            guard let first = times.first, let last = times.last else { return [] }
            windows.append(
                IncidentWindow(
                    tickMicroseconds: last, startMicroseconds: range.earliest ?? first,
                    endMicroseconds: range.latest ?? last + 1))
        }
        return windows
    }

    /// Ascending; none after now. One empty window after each that holds events, so that findings can close.
    private func unseenWindows(_ replay: Replay, _ scope: Scope, since looked: Int64?) throws -> [IncidentWindow] {
        let (times, looked, now): ([Int64], Int64?, Int64) =
            switch scope {
            case .events(let times): (times, looked, options.nowMicroseconds)
            case .ticks(let range): ([], range.lowerBound - 1, range.upperBound - 1)
            case .once: ([], looked, options.nowMicroseconds)
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

    private func evaluator(_ rule: IncidentRule, _ scope: Scope) throws -> IncidentEvaluator {
        var clock: Int64?
        if case .once = scope { clock = options.nowMicroseconds }
        return try IncidentEvaluator(
            rule, profile: scoring, environment: environment, index: index, edits: edits, resolver: resolver
        ) { [options, source, clock] window in
            var context = ExecutionContext(
                nowMicroseconds: clock ?? window.tickMicroseconds, zone: options.zone,
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
