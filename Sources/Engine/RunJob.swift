import Columns
public import Content
public import Formats
public import Ingest
import Risk
public import RiskIndex
public import SPL
public import Search
import Synchronization

/// The main job: events to detections to risk events to findings.
public struct RunJob: Sendable {
    public struct Options: Sendable {
        public var inputs: [InputSpec]
        /// Globs on detection names and files; empty runs all.
        public var rulePatterns: [String]
        /// Each detection once over the whole time range, not by its schedule.
        public var runsOnce: Bool
        /// Event time; open bounds take everything.
        public var range: TimeRange
        public var nowMicroseconds: Int64
        public var profile = RiskProfile.splunk
        public var zone: TimeZoneRules
        public var threadCount: Int
        /// The content's baselines run first, once over all events: they train the models and fill the lookups that
        /// detections read.
        public var runsBaselines = false
        /// Folder for what searches write; nil leaves it with the run.
        public var keepFolder: String?
        public var limits = SearchLimits()
        /// Called when a search starts; what it gives is asked between batches whether the time is up.
        public var deadline: (@Sendable () -> @Sendable () -> Bool)?

        /// Tells the time that rules take; nil takes none.
        public var stopwatch: Stopwatch?

        public init(
            inputs: [InputSpec], rulePatterns: [String] = [], runsOnce: Bool = false, range: TimeRange = TimeRange(),
            nowMicroseconds: Int64, zone: TimeZoneRules = .utc, threadCount: Int
        ) {
            self.inputs = inputs
            self.rulePatterns = rulePatterns
            self.runsOnce = runsOnce
            self.range = range
            self.nowMicroseconds = nowMicroseconds
            self.zone = zone
            self.threadCount = threadCount
        }
    }

    /// How one detection fared.
    public struct DetectionOutcome: Sendable {
        public var name: String
        public var searchName: String
        public var matchedEventCount: Int
        /// Result rows of all its runs.
        public var rowCount: Int
        public var riskEventCount: Int
        public var riskScore: Double
        /// Rows that the rule's throttling held back: neither risk events nor lost.
        public var throttledCount: Int
        /// Rows whose entity field was null, by field.
        public var lostByField: [(field: String, count: Int)]
        /// Message tokens that some row did not fill.
        public var missingTokens: [String]
        /// Contributing events counted but not stored, because the rule matched too many.
        public var unstoredEventCount: Int
        public var warnings: [Diagnostic]
        public var effort: RuleEffort
    }

    public struct Report: Sendable {
        public var scan: ScanReport
        public var detections: [DetectionOutcome]
        /// Detections that did not run, and why.
        public var skipped: [RuleProblem]
        public var warnings: [RuleProblem]
        /// Risk events of this run, whether the index knew them already or not; read them with ``RunJob/Report/forEachRiskEvent``.
        public var riskEvents: RiskEventSet
        /// Findings that any of these risk events belongs to, by time then key.
        public var findings: [Finding]
        public var newRiskEventCount: Int
        public var newFindingCount: Int
    }

    private let content: LoadedContent
    private let options: Options

    public init(_ content: LoadedContent, _ options: Options) {
        self.content = content
        self.options = options
    }

