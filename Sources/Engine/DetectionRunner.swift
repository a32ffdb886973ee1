import Columns
import Content
import Formats
import Risk
import RiskIndex
import SPL
import Search

/// Runs detections over the events that matched them, window by window.
struct DetectionRunner: Sendable {
    /// What comes of a detection, in order: any number of writes, then how it fared.
    enum Piece: Sendable {
        case write([Firing], [ThrottleStart])
        case done(RunJob.DetectionOutcome, RiskEventSet)
        case failed(RuleProblem)
    }

    let content: LoadedContent
    let options: RunJob.Options
    let index: RiskIndex
    let source: JobRowSource
    let state: SearchState
    private let shared = SharedCalculations()

    init(content: LoadedContent, options: RunJob.Options, index: RiskIndex, source: JobRowSource, state: SearchState) {
        self.content = content
        self.options = options
        self.index = index
        self.source = source
        self.state = state
    }

    /// Firings of one transaction.
    private static let firingsPerTransaction = 2_000
    /// Stored texts behind one firing; the count tells of the rest.
    private static let storedEventsPerFiring = 1_000

    /// - Parameters:
    ///   - riskTimes: of the risk events that this job has written so far, ascending; asked only of a plan that reads the
    ///     index.
    ///   - give: gets the pieces.
    func run(_ plan: DetectionPlan, riskTimes: [Int64], _ give: (Piece) throws -> Void) throws {
        do {
            let (outcome, events) = try run(plan, riskTimes) { try give(.write($0, $1)) }
            try give(.done(outcome, events))
        } catch let diagnostic as Diagnostic {
            if let failure = source.failure, !(failure is Diagnostic) { throw failure }
            try give(.failed(plan.detection.ruleSearch.problem(ofRun: diagnostic)))
        }
    }

