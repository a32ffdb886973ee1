/// An entity's raw and counted score over a set of events that come and go, in any order.
///
/// After any history the totals are those of the set that is there, to the last bit: sums are exact (`ExactSum`), so it
/// does not matter what was there before, nor in which order it came. A change costs O(log n) of the rule's events, and
/// no more than an addition under a plain sum.
public struct SlidingScore: Sendable {
    public let profile: ScoringProfile
    public private(set) var eventCount = 0
    private var rawSum = ExactSum()
    private var countedSum = ExactSum()
    private var rules: [UInt32: RuleScore] = [:]
    /// What answers an event, by the event's key: there may be answers whose event is not there.
    private var answers: [UInt64: Answers] = [:]
    /// The events of rules that are there, for answers to come; empty when the profile does not tie them.
    private var events: [UInt64: LedgerEvent] = [:]

    private struct Answers {
        var sum = ExactSum()
        var count = 0
        /// One of them, for the ledger to name.
        var key: UInt64
    }

    public init(profile: ScoringProfile) { self.profile = profile }

    /// The totals of a set of events, in any order.
    public init(_ events: some Sequence<LedgerEvent>, profile: ScoringProfile) {
        self.init(profile: profile)
        for event in events { add(event) }
    }

    public var raw: Double { rawSum.value }
    /// Equal to ``raw`` under a plain sum.
    public var counted: Double { countedTotal.value }
    public var totals: ScoreTotals { ScoreTotals(raw: raw, counted: counted) }

    /// - Parameter event: one that is not there: adding it twice counts it twice, or confuses its answers.
    public mutating func add(_ event: LedgerEvent) {
        eventCount += 1
        rawSum += ExactSum(event.calculatedRiskScore)
        guard !profile.isPlainSum else { return }
        if event.isAdjustment {
            if let answered = event.answeredKey, profile.tiesAnswers {
                answer(answered) { answers in
                    answers.sum += ExactSum(event.calculatedRiskScore)
                    answers.count += 1
                    answers.key = event.key
                }
            } else {
                countedSum += ExactSum(event.calculatedRiskScore)
            }
        } else {
            if profile.tiesAnswers { events[event.key] = event }
            change(event, to: .present)
        }
    }

    /// - Parameter event: one that is there.
    public mutating func remove(_ event: LedgerEvent) {
        eventCount -= 1
        rawSum -= ExactSum(event.calculatedRiskScore)
        guard !profile.isPlainSum else { return }
        if event.isAdjustment {
            if let answered = event.answeredKey, profile.tiesAnswers {
                answer(answered) { answers in
                    answers.sum -= ExactSum(event.calculatedRiskScore)
                    answers.count -= 1
                }
            } else {
                countedSum -= ExactSum(event.calculatedRiskScore)
            }
        } else {
            change(event, to: .absent)
            if profile.tiesAnswers { events[event.key] = nil }
        }
    }

    private enum Presence { case present, absent }

    private mutating func change(_ event: LedgerEvent, to presence: Presence) {
        let (score, profile) = (ranked(event), profile)
        func apply(_ rule: inout RuleScore) -> (change: ExactSum, isEmpty: Bool) {
            let before = rule.counted
            switch presence {
            case .present: rule.insert(score, firing: event.firing, profile)
            case .absent: rule.remove(score, firing: event.firing, profile)
            }
            return (rule.counted - before, rule.eventCount == 0)
        }
        let outcome = apply(&rules[event.ruleIndex, default: RuleScore()])
        countedSum += outcome.change
        if outcome.isEmpty { rules[event.ruleIndex] = nil }
    }

    /// Changes what answers an event; the event, if it is there, is taken out and put in with what is left of its
    /// score.
    private mutating func answer(_ key: UInt64, _ body: (inout Answers) -> Void) {
        let event = events[key]
        if let event { change(event, to: .absent) }
        body(&answers[key, default: Answers(key: key)])
        if answers[key]?.count == 0 { answers[key] = nil }
        if let event { change(event, to: .present) }
    }

    private func ranked(_ event: LedgerEvent) -> RankedScore {
        RankedScore(
            score: score(of: event), timeMicroseconds: event.timeMicroseconds, key: event.key, message: event.message)
    }
}

// What the ledger and the counterfactuals ask for.
extension SlidingScore {
    var rawTotal: ExactSum { rawSum }
    var countedTotal: ExactSum { profile.isPlainSum ? rawSum : countedSum }

    /// What counts of one rule, its answers taken off when the profile ties them. Under a plain sum nothing is kept by
    /// rule.
    func counted(ofRule ruleIndex: UInt32) -> ExactSum { rules[ruleIndex]?.counted ?? ExactSum() }

    /// The score of an event of a rule, less the tied answers that are there.
    func score(of event: LedgerEvent) -> Double {
        guard let answers = answers[event.key] else { return event.calculatedRiskScore }
        return event.score(answeredBy: answers.sum.value)
    }

    /// One of the adjustments that are there and answer an event.
    func answer(to key: UInt64) -> UInt64? { answers[key]?.key }

    /// The event of a rule, if it is there and the profile ties answers.
    func event(_ key: UInt64) -> LedgerEvent? { events[key] }

    /// Where an event's rule stands: what the event is compared with in each stage.
    struct Standing {
        var firing: RankedScore?
        var message: RankedScore?
        var limits = RuleScore.Limits()
    }

    func standing(of event: LedgerEvent) -> Standing {
        guard let rule = rules[event.ruleIndex] else { return Standing() }
        let best = rule.best(firing: event.firing, message: event.message)
        return Standing(firing: best.firing, message: best.message, limits: rule.limits(profile))
    }
}
