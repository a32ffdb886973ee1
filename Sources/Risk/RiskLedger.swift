/// One line of the account: an event, what of it counts, and the sums up to it.
public struct LedgerLine: Sendable, Hashable {
    /// Base score, additions, multipliers and calculated score, among others.
    public var event: LedgerEvent
    /// The counted sum after this event less the one before it. May be less than the calculated score or more
    /// (``LedgerReason/raisesCap(ruleIndex:factor:highest:)``).
    public var counted: Double
    /// Empty when the event counts with its calculated score.
    public var reasons: [LedgerReason]
    /// Sum of the calculated scores of the lines up to this one.
    public var runningRaw: Double
    /// What the profile makes of the events up to this one.
    public var runningCounted: Double
}

/// The account of an entity's risk in a window: every point from base score to sum.
///
/// A line's amount is the difference that its event made when it came, in the order of the lines: by time; at one time
/// adjustments after events; then by key. The last running sums are the totals, and they do not depend on that order:
/// ``counted`` is the closed form of ``ScoringProfile``, whose documentation has it in SQL.
///
/// An adjustment that answers an event (``ScoringProfile/tiesAnswers``) counts while both are in the window. It comes
/// off the event's score, so it may take away less than its own amount: nothing, where the cap or an equal message
/// holds the rule's sum up anyway; or more: where the event was the rule's highest, and the cap falls with it. In rare
/// cases the sum even grows: when the event was the highest of its firing, and the next highest has another message.
/// Adjustments that answer nothing count in full; they can bring the sum below 0.
public struct RiskLedger: Sendable, Hashable {
    public let profile: ScoringProfile
    public let lines: [LedgerLine]

    /// - Parameters:
    ///   - events: an entity's events in a window, in any order, keys distinct.
    ///   - suppression: the number of what silences an event; nil for none. A silenced event is in the raw sum and counts
    ///     nothing, nor does it hold back another one.
    public init(
        _ events: some Sequence<LedgerEvent>, profile: ScoringProfile,
        suppression: (LedgerEvent) -> Int? = { _ in nil }
    ) {
        self.profile = profile
        var score = SlidingScore(profile: profile)
        var raw = ExactSum()
        lines = events.inLedgerOrder().map { event in
            raw += ExactSum(event.calculatedRiskScore)
            if let number = suppression(event) {
                return LedgerLine(
                    event: event, counted: 0, reasons: [.suppressed(by: number)], runningRaw: raw.value,
                    runningCounted: score.counted)
            }
            var line = LedgerLine.adding(event, to: &score)
            line.runningRaw = raw.value
            return line
        }
    }

    /// The sum of all calculated scores, which is Splunk's; 0 without events.
    public var raw: Double { lines.last?.runningRaw ?? 0 }
    /// The profile's sum; 0 without events.
    public var counted: Double { lines.last?.runningCounted ?? 0 }
    public var totals: ScoreTotals { ScoreTotals(raw: raw, counted: counted) }
}

extension LedgerLine {
    /// The line of an event that comes to what a score holds; its raw sum is that of the events that count.
    static func adding(_ event: LedgerEvent, to score: inout SlidingScore) -> LedgerLine {
        // An answer is explained by where the event stands that it answers.
        let subject = event.answeredKey.map { score.event($0) } ?? event
        let before = subject.map { (standing: score.standing(of: $0), score: score.score(of: $0)) }
        let countedBefore = score.countedTotal
        score.add(event)
        let change = score.countedTotal - countedBefore
        var reasons: [LedgerReason] = []
        if !score.profile.isPlainSum {
            if let key = event.answeredKey, score.profile.tiesAnswers {
                reasons = answerReasons(event, to: key, subject, before?.score ?? 0, score)
            } else if let key = score.answer(to: event.key), !event.isAdjustment,
                score.score(of: event) != event.calculatedRiskScore
            {
                reasons = [.answered(by: key)]
            }
            if let subject, let standing = before?.standing, !subject.isAdjustment {
                let isAnswer = subject.key != event.key
                let own =
                    isAnswer
                    ? ExactSum(score.score(of: subject)) - ExactSum(before?.score ?? 0)
                    : ExactSum(score.score(of: subject))
                if own != change {
                    reasons += stageReasons(subject, isAnswer: isAnswer, own, change, standing, score)
                }
            }
        }
        return LedgerLine(
            event: event, counted: change.value, reasons: reasons, runningRaw: score.raw, runningCounted: score.counted)
    }

    private static func answerReasons(
        _ event: LedgerEvent, to key: UInt64, _ subject: LedgerEvent?, _ scoreBefore: Double, _ score: SlidingScore
    ) -> [LedgerReason] {
        guard let subject else { return [.answeredEventAbsent(key)] }
        let taken = ExactSum(score.score(of: subject)) - ExactSum(scoreBefore)
        return taken == ExactSum(event.calculatedRiskScore) ? [.answers(key)] : [.answers(key), .answersInFull(key)]
    }

    /// The stages that made `change` of the counted sum differ from `own`, the change of the subject's score; the first
    /// stage that stops it ends the list.
    private static func stageReasons(
        _ subject: LedgerEvent, isAnswer: Bool, _ own: ExactSum, _ change: ExactSum, _ before: SlidingScore.Standing,
        _ score: SlidingScore
    ) -> [LedgerReason] {
        let after = score.standing(of: subject)
        var reasons: [LedgerReason] = []
        // An answered event may lose its place to another one, or may not have had it; a new one may take it.
        if score.profile.oncePerFiring {
            if let other = [after.firing, before.firing].lazy.compactMap({ $0 }).first(where: { $0.key != subject.key })
            {
                reasons.append(.sameFiring(as: other.key))
                if after.firing?.key != subject.key { return reasons }
            }
        }
        if score.profile.dedupMessages {
            let others = [after.message, before.message].lazy.compactMap { $0 }
            if let other = others.first(where: { $0.key != subject.key && $0.key != before.firing?.key }) {
                reasons.append(.sameMessage(as: other.key))
                if after.message?.key != subject.key { return reasons }
            }
        }
        if let limit = score.profile.messageLimit, after.limits.cutAfter != nil || before.limits.cutAfter != nil {
            reasons.append(.overMessageLimit(ruleIndex: subject.ruleIndex, limit: limit))
        }
        if let factor = score.profile.capFactor {
            let (rule, highest) = (subject.ruleIndex, after.limits.highest)
            if !isAnswer, before.limits.isCapped, highest > before.limits.highest, change > own {
                reasons.append(.raisesCap(ruleIndex: rule, factor: factor, highest: highest))
            } else if isAnswer ? before.limits.isCapped || after.limits.isCapped : after.limits.isCapped && change < own
            {
                // An answer to the rule's highest lowers the cap, and may take more than its own amount.
                reasons.append(.overCap(ruleIndex: rule, factor: factor, highest: highest))
            }
        }
        return reasons
    }
}