    private func run(
        _ plan: DetectionPlan, _ riskTimes: [Int64], _ write: ([Firing], [ThrottleStart]) throws -> Void
    ) throws -> (RunJob.DetectionOutcome, RiskEventSet) {
        let start = options.stopwatch?() ?? 0
        let (matched, commandsDone) = try input(of: plan.search)
        let builder = RiskEventBuilder(plan.detection, rowKey: plan.search.rowKey, scoring: content.scoring)
        var outcome = RiskEventBuilder.Outcome()
        var throttle =
            plan.writesRiskEvents
            ? try DetectionThrottle(plan.detection, rowKey: plan.search.rowKey, builder: builder) {
                try index.throttleStarts(ruleID: plan.detection.id)
            } : nil
        var throttleStarts: [ThrottleStart] = []
        var throttledCount = 0
        var pending: [Firing] = []
        var events = RiskEventSet()
        var score = 0.0
        var warnings: [Diagnostic] = []
        var writeNanoseconds: UInt64 = 0
        func flush() throws {
            let start = options.stopwatch?() ?? 0
            try write(pending, throttleStarts)
            writeNanoseconds += (options.stopwatch?() ?? 0) - start
            pending = []
            throttleStarts = []
        }
        var rowCount = 0
        try forEachRun(plan, matched, riskTimes) { run, rows in
            var context = ExecutionContext(
                nowMicroseconds: run.tickMicroseconds ?? options.nowMicroseconds, zone: options.zone,
                range: TimeRange(earliest: run.windowStartMicroseconds, latest: run.windowEndMicroseconds),
                limits: options.limits, rowSource: source, state: state)
            context.isOverdue = options.deadline?()
            let result =
                plan.search.readsEvents
                ? try plan.search.run(
                    [input(matched, rows)], skipping: commandsDone, &context)
                : try plan.search.run(&context)
            rowCount += result.rowCount
            warnings.addNew(context.warnings)
            // A Hunting rule's rows are for those who look; Splunk writes nothing for them.
            guard plan.writesRiskEvents else { return }
            let admitted = throttle?.admit(result, run: run) { row in
                builder.eventTime(result, row, run, result.origins?[row] ?? []) { matched.time(of: Int($0)) }
            }
            throttledCount += admitted?.heldBackCount ?? 0
            throttleStarts += admitted?.starts ?? []
            let built = builder.build(admitted?.rows ?? result, run: run) { matched.time(of: Int($0)) }
            outcome.merge(built)
            for firing in built.firings {
                for event in firing.events {
                    events.insert(event)
                    score += event.calculatedRiskScore
                }
                pending.append(
                    Firing(key: firing.key, events: firing.events, contributing: stored(firing.origins, matched)))
            }
            if pending.count >= Self.firingsPerTransaction { try flush() }
        }
        if !pending.isEmpty || !throttleStarts.isEmpty { try flush() }
        let report = RunJob.DetectionOutcome(
            name: plan.detection.name, searchName: plan.detection.searchName,
            matchedEventCount: matched.batch.rowCount, rowCount: rowCount, riskEventCount: events.count,
            riskScore: score, throttledCount: throttledCount,
            lostByField: outcome.lostByField.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 },
            missingTokens: outcome.missingTokens.sorted(), unstoredEventCount: matched.droppedTextCount,
            warnings: warnings + Self.undecided(outcome),
            effort: RuleEffort(
                candidateCount: matched.effort.candidateCount, candidateBytes: matched.effort.candidateBytes,
                filterNanoseconds: matched.effort.nanoseconds,
                runNanoseconds: (options.stopwatch?() ?? 0) - start - writeNanoseconds))
        return (report, events)
    }

    private static func undecided(_ outcome: RiskEventBuilder.Outcome) -> [Diagnostic] {
        outcome.undecidedFactors.sorted { $0.key < $1.key }.map { name, count in
            Diagnostic(
                "W370", "risk factor '\(name)' could not be decided for \(count) risk events and did not apply to them")
        }
    }

    /// The events that a search starts from, with what can be calculated of them for all searches and windows at once,
    /// and how many commands that has done.
    private func input(of search: CompiledSearch) throws -> (MatchedEvents, commandsDone: Int) {
        var matched = try events(of: search)
        let (calculations, count) = search.leadingCalculations
        guard count > 0, matched.batch.rowCount > 0 else { return (matched, search.filteredBySource) }
        var context = ExecutionContext(
            nowMicroseconds: options.nowMicroseconds, zone: options.zone, range: options.range, limits: options.limits)
        context.isOverdue = options.deadline?()
        let whole = try shared.apply(calculations, to: matched, context)
        let needed = search.needed(behind: search.filteredBySource + count)
        matched.batch = whole.selecting(whole.names.filter(needed.contains))
        return (matched, search.filteredBySource + count)
    }

    private func events(of search: CompiledSearch) throws -> MatchedEvents {
        guard search.readsEvents else { return .empty }
        let range =
            options.runsOnce
            ? search.times.range(nowMicroseconds: options.nowMicroseconds, zone: options.zone, outer: options.range)
            : options.range
        return try source.events(of: search, range: range)
    }

    /// Calls `body` for every run that the schedule would have made over the times that the search can see, or once over
    /// all of them.
    private func forEachRun(
        _ plan: DetectionPlan, _ matched: MatchedEvents, _ riskTimes: [Int64],
        _ body: (DetectionRun, Range<Int>) throws -> Void
    ) throws {
        // A search that ends in an ungrouped aggregate answers even where nothing matched.
        let answersNothing = plan.search.rowKey?.isEmpty ?? false
        let times = try times(plan.search, matched, riskTimes)
        if options.runsOnce || times == nil {
            guard !plan.search.readsEvents || matched.batch.rowCount > 0 || answersNothing else { return }
            let run = DetectionRun(
                windowStartMicroseconds: options.range.earliest, windowEndMicroseconds: options.range.latest,
                tickMicroseconds: nil, nowMicroseconds: options.nowMicroseconds)
            try body(run, 0..<matched.batch.rowCount)
            return
        }
        let schedule = plan.detection.schedule
        let own = plan.search.times
        let replay = try Replay(
            cron: schedule.cron, earliest: own.earliestText ?? schedule.earliest,
            latest: own.latestText ?? schedule.latest, zone: options.zone)
        try replay.forEachWindow(over: times ?? [], visitsEmptyWindows: answersNothing) { window in
            let run = DetectionRun(
                windowStartMicroseconds: window.startMicroseconds, windowEndMicroseconds: window.endMicroseconds,
                tickMicroseconds: window.tickMicroseconds, nowMicroseconds: options.nowMicroseconds)
            try body(run, matched.rows(from: window.startMicroseconds, to: window.endMicroseconds))
        }
    }

    /// The times that decide which scheduled runs there are, ascending: of the events that the search starts from; else
    /// of its subsearches' events and of the risk index. Nil for a search that reads neither.
    private func times(
        _ search: CompiledSearch, _ matched: MatchedEvents, _ riskTimes: [Int64]
    ) throws -> [Int64]? {
        // Events without a time cannot be in a window; they stand last.
        func timed(_ events: MatchedEvents) -> [Int64] { events.times.prefix { $0 != MatchedEvents.noTime }.reversed() }
        if search.readsEvents { return timed(matched) }
        var times: [Int64] = []
        var readsAnything = false
        for inner in search.searchesOfTree {
            switch inner.source {
            case .rows: continue
            case .events: times += timed(try events(of: inner))
            case .stored: times += riskTimes
            }
            readsAnything = true
        }
        return readsAnything ? times.sorted() : nil
    }

    /// The window's rows, each knowing which matched event it is.
    private func input(_ matched: MatchedEvents, _ rows: Range<Int>) -> Batch {
        var batch = rows.count == matched.batch.rowCount ? matched.batch : matched.batch.gathered(Array(rows))
        batch.setOrigins(rows.map { UInt32($0) })
        return batch
    }

    private func stored(_ origins: [UInt32], _ matched: MatchedEvents) -> [StoredEvent] {
        // Newest first already; the order of a firing's events must not depend on how rows were grouped.
        origins.sorted().prefix(Self.storedEventsPerFiring).compactMap { index in
            let text = matched.texts[Int(index)]
            guard let raw = text.bytes else { return nil }
            let known = matched.time(of: Int(index))
            let origin = text.origin
            let identity = [origin.sourcetype, origin.source, origin.host, origin.index, known.map(String.init) ?? "-"]
            let head = identity.map { "\($0.utf8.count):\($0)" }.joined()
            return StoredEvent(
                key: SHA256.hexDigest(Array(head.utf8) + raw), timeMicroseconds: known, sourcetype: origin.sourcetype,
                source: origin.source, host: origin.host, index: origin.index, raw: raw)
        }
    }
}

extension RiskEventBuilder.Outcome {
    fileprivate mutating func merge(_ other: RiskEventBuilder.Outcome) {
        lostByField.merge(other.lostByField, uniquingKeysWith: +)
        missingTokens.formUnion(other.missingTokens)
        undecidedFactors.merge(other.undecidedFactors, uniquingKeysWith: +)
    }
}
