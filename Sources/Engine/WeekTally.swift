public import RiskIndex

/// What the risk events of one week and of the week before add up to: sums for every entity and rule, details for the
/// entities with the most.
public struct WeekTally: Sendable, Hashable {
    /// Some risk events.
    public struct Sum: Sendable, Hashable {
        public var eventCount = 0
        /// Sum of `calculated_risk_score`.
        public var raw = 0.0
        /// What the counting profile makes of the week's events, as if the week were one window.
        public var counted = 0.0

        public init() {}

        public static func += (left: inout Sum, right: Sum) {
            left.eventCount += right.eventCount
            left.raw += right.raw
            left.counted += right.counted
        }
    }

    /// A week against the week before.
    public struct Pair: Sendable, Hashable {
        public var current = Sum()
        public var previous = Sum()

        public init() {}
    }

    /// Raw scores by day.
    public struct Days: Sendable, Hashable {
        public var current = [Double](repeating: 0, count: 7)
        public var previous = [Double](repeating: 0, count: 7)

        public init() {}
    }

    public struct Entity: Sendable, Hashable {
        public var normalizedRiskObject: String
        public var riskObjectType: String
        public var sums: Pair
        /// No event before the week.
        public var isNew: Bool
        /// Nil beyond those with the most, and for entities without events in the week.
        public var detail: Detail?
    }

    public struct Detail: Sendable, Hashable {
        /// Raw names seen in the week, sorted by bytes.
        public var riskObjects: [String]
        public var days: Days
        /// Rules of either week, by search name.
        public var rules: [EntityRule]
        /// Of the week, by name, that of events without a tactic last.
        public var tactics: [EntityTactic]
        /// In no event of the entity before the week; by value, then type.
        public var newThreatObjects: [ThreatObject]
    }

    public struct EntityRule: Sendable, Hashable {
        public var searchName: String
        public var sums: Pair
        /// No event of the entity by this rule before the week.
        public var isNew: Bool
    }

    public struct EntityTactic: Sendable, Hashable {
        public var name: String?
        /// An event of several tactics counts in each.
        public var raw: Double
        public var isNew: Bool
    }

    /// A rule in all its versions.
    public struct Rule: Sendable, Hashable {
        public var searchName: String
        public var sums: Pair
        public var days: Days
        /// Entities of the week.
        public var entityCount: Int
        public var isNew: Bool
        /// Of its last event before the week's end.
        public var lastMicroseconds: Int64
    }

    public struct Tactic: Sendable, Hashable {
        /// Nil: events without a tactic.
        public var name: String?
        /// Without counted sums: a tactic is nothing that a profile counts.
        public var sums: Pair
        public var isNew: Bool
    }

    public struct Threat: Sendable, Hashable {
        public var threatObject: ThreatObject
        public var eventCount: Int
        public var raw: Double
        public var entityCount: Int
    }

    /// What entities have the most of.
    public enum Ranking: Sendable, Hashable { case raw, counted }

    public let ranking: Ranking
    /// Time of the first event before the week's end; nil when there is none.
    public var historyStartMicroseconds: Int64?
    /// Of all events.
    public var sums = Pair()
    /// Raw scores and counts of each day.
    public var days: [Pair] = []
    /// Those with events in either week, by name, then type, as bytes.
    public var entities: [Entity] = []
    /// Those that ever fired before the week's end, by search name.
    public var rules: [Rule] = []
    /// Those with events in either week, by name, nil last.
    public var tactics: [Tactic] = []
    /// In no event before the week; by value, then type.
    public var newThreatObjects: [Threat] = []

    init(ranking: Ranking) { self.ranking = ranking }
}
