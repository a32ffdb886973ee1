import Columns
import Content
public import Formats
public import Ingest
import Risk
public import RiskIndex
public import SPL
public import Search

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
        public var zone: TimeZoneRules
        public var threadCount: Int

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
        public var riskEventCount: Int
        public var riskScore: Double
        /// Rows whose entity field was null, by field.
        public var lostByField: [(field: String, count: Int)]
        /// Message tokens that some row did not fill.
        public var missingTokens: [String]
        /// Contributing events counted but not stored, because the rule matched too many.
        public var unstoredEventCount: Int
        public var warnings: [Diagnostic]
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
        var environment = content.environment(nowMicroseconds: options.nowMicroseconds, zone: options.zone)
        environment.leavesTimeToScheduler = !options.runsOnce
        var skipped: [RuleProblem] = []
        let plans = plans(environment, &skipped)
        let eventPlans = plans.filter { if case .events = $0.search.source { true } else { false } }
        let (matches, scan) = try scan(eventPlans, environment)
        let writer = DetectionRunner(content: content, options: options, index: index)
        var outcomes: [DetectionOutcome] = []
        var riskEvents = RiskEventSet()
        var newEvents = 0
        for (plan, matched) in zip(eventPlans, matches) {
            do {
                let (outcome, events, added) = try writer.run(plan, over: matched)
                outcomes.append(outcome)
                riskEvents.formUnion(events)
                newEvents += added
            } catch let diagnostic as Diagnostic {
                skipped.append(plan.problem(diagnostic))
            }
        }
        let incidents = IncidentRun(content: content, options: options, index: index)
        let newFindings = try incidents.run(after: riskEvents.sortedTimes, &skipped)
        return Report(
            scan: scan, detections: outcomes.sorted { $0.name < $1.name },
            skipped: skipped.sorted { ($0.ruleName, $0.line) < ($1.ruleName, $1.line) },
            warnings: plans.flatMap(\.warnings), riskEvents: riskEvents,
            findings: try findings(of: riskEvents, in: index), newRiskEventCount: newEvents,
            newFindingCount: newFindings)
    }

    private func plans(_ environment: SearchEnvironment, _ skipped: inout [RuleProblem]) -> [DetectionPlan] {
        var plans: [DetectionPlan] = []
        for detection in content.selectedDetections(options.rulePatterns) {
            switch DetectionPlan.compile(detection, environment: environment) {
            case .failure(let failure):
                skipped.append(failure.problem)
            case .success(let plan):
                if case .events = plan.search.source {
                    plans.append(plan)
                } else {
                    skipped.append(
                        plan.problem(
                            Diagnostic(
                                "E351", "detection reads the risk index, not events",
                                hint: "make it an incident rule in risk/incident_rules/")))
                }
            }
        }
        return plans
    }

    private func scan(
        _ plans: [DetectionPlan], _ environment: SearchEnvironment
    ) throws -> ([MatchedEvents], ScanReport) {
        let requests = plans.map { plan in
            guard case .events(let request) = plan.search.source else { preconditionFailure("plans read events") }
            // What stands in the search itself overrides the range around it.
            let range = TimeRange(
                earliest: request.range.earliest ?? options.range.earliest,
                latest: request.range.latest ?? options.range.latest)
            return ScanRequest(event: request, needed: plan.search.needed, range: range, keepsText: true)
        }
        let scan = EventScan(
            inputs: options.inputs,
            environment: ScanEnvironment(addons: content.addons, zone: options.zone, search: environment),
            threadCount: options.threadCount)
        return try scan.run(requests)
    }

    private func findings(of events: RiskEventSet, in index: RiskIndex) throws -> [Finding] {
        guard let first = events.times?.lowerBound else { return [] }
        return try index.findings(FindingQuery(startMicroseconds: first)).filter { finding in
            finding.riskEventKeys.contains { events.contains($0) }
        }
    }
}

extension DetectionPlan {
    /// A problem that belongs to the rule as a whole.
    func problem(_ diagnostic: Diagnostic) -> RuleProblem {
        let start = detection.searchOrigin.start
        return RuleProblem(
            ruleName: detection.name, file: detection.file, line: start.line, column: start.column,
            diagnostic: diagnostic)
    }
}