    /// - Throws: `IndexError` or `EngineError` when the state cannot be written; inputs and rules that fail are in the
    ///   report.
    public func run(into index: RiskIndex) throws -> Report {
        try index.rekey(content.scoring.resolver)
        let environment = content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone)
        var skipped: [RuleProblem] = []
        let plans = plans(environment, &skipped)
        let source = rowSource(environment, index)
        let state = content.stored.fresh()
        let baselines = options.runsBaselines ? BaselineRun(content, options, environment, &skipped) : nil
        let start = options.stopwatch?() ?? 0
        var scan = try scan(plans, baselines?.ranges ?? [], source, environment)
        scan.nanoseconds = (options.stopwatch?() ?? 0) - start
        try baselines?.run(source, state, &skipped)
        let runner = DetectionRunner(content: content, options: options, index: index, source: source, state: state)
        var ran = Ran()
        try runDetections(plans.filter { $0.incidentRule == nil }, runner, index, &ran)
        var store = IndexedFindings(index: index)
        let moved = try index.movedTimes()
        let correlations = CorrelationPhase(content, options, index, source, plans.filter { $0.incidentRule != nil })
        let correlated = try correlations.find(changedTimes(ran.riskEvents, moved, index), store, &ran.skipped)
        // What they write, risk and findings, the next run's correlations see.
        try runDetections(correlations.scoring(correlated), runner, index, &ran, writesAtEnd: true)
        ran.outcomes += correlations.outcomes(correlated)
        skipped += ran.skipped
        let riskEvents = ran.riskEvents
        var newFindings = try correlations.write(correlated, into: &store)
        newFindings += try IncidentRun(content, options, index, source).run(
            .events(changedTimes(riskEvents, moved, index)), into: &store, &skipped)
        if moved != nil { try index.forgetMovedTimes() }
        if let folder = options.keepFolder { try WrittenFiles(folder: folder).write(state) }
        try index.add(RunRecord(content, options, scan: scan, outcomes: ran.outcomes, skipped: skipped))
        return Report(
            scan: scan, detections: ran.outcomes.sorted { $0.name < $1.name },
            skipped: skipped.sorted { ($0.ruleName, $0.line) < ($1.ruleName, $1.line) },
            warnings: plans.flatMap(\.warnings), riskEvents: riskEvents,
            findings: try findings(of: riskEvents, correlations.keys(correlated), in: index),
            newRiskEventCount: ran.newEventCount,
            newFindingCount: newFindings)
    }

    private struct Ran: Sendable {
        var outcomes: [DetectionOutcome] = []
        var skipped: [RuleProblem] = []
        var riskEvents = RiskEventSet()
        var newEventCount = 0
        /// What waits to be written.
        var deferred: [(firings: [Firing], starts: [ThrottleStart])] = []
    }

    /// What reads the risk index runs after what fills it, one after the other, as do searches that others may read the
    /// results of.
    ///
    /// - Parameter writesAtEnd: none of these rules sees what another of them writes.
    private func runDetections(
        _ plans: [DetectionPlan], _ runner: DetectionRunner, _ index: RiskIndex, _ total: inout Ran,
        writesAtEnd: Bool = false
    ) throws {
        let ran = Mutex(total)
        let timesBefore = total.riskEvents.sortedTimes
        let plans = plans.filter { !$0.readsIndex } + plans.filter(\.readsIndex)
        let runsAlone = plans.map(\.runsAlone)
        let batches = FiringBatches(index)
        let isPlain = content.isPlain
        // What rules gave before an error stays, as it would have without batches.
        defer { try? batches.write() }
        try OrderedWork<DetectionRunner.Piece>.run(
            count: plans.count, threadCount: options.threadCount, runsAlone: { runsAlone[$0] }
        ) { number, give in
            let plan = plans[number]
            // All before it are through.
            if runsAlone[number] { try batches.write() }
            let riskTimes =
                writesAtEnd
                ? timesBefore : plan.readsIndex ? ran.withLock { $0.riskEvents.sortedTimes } : []
            try runner.run(plan, riskTimes: riskTimes, give)
        } handOver: { piece in
            switch piece {
            case .write(let firings, let starts):
                if writesAtEnd { return ran.withLock { $0.deferred.append((firings, starts)) } }
                try batches.add(firings, starts)
                if isPlain { try batches.write() }
            case .done(let outcome, let events):
                ran.withLock {
                    $0.outcomes.append(outcome)
                    $0.riskEvents.formUnion(events)
                }
            case .failed(let problem): ran.withLock { $0.skipped.append(problem) }
            }
        }
        try batches.write()
        total = ran.withLock { $0 }
        total.newEventCount += batches.newEventCount
        for (firings, starts) in total.deferred {
            total.newEventCount += try index.insert(firings, throttleStarts: starts).newEvents
        }
        total.deferred = []
    }

    /// Of this run's events, and of those that other identity data gave to another entity; ascending.
    private func changedTimes(
        _ riskEvents: RiskEventSet, _ moved: ClosedRange<Int64>?, _ index: RiskIndex
    ) throws -> [Int64] {
        guard let moved else { return riskEvents.sortedTimes }
        let query = RiskEventQuery(startMicroseconds: moved.lowerBound, endMicroseconds: moved.upperBound + 1)
        return (riskEvents.sortedTimes + (try index.riskColumns(query)).timesMicroseconds).sorted()
    }

    private func plans(_ environment: SearchEnvironment, _ skipped: inout [RuleProblem]) -> [DetectionPlan] {
        var environment = environment
        if !environment.isPlain { environment.views = SharedViews() }
        let compiled = content.selectedDetections(options.rulePatterns).concurrentMap(options.threadCount) {
            [environment] detection in
            Result { () throws(RuleProblem) in try DetectionPlan(detection, environment: environment) }
        }
        var plans: [DetectionPlan] = []
        for result in compiled {
            switch result {
            case .success(let plan): plans.append(plan)
            case .failure(let problem): skipped.append(problem)
            }
        }
        return plans
    }

    private func rowSource(_ environment: SearchEnvironment, _ index: RiskIndex) -> JobRowSource {
        let scan = eventScan(environment)
        return JobRowSource(scan: { try scan.run($0) }, index: { index })
    }

    /// One pass over the inputs for all searches and their subsearches. A scheduled search has another range in each of
    /// its runs, so it takes all events of the job's own range.
    private func scan(
        _ plans: [DetectionPlan], _ baselines: [(search: CompiledSearch, range: TimeRange)], _ source: JobRowSource,
        _ environment: SearchEnvironment
    ) throws -> ScanReport {
        let searches =
            baselines
            + plans.flatMap { plan in
                options.runsOnce
                    ? plan.search.ranges(
                        nowMicroseconds: options.nowMicroseconds, zone: options.zone, outer: options.range)
                    : plan.search.searchesOfTree.map { ($0, options.range) }
            }
        let main = Set(plans.map(\.search.sourceKey))
        try source.prepare(searches) { main.contains($0.sourceKey) }
        if let report = source.report { return report }
        // No rule reads events; the inputs are still counted and their rejects told.
        return try eventScan(environment).run([]).1
    }

    private func eventScan(_ environment: SearchEnvironment) -> EventScan {
        EventScan(
            inputs: options.inputs,
            environment: ScanEnvironment(addons: content.addons, zone: options.zone, search: environment),
            threadCount: options.threadCount, samplesTimes: true, stopwatch: options.stopwatch,
            scannerCache: content.scannerCache)
    }

    /// - Parameter keys: of findings that belong to the run whatever their events are.
    private func findings(of events: RiskEventSet, _ keys: Set<String>, in index: RiskIndex) throws -> [Finding] {
        let first = events.times?.lowerBound
        guard first != nil || !keys.isEmpty else { return [] }
        return try index.findings(FindingQuery(startMicroseconds: keys.isEmpty ? first : nil)).filter { finding in
            keys.contains(finding.key) || finding.riskEventKeys.contains { events.contains($0) }
        }
    }
}
