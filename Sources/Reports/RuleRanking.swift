import Columns
import Risk
public import RiskIndex

/// Detections by what they gave in a window, and by what they cost: where to tune.
public struct RuleRanking: Sendable {
    public enum Order: String, CaseIterable, Sendable {
        case events, score, entities, benign, lost
    }

    public struct Rule: Sendable, Hashable {
        public var searchName: String
        public var riskEventCount = 0
        public var entityCount = 0
        public var riskScore = 0.0
        /// Findings of the window that one of its risk events belongs to.
        public var findingCount = 0
        /// Of those, the ones whose last disposition says incident, and benign or false.
        public var incidentCount = 0
        public var benignCount = 0
        /// Result rows, of the window's runs. A Hunting rule has nothing else, a Correlation has findings.
        public var rowCount = 0
        /// Rows without an entity, of the window's runs.
        public var lostCount = 0
        public var throttledCount = 0
        public var lastRunMicroseconds: Int64?
        public var lastFiringMicroseconds: Int64?
        /// Why it did not run the last time it was asked to.
        public var problem: String?

        /// Share of its reviewed findings that were no incident; nil when none is reviewed.
        ///
        /// Source: splunk/rba, "benign rate": 1 - incident / (incident + closed).
        public var benignRate: Double? {
            let reviewed = incidentCount + benignCount
            return reviewed == 0 ? nil : Double(benignCount) / Double(reviewed)
        }
    }

    public var rules: [Rule]
    /// Findings of the window, whatever rules contributed.
    public var findingCount: Int

    /// - Parameters:
    ///   - runs: of the same window.
    ///   - reviews: by finding key, each list by time.
    public init(_ activities: RuleActivities, runs: [RuleRuns], reviews: [String: [FindingReview]], by order: Order) {
        findingCount = activities.findingKeys.count
        let dispositions = activities.findingKeys.map { key in
            (reviews[key]?.last { $0.disposition != nil })?.disposition.flatMap { Disposition($0) }
        }
        var rules: [Text: Rule] = [:]
        for activity in activities.rules {
            var rule = Rule(searchName: activity.searchName)
            rule.riskEventCount = activity.riskEventCount
            rule.entityCount = activity.entityCount
            rule.riskScore = activity.riskScore
            rule.lastFiringMicroseconds = activity.lastFiringMicroseconds
            rule.findingCount = activity.findings.count
            rule.incidentCount = activity.findings.count { dispositions[$0] == .incident }
            rule.benignCount = activity.findings.count { dispositions[$0] == .benign }
            rules[Text(activity.searchName)] = rule
        }
        for run in runs {
            var rule = rules[Text(run.searchName)] ?? Rule(searchName: run.searchName)
            rule.rowCount = run.rowCount
            rule.lostCount = run.lostCount
            rule.throttledCount = run.throttledCount
            rule.lastRunMicroseconds = run.lastRunMicroseconds
            rule.problem = run.problem
            rules[Text(run.searchName)] = rule
        }
        self.rules = rules.values.sorted { Self.precedes($0, $1, order) }
    }

    /// The largest first; where equal, the higher score, then the name.
    private static func precedes(_ a: Rule, _ b: Rule, _ order: Order) -> Bool {
        func weight(_ rule: Rule) -> Double {
            switch order {
            case .events: Double(rule.riskEventCount)
            case .score: rule.riskScore
            case .entities: Double(rule.entityCount)
            case .benign: rule.benignRate ?? -1
            case .lost: Double(rule.lostCount)
            }
        }
        let (first, second) = (weight(a), weight(b))
        if first != second { return first > second }
        if a.riskScore != b.riskScore { return a.riskScore > b.riskScore }
        return Text(a.searchName) < Text(b.searchName)
    }

    /// One row a rule.
    ///
    /// - Parameter forPeople: times as dates, scores and shares short; else epoch seconds and the numbers themselves.
    public func rows(forPeople: Bool) -> [[ResultField]] {
        rules.map { rule in
            let share = findingCount == 0 ? nil : Double(rule.findingCount) / Double(findingCount)
            let ratio = RankingValue.ratio(forPeople)
            let time = RankingValue.time(forPeople)
            return [
                ResultField("search_name", .text(Text(rule.searchName))),
                ResultField("risk_event_count", .number(Double(rule.riskEventCount))),
                ResultField("entity_count", .number(Double(rule.entityCount))),
                ResultField(
                    name: "risk_score",
                    values: [
                        forPeople ? ScoreText.print(rule.riskScore) : NumberText.print(ScoreText.exact(rule.riskScore))
                    ],
                    isNumber: true),
                ResultField("finding_count", .number(Double(rule.findingCount))),
                ratio("finding_share", share),
                ResultField("reviewed_finding_count", .number(Double(rule.incidentCount + rule.benignCount))),
                ratio("benign_rate", rule.benignRate),
                ResultField("row_count", .number(Double(rule.rowCount))),
                ResultField("lost_risk_count", .number(Double(rule.lostCount))),
                ResultField("throttled_count", .number(Double(rule.throttledCount))),
                time("last_firing", rule.lastFiringMicroseconds),
                time("last_run", rule.lastRunMicroseconds),
                ResultField(name: "did_not_run", values: rule.problem.map { [$0] } ?? [], isNumber: false),
            ]
        }
    }
}
