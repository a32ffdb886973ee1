public import Formats
public import Risk
public import RiskIndex

/// Where an entity's score comes from: every point from base score to sum, and what would have been otherwise.
public struct EntityExplanation: Sendable {
    public var normalizedRiskObject: String
    public var riskObjectType: String
    /// Name of the profile that counts.
    public var profile: String
    public var zone: TimeZoneRules
    /// Half-open, UTC microseconds.
    public var windowStartMicroseconds: Int64
    public var windowEndMicroseconds: Int64
    /// When suppressions are looked at: the end of the window, or the run that opened the finding.
    public var atMicroseconds: Int64
    /// By time; at one time adjustments after events; then by key. Of a finding: all of its life, by step first.
    public var lines: [Line] = []
    /// Of a finding; nil for an entity.
    public var life: Life?
    /// Of the window.
    public var totals = ScoreTotals(raw: 0, counted: 0)
    /// What of the raw sum is silenced.
    public var suppressedRiskScore = 0.0
    /// Those that silence something, by start, then key.
    public var suppressions: [Silencer] = []
    /// By what goes with the rule, the most first, then by name.
    public var rules: [RuleOutcome] = []
    /// The heaviest ones, by what goes with them, the most first, then by value and type.
    public var threatObjects: [ThreatOutcome] = []
    /// How many there are in all.
    public var threatObjectCount = 0
    /// By incident rule, then threshold.
    public var thresholds: [ThresholdOutcome] = []
    /// Search names of the profile's other incident rules, whose condition is another one than a sum over a threshold.
    public var otherIncidentRules: [String] = []
    /// Bounded, over the 7 days before the window's end.
    public var entityScore: EntityScore
    /// Elastic's, over the 30 days before the window's end; nil when nobody asked.
    public var elasticScore: ElasticScore?
    /// The sliding sums over ``curveWindowMicroseconds``, ascending.
    public var curve: [CurvePoint] = []
    public var curveWindowMicroseconds: Int64 = 0

    public struct Line: Sendable {
        public var event: LedgerEvent
        public var riskEventID: String
        public var searchName: String
        public var riskObject: String
        public var riskMessage: String
        /// Names of the factors that applied.
        public var additions: [String]
        public var multiplications: [String]
        public var counted: Double
        /// Why `counted` is not the calculated score, in words.
        public var reasons: [String]
        /// Id of what silences the event.
        public var suppressionID: String?
        public var runningRaw: Double
        public var runningCounted: Double
        /// In a finding; nil in an entity's window. Then amounts and sums are those of the step's window.
        public var membership: Membership?
    }

    /// A finding from its first to its last step.
    public struct Life: Sendable {
        public var opening: StepSums
        public var last: StepSums
        /// Lines that stand in the finding's windows but came after its runs had looked there: in none of the sums.
        public var lateEventCount: Int
        /// Of the finding's own events, those whose names stand for another entity by now: not in the ledger.
        public var absentEventCount: Int
    }

    public struct Step: Sendable, Hashable {
        public var state: FindingState
        /// The run that began it, UTC microseconds.
        public var timeMicroseconds: Int64
    }

    /// What the window of a step held.
    public struct StepSums: Sendable {
        public var step: Step
        /// Half-open, UTC microseconds.
        public var windowStartMicroseconds: Int64
        public var windowEndMicroseconds: Int64
        public var riskEventCount: Int
        public var totals: ScoreTotals
        /// What of the raw sum was silenced.
        public var suppressedRiskScore: Double
    }

    /// Where an event stands in a finding's life.
    public struct Membership: Sendable {
        /// In which it joined; nil for one that came late.
        public var step: Step?
        public var isInOpening: Bool
        /// What of it counts in the window of the last step; nil when it is not there.
        public var countedAtLastStep: Double?
    }

    public struct Silencer: Sendable {
        public var suppression: Suppression
        public var riskEventCount: Int
    }

    public struct RuleOutcome: Sendable {
        public var searchName: String
        public var riskEventCount: Int
        public var share: ScoreTotals
        /// The totals without the rule.
        public var without: ScoreTotals
    }

    public struct ThreatOutcome: Sendable {
        public var threatObject: ThreatObject
        public var riskEventCount: Int
        /// The totals without the events that name it.
        public var without: ScoreTotals
    }

    public struct ThresholdOutcome: Sendable {
        /// `search_name` of the incident rule whose schedule this is.
        public var searchName: String
        public var threshold: Double
        /// The content's own threshold.
        public var isShipped: Bool
        /// The first event at which the score over the rule's window was over the threshold.
        public var crossing: ThresholdCrossing?
        /// The first run of the rule that would have held.
        public var opening: ThresholdCrossing?
    }

    public struct CurvePoint: Sendable {
        public var timeMicroseconds: Int64
        public var totals: ScoreTotals
    }
}
