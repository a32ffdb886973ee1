import Columns
public import Risk
import RiskIndex

/// What is compared of a finding.
public struct BacktestFinding: Sendable, Hashable {
    public var entity: EntityIdentity
    /// The commonest raw name in its window.
    public var riskObject: String
    /// The run that opened it, UTC microseconds.
    public var timeMicroseconds: Int64
    public var riskScore: Double
    public var riskEventCount: Int
    public var severity: String

    public init(
        entity: EntityIdentity, riskObject: String, timeMicroseconds: Int64, riskScore: Double,
        riskEventCount: Int, severity: String
    ) {
        self.entity = entity
        self.riskObject = riskObject
        self.timeMicroseconds = timeMicroseconds
        self.riskScore = riskScore
        self.riskEventCount = riskEventCount
        self.severity = severity
    }

    init(_ finding: Finding) {
        self.init(
            entity: EntityIdentity(finding), riskObject: finding.riskObject,
            timeMicroseconds: finding.timeMicroseconds, riskScore: finding.riskScore,
            riskEventCount: finding.riskEventCount, severity: finding.severity)
    }
}

/// The findings of a stretch of time before and after a change, and which of them are the same.
public struct BacktestReport: Sendable {
    /// What became of a finding.
    public enum Fate: String, Sendable, CaseIterable {
        /// At the same time.
        case kept
        /// At another time, within the rule's window.
        case moved
        case gained, lost
    }

    /// A finding before, after, or both; at least one is there.
    public struct Outcome: Sendable, Hashable {
        public var searchName: String
        public var fate: Fate
        public var before: BacktestFinding?
        public var after: BacktestFinding?

        public init(searchName: String, fate: Fate, before: BacktestFinding?, after: BacktestFinding?) {
            self.searchName = searchName
            self.fate = fate
            self.before = before
            self.after = after
        }

        /// Its score or severity is another one.
        public var isChanged: Bool {
            guard let before, let after else { return true }
            return before.riskScore != after.riskScore || Text(before.severity) != Text(after.severity)
        }
    }

    public struct Tally: Sendable, Hashable {
        public var before = 0
        public var after = 0
        public var kept = 0
        /// Of the kept ones those whose score or severity is another one.
        public var changed = 0
        public var moved = 0
        public var gained = 0
        public var lost = 0

        public init() {}

        public mutating func add(_ outcome: Outcome) {
            if outcome.before != nil { before += 1 }
            if outcome.after != nil { after += 1 }
            switch outcome.fate {
            case .kept:
                kept += 1
                if outcome.isChanged { changed += 1 }
            case .moved: moved += 1
            case .gained: gained += 1
            case .lost: lost += 1
            }
        }
    }

    /// An incident rule of either side.
    public struct Rule: Sendable, Hashable {
        public var searchName: String
        /// Whether it runs before and after.
        public var runsBefore: Bool
        public var runsAfter: Bool
        public var tally: Tally

        public init(searchName: String, runsBefore: Bool, runsAfter: Bool, tally: Tally) {
            self.searchName = searchName
            self.runsBefore = runsBefore
            self.runsAfter = runsAfter
            self.tally = tally
        }
    }

    /// Times at which incident rules ran, UTC microseconds.
    public var range: Range<Int64>
    /// Name of the profile before, and after.
    public var profileBefore: String
    public var profileAfter: String
    /// What was changed, a phrase each, in order.
    public var changes: [String]
    /// Stored risk events in ``range``.
    public var riskEventCount: Int
    /// By `search_name`.
    public var rules: [Rule]
    /// By entity, rule, then time.
    public var outcomes: [Outcome]
    /// What factors would do; nil unless they were applied anew.
    public var factorTrial: FactorTrial?
    /// Rules that could not run on one side, which are left out on both.
    public var skipped: [RuleProblem] = []

    public init(
        range: Range<Int64>, profileBefore: String, profileAfter: String, changes: [String], riskEventCount: Int,
        rules: [Rule], outcomes: [Outcome]
    ) {
        self.range = range
        self.profileBefore = profileBefore
        self.profileAfter = profileAfter
        self.changes = changes
        self.riskEventCount = riskEventCount
        self.rules = rules
        self.outcomes = outcomes
    }

    public var total: Tally {
        var tally = Tally()
        for outcome in outcomes { tally.add(outcome) }
        return tally
    }

    /// How many entities have a finding before, after, and only on one side.
    public var entityCounts: (before: Int, after: Int, gained: Int, lost: Int) {
        let before = Set(outcomes.compactMap(\.before?.entity))
        let after = Set(outcomes.compactMap(\.after?.entity))
        return (before.count, after.count, after.subtracting(before).count, before.subtracting(after).count)
    }
}
