/// A risk event as arithmetic needs it: numbers and ids, 80 bytes, so that ten million fit in memory. The caller keeps
/// what the ids stand for.
///
/// Ids must mean the same for all events that are scored together, and keys must be distinct. An order that has to hold
/// across runs needs keys that do: the first 16 hex digits of the event's key (`risk_event_id`) as a number, or the
/// event's place in a list by time, then key; not a row's number in some file.
public struct LedgerEvent: Sendable, Hashable {
    /// `_time`, UTC microseconds.
    public let timeMicroseconds: Int64
    public let key: UInt64
    /// The firing: one result row of one run of the rule. Of no meaning in an adjustment.
    public let firing: UInt64
    /// Equal for equal `risk_message`. Of no meaning in an adjustment.
    public let message: UInt64
    private let answered: UInt64
    /// Base score, before risk factors.
    public let riskScore: Double
    /// Sum of the additions of the risk factors that matched; 0 for none.
    public let factorAdd: Double
    /// Product of their multipliers; 1 for none.
    public let factorMultiply: Double
    /// What counts. Finite, and of at most ±2^30 (about 1.07e9): the initialisers cut what is not, not a number to 0.
    public let calculatedRiskScore: Double
    /// The rule, whatever its version: a rule that is updated must not get a second cap, so a number of
    /// `RiskDimensions`, which is one a version, will not do. Of no meaning in an adjustment: it is nobody's firing,
    /// and no rule's cap holds it.
    public let ruleIndex: UInt32
    private let kind: Kind

    private enum Kind: UInt8 { case event, adjustment, answer }

    /// An event of a rule.
    public init(
        timeMicroseconds: Int64, key: UInt64, ruleIndex: UInt32, firing: UInt64, message: UInt64, riskScore: Double,
        factorAdd: Double, factorMultiply: Double, calculatedRiskScore: Double
    ) {
        self.init(
            timeMicroseconds, key, ruleIndex, firing, message, 0, riskScore, factorAdd, factorMultiply,
            calculatedRiskScore, .event)
    }

    /// An event of a rule whose score is calculated here: `(riskScore + factorAdd) * factorMultiply`, not rounded.
    ///
    /// Source: ES "Risk factoring": additions always before multiplications.
    public init(
        timeMicroseconds: Int64, key: UInt64, ruleIndex: UInt32, firing: UInt64, message: UInt64, riskScore: Double,
        factorAdd: Double = 0, factorMultiply: Double = 1
    ) {
        self.init(
            timeMicroseconds, key, ruleIndex, firing, message, 0, riskScore, factorAdd, factorMultiply,
            (riskScore + factorAdd) * factorMultiply, .event)
    }

    /// An entry by hand, mostly negative.
    ///
    /// - Parameter answeredKey: the event that it neutralises; nil for one that stands for itself.
    public static func adjustment(
        timeMicroseconds: Int64, key: UInt64, score: Double, answeredKey: UInt64?
    ) -> LedgerEvent {
        LedgerEvent(
            timeMicroseconds, key, 0, 0, 0, answeredKey ?? 0, score, 0, 1, score,
            answeredKey == nil ? .adjustment : .answer)
    }

    private init(
        _ timeMicroseconds: Int64, _ key: UInt64, _ ruleIndex: UInt32, _ firing: UInt64, _ message: UInt64,
        _ answered: UInt64, _ riskScore: Double, _ factorAdd: Double, _ factorMultiply: Double, _ calculated: Double,
        _ kind: Kind
    ) {
        self.timeMicroseconds = timeMicroseconds
        self.key = key
        self.firing = firing
        self.message = message
        self.answered = answered
        self.riskScore = riskScore
        self.factorAdd = factorAdd
        self.factorMultiply = factorMultiply
        calculatedRiskScore =
            calculated.isNaN ? 0 : min(max(calculated, -ExactSum.largestTerm), ExactSum.largestTerm)
        self.ruleIndex = ruleIndex
        self.kind = kind
    }

    public var isAdjustment: Bool { kind != .event }

    /// The key of the event that an adjustment answers.
    public var answeredKey: UInt64? { kind == .answer ? answered : nil }

    /// The order in which events are counted: by time; at one time adjustments after events; then by key.
    public func precedes(_ other: LedgerEvent) -> Bool {
        if timeMicroseconds != other.timeMicroseconds { return timeMicroseconds < other.timeMicroseconds }
        if isAdjustment != other.isAdjustment { return other.isAdjustment }
        return key < other.key
    }

    /// The score that is left when `answers` (the sum of what answers this event) is taken off: an answer takes away
    /// the event's own score and nothing of others.
    func score(answeredBy answers: Double) -> Double {
        max(min(calculatedRiskScore, 0), calculatedRiskScore + answers)
    }
}

extension Sequence<LedgerEvent> {
    /// In the order in which they are counted.
    func inLedgerOrder() -> [LedgerEvent] {
        let events = Array(self)
        let isSorted = zip(events, events.dropFirst()).allSatisfy { !$1.precedes($0) }
        return isSorted ? events : events.sorted { $0.precedes($1) }
    }

    /// The events of rules with what answers in the same set leave of their scores; adjustments are left out.
    func answeredScores() -> [(event: LedgerEvent, score: Double)] {
        var answers: [UInt64: ExactSum] = [:]
        for event in self {
            if let key = event.answeredKey { answers[key, default: ExactSum()] += ExactSum(event.calculatedRiskScore) }
        }
        return filter { !$0.isAdjustment }.map { event in
            guard let sum = answers[event.key] else { return (event, event.calculatedRiskScore) }
            return (event, event.score(answeredBy: sum.value))
        }
    }
}
