import Columns
public import Content
public import Formats
import Risk
public import RiskIndex
import SPL
public import Search

/// Replays incident rules over the stored risk events of a stretch of time, as things are and as they would be, and
/// compares the findings. Nothing is written.
///
/// Both sides begin without any finding: those of the index came of runs, settings and reviews that only one side had.
public struct BacktestJob: Sendable {
    public var changes: BacktestChanges
    /// Times of incident runs, UTC microseconds.
    public var range: Range<Int64>
    public var profile: RiskProfile
    public var zone: TimeZoneRules
    public var limits = SearchLimits()
    /// As ``RunJob/Options/deadline``.
    public var deadline: (@Sendable () -> @Sendable () -> Bool)?

    public init(_ changes: BacktestChanges, range: Range<Int64>, profile: RiskProfile, zone: TimeZoneRules) {
        self.changes = changes
        self.range = range
        self.profile = profile
        self.zone = zone
    }

    /// - Throws: `EngineError` E813 for changes that make no sense; `IndexError`.
    public func run(_ content: LoadedContent, _ index: RiskIndex) throws -> BacktestReport {
        let environment = content.environment(nowMicroseconds: range.upperBound, zone: zone)
        let plan = try BacktestPlan(
            changes, content, profile: profile, storedRules: try Self.storedRules(index), environment: environment)
        var after = plan.after
        var trial: FactorTrial?
        if let factors = plan.factors {
            trial = try FactorTrial(
                factors, content.scoring, index, range: try eventRange(plan), counted: range, edits: &after.edits)
        }
        var skipped: [RuleProblem] = []
        let old = try findings(plan.before, index, &skipped)
        let new = try findings(after, index, &skipped)
        let events = try index.riskColumns(
            RiskEventQuery(startMicroseconds: range.lowerBound, endMicroseconds: range.upperBound))
        var report = BacktestReport(
            range: range, profileBefore: plan.before.profile.rawValue, profileAfter: after.profile.rawValue,
            changes: plan.changes, riskEventCount: events.count, rules: [], outcomes: [])
        report.factorTrial = trial
        report.skipped = Set(skipped).sorted {
            ($0.ruleName, $0.line, $0.diagnostic.code, $0.text) < ($1.ruleName, $1.line, $1.diagnostic.code, $1.text)
        }
        let refused = Set(skipped.map { Text($0.ruleName) })
        try compare(plan, old, new, refused, &report)
        return report
    }

    private func findings(
        _ side: BacktestPlan.Side, _ index: RiskIndex, _ skipped: inout [RuleProblem]
    ) throws -> [String: [BacktestFinding]] {
        var options = RunJob.Options(inputs: [], nowMicroseconds: range.upperBound, zone: zone, threadCount: 1)
        options.profile = side.profile
        options.limits = limits
        options.deadline = deadline
        let run = IncidentRun(
            rules: side.rules, environment: side.environment, options, scoring: side.scoring, index,
            EditedRiskSource(index: index, edits: side.edits), edits: side.edits)
        var store = CollectedFindings()
        _ = try run.run(.ticks(range), into: &store, &skipped)
        return store.findings
    }

    private func compare(
        _ plan: BacktestPlan, _ old: [String: [BacktestFinding]], _ new: [String: [BacktestFinding]],
        _ refused: Set<Text>, _ report: inout BacktestReport
    ) throws {
        var sides: [String: (before: IncidentRule?, after: IncidentRule?)] = [:]
        for rule in plan.before.rules { sides[plan.key(rule), default: (nil, nil)].before = rule }
        for rule in plan.after.rules { sides[plan.key(rule), default: (nil, nil)].after = rule }
        for key in sides.keys.sorted(by: { Text($0) < Text($1) }) {
            guard let (before, after) = sides[key], let rule = before ?? after else { continue }
            // Half a comparison would show all its findings as lost, or gained.
            if [before, after].contains(where: { $0.map { refused.contains(Text($0.name)) } ?? false }) { continue }
            let outcomes = Self.outcomes(
                rule.searchName, before.flatMap { old[$0.id] } ?? [], after.flatMap { new[$0.id] } ?? [],
                within: try windowLength(rule))
            var tally = BacktestReport.Tally()
            for outcome in outcomes { tally.add(outcome) }
            report.rules.append(
                BacktestReport.Rule(
                    searchName: rule.searchName, runsBefore: before != nil, runsAfter: after != nil, tally: tally))
            report.outcomes += outcomes
        }
        report.rules = report.rules.enumerated().sorted {
            (Text($0.element.searchName), $0.offset) < (Text($1.element.searchName), $1.offset)
        }.map(\.element)
        // Those that this order does not tell apart are of one rule and entity, and stay as its runs found them.
        report.outcomes = report.outcomes.enumerated().map { (order: $1.order, offset: $0, outcome: $1) }
            .sorted { ($0.order, $0.offset) < ($1.order, $1.offset) }.map(\.outcome)
    }

