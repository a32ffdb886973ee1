public import Columns
public import RiskIndex

/// Stored risk events as they would be with other scores or factors, or without some rules. The index stays as it is.
public struct RiskEdits: Sendable {
    /// What a rule's events are worth before factors.
    public enum Score: Sendable, Hashable {
        case fixed(Double)
        /// Times what is stored.
        case scaled(Double)

        func base(_ stored: Double) -> Double {
            switch self {
            case .fixed(let score): score
            case .scaled(let factor): RiskFactorOutcome.bounded(stored * factor)
            }
        }
    }

    /// What factors make of one event.
    public struct Factors: Sendable, Hashable {
        /// `risk_factor_add`, `risk_factor_mult`.
        public var addition: Double
        public var multiplier: Double
        /// Names of the factors, as the event stores them.
        public var additions: [String]
        public var multiplications: [String]

        public init(_ outcome: RiskFactorOutcome) {
            addition = outcome.addition
            multiplier = outcome.multiplier
            additions = outcome.additions.map(\.name)
            multiplications = outcome.multipliers.map(\.name)
        }

        public init(storedWith event: RiskEvent) {
            addition = event.riskFactorAdd
            multiplier = event.riskFactorMult
            additions = event.riskFactorAddMatched
            multiplications = event.riskFactorMultMatched
        }
    }

    /// Tells events apart as the index orders them: by time and the first 15 digits of the key.
    struct EventNumber: Hashable, Sendable {
        var timeMicroseconds: Int64
        var keyOrder: Int64
    }

    /// Both by `search_name`.
    let scores: [Text: Score]
    let removedRules: Set<Text>
    /// Of few different ones among many events.
    private(set) var factorLists: [Factors] = []
    private var listNumbers: [Factors: UInt32] = [:]
    private var factorsOfEvent: [EventNumber: UInt32] = [:]

    public init(scores: [Text: Score] = [:], removedRules: Set<Text> = []) {
        self.scores = scores
        self.removedRules = removedRules
    }

    public var isEmpty: Bool { scores.isEmpty && removedRules.isEmpty && factorsOfEvent.isEmpty }

    var changesFactors: Bool { !factorsOfEvent.isEmpty }

    /// What must be read beside what is wanted, so that ``apply(to:_:)`` can work.
    public func parts(for wanted: RiskColumnParts) -> RiskColumnParts {
        var parts = wanted
        if !scores.isEmpty || changesFactors { parts.formUnion(.scores) }
        if changesFactors { parts.formUnion(.keyOrders) }
        return parts
    }

    /// Gives an event of the index other factors.
    public mutating func set(_ factors: Factors, of event: RiskEvent) {
        let number = listNumbers[factors] ?? UInt32(factorLists.count)
        if number == factorLists.count {
            factorLists.append(factors)
            listNumbers[factors] = number
        }
        factorsOfEvent[EventNumber(timeMicroseconds: event.timeMicroseconds, keyOrder: event.keyOrder)] = number
    }

    /// A number of `factorLists`; nil where the stored factors stay.
    func factors(_ timeMicroseconds: Int64, _ keyOrder: Int64) -> UInt32? {
        factorsOfEvent[EventNumber(timeMicroseconds: timeMicroseconds, keyOrder: keyOrder)]
    }

    /// - Returns: false for an event that is not there any more.
    public func apply(to event: inout RiskEvent) -> Bool {
        let rule = Text(event.searchName)
        if removedRules.contains(rule) { return false }
        let score = scores[rule]
        let factors = changesFactors ? factors(event.timeMicroseconds, event.keyOrder) : nil
        guard score != nil || factors != nil else { return true }
        if let score { event.riskScore = score.base(event.riskScore) }
        if let factors = factors.map({ factorLists[Int($0)] }) {
            event.riskFactorAdd = factors.addition
            event.riskFactorMult = factors.multiplier
            event.riskFactorAddMatched = factors.additions
            event.riskFactorMultMatched = factors.multiplications
        }
        event.calculatedRiskScore = Self.calculated(event.riskScore, event.riskFactorAdd, event.riskFactorMult)
        return true
    }

    /// As ``RiskFactorSet/calculated(_:_:)``, of what an event stores.
    static func calculated(_ riskScore: Double, _ addition: Double, _ multiplier: Double) -> Double {
        addition == 0 && multiplier == 1 ? riskScore : RiskFactorOutcome.bounded((riskScore + addition) * multiplier)
    }
}