    private static func outcomes(
        _ searchName: String, _ old: [BacktestFinding], _ new: [BacktestFinding], within: Int64
    ) -> [BacktestReport.Outcome] {
        let before = Dictionary(grouping: old, by: \.entity)
        let after = Dictionary(grouping: new, by: \.entity)
        var outcomes: [BacktestReport.Outcome] = []
        for entity in Set(before.keys).union(after.keys) {
            let (left, right) = (before[entity] ?? [], after[entity] ?? [])
            let pairs = FindingPairs.match(
                before: left.map(\.timeMicroseconds), after: right.map(\.timeMicroseconds), within: within)
            for pair in pairs {
                let (fate, old, new): (BacktestReport.Fate, BacktestFinding?, BacktestFinding?) =
                    switch pair {
                    case .kept(let before, let after): (.kept, left[before], right[after])
                    case .moved(let before, let after): (.moved, left[before], right[after])
                    case .lost(let before): (.lost, left[before], nil)
                    case .gained(let after): (.gained, nil, right[after])
                    }
                outcomes.append(.init(searchName: searchName, fate: fate, before: old, after: new))
            }
        }
        return outcomes
    }

    /// How far a rule looks, which is how far a finding may move.
    private func windowLength(_ rule: IncidentRule) throws -> Int64 {
        let window = try replay(rule).window(atMicroseconds: range.lowerBound)
        return max(0, window.endMicroseconds - window.startMicroseconds)
    }

    /// What any window of the runs can see.
    private func eventRange(_ plan: BacktestPlan) throws -> Range<Int64> {
        var events = range
        for rule in plan.before.rules + plan.after.rules {
            // What is wrong with a schedule is told when the rule runs.
            guard let replay = try? replay(rule) else { continue }
            let start = min(events.lowerBound, replay.window(atMicroseconds: range.lowerBound).startMicroseconds)
            events = start..<max(events.upperBound, replay.window(atMicroseconds: range.upperBound).endMicroseconds)
        }
        return events
    }

    private func replay(_ rule: IncidentRule) throws -> Replay {
        try Replay(
            cron: rule.schedule.cron, earliest: rule.schedule.earliest, latest: rule.schedule.latest, zone: zone)
    }

    /// `search_name`s, sorted, each once.
    private static func storedRules(_ index: RiskIndex) throws -> [String] {
        let dimensions = try index.riskDimensions()
        return Set((0..<dimensions.ruleBound).compactMap { dimensions.rule($0).map { Text($0.searchName) } })
            .sorted().map(\.string)
    }
}

extension BacktestReport.Outcome {
    fileprivate var order: OutcomeOrder {
        let finding = before ?? after
        return OutcomeOrder(
            entity: finding?.entity ?? EntityIdentity("", ""), searchName: Text(searchName),
            times: [before, after].map { $0?.timeMicroseconds ?? .max }, fate: fate.rawValue)
    }
}

private struct OutcomeOrder: Comparable {
    var entity: EntityIdentity
    var searchName: Text
    var times: [Int64]
    var fate: String

    static func < (lhs: OutcomeOrder, rhs: OutcomeOrder) -> Bool {
        if lhs.entity != rhs.entity { return lhs.entity < rhs.entity }
        if lhs.searchName != rhs.searchName { return lhs.searchName < rhs.searchName }
        let (left, right) = (lhs.times.min() ?? 0, rhs.times.min() ?? 0)
        if left != right { return left < right }
        return lhs.times != rhs.times ? lhs.times.lexicographicallyPrecedes(rhs.times) : lhs.fate < rhs.fate
    }
}
