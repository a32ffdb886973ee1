/// What an entity's score in a window would be without one rule.
public struct RuleShare: Sendable, Hashable {
    public var ruleIndex: UInt32
    public var eventCount: Int
    /// What goes with the rule: its events and the answers to them.
    public var share: ScoreTotals
    /// The entity's totals without that.
    public var without: ScoreTotals
}

/// When an entity's score first was over a threshold.
public struct ThresholdCrossing: Sendable, Hashable {
    public var threshold: Double
    public var tickMicroseconds: Int64
    /// Half-open.
    public var windowStartMicroseconds: Int64
    public var windowEndMicroseconds: Int64
    public var totals: ScoreTotals
}

/// Scores of what did not happen. An event that is left out takes the answers to it along: an analyst who never saw it
/// would not have answered it.
public enum Counterfactuals {
    /// The totals without the events that `isLeftOut` names, for example those with some threat object.
    public static func totals(
        of events: some Sequence<LedgerEvent>, profile: ScoringProfile, without isLeftOut: (LedgerEvent) -> Bool
    ) -> ScoreTotals {
        var gone: Set<UInt64> = []
        var left: [LedgerEvent] = []
        for event in events {
            if isLeftOut(event) { gone.insert(event.key) } else { left.append(event) }
        }
        let score = SlidingScore(
            left.lazy.filter { event in event.answeredKey.map { !gone.contains($0) } ?? true }, profile: profile)
        return score.totals
    }

    private struct Part {
        var eventCount = 0
        var own = ExactSum()
        var answers = ExactSum()
    }

    /// The totals without each of the rules, in order of `ruleIndex`. Rules do not influence each other, so this takes
    /// one pass for all; each is what ``totals(of:profile:without:)`` gives.
    public static func withoutEachRule(
        of events: some Sequence<LedgerEvent>, profile: ScoringProfile
    ) -> [RuleShare] {
        let events = Array(events)
        let score = SlidingScore(events, profile: profile)
        var answered: [UInt64: ExactSum] = [:]
        for event in events {
            if let key = event.answeredKey { answered[key, default: ExactSum()] += ExactSum(event.calculatedRiskScore) }
        }
        var parts: [UInt32: Part] = [:]
        for event in events where !event.isAdjustment {
            parts[event.ruleIndex, default: Part()].eventCount += 1
            parts[event.ruleIndex, default: Part()].own += ExactSum(event.calculatedRiskScore)
            if let sum = answered[event.key] { parts[event.ruleIndex, default: Part()].answers += sum }
        }
        return parts.sorted { $0.key < $1.key }.map { ruleIndex, part in
            let raw = part.own + part.answers
            var counted = raw
            if !profile.isPlainSum {
                counted = score.counted(ofRule: ruleIndex)
                // Answers that are not tied count beside the rules.
                if !profile.tiesAnswers { counted += part.answers }
            }
            return RuleShare(
                ruleIndex: ruleIndex, eventCount: part.eventCount,
                share: ScoreTotals(raw: raw.value, counted: counted.value),
                without: ScoreTotals(
                    raw: (score.rawTotal - raw).value, counted: (score.countedTotal - counted).value))
        }
    }

    /// The first tick at which the counted score is over each threshold (strictly, as Splunk's rules compare); nil
    /// where it never is.
    ///
    /// - Parameters:
    ///   - ticks: when the search would have run, UTC microseconds, in any order.
    ///   - windowMicroseconds: length of the window, at least 1.
    ///   - lagMicroseconds: how long before the tick the window ends; 0 ends it at the tick, exclusive. Splunk's own
    ///     rules lag by ten minutes.
    public static func firstCrossings(
        of thresholds: [Double], by events: some Sequence<LedgerEvent>, profile: ScoringProfile,
        windowMicroseconds: Int64, ticks: [Int64], lagMicroseconds: Int64 = 0
    ) -> [ThresholdCrossing?] {
        let ends = ticks.sorted().map { (tick: $0, end: subtract(lagMicroseconds, from: $0)) }
        return firstCrossings(
            of: thresholds, in: WindowWalk(events, profile: profile, lengthMicroseconds: windowMicroseconds), ends)
    }

    /// The same with a look at the moment of each event, the event included: the earliest moment at which any schedule
    /// could have seen it. Windows end a microsecond after their tick.
    public static func firstCrossingsAtEvents(
        of thresholds: [Double], by events: some Sequence<LedgerEvent>, profile: ScoringProfile,
        windowMicroseconds: Int64
    ) -> [ThresholdCrossing?] {
        let events = events.inLedgerOrder()
        let ends = events.map(\.timeMicroseconds).filter { $0 < .max }.map { (tick: $0, end: $0 + 1) }
        return firstCrossings(
            of: thresholds, in: WindowWalk(events, profile: profile, lengthMicroseconds: windowMicroseconds), ends)
    }

    private static func firstCrossings(
        of thresholds: [Double], in walk: WindowWalk, _ ends: [(tick: Int64, end: Int64)]
    ) -> [ThresholdCrossing?] {
        var walk = walk
        var crossings = [ThresholdCrossing?](repeating: nil, count: thresholds.count)
        // The lowest threshold that is not passed yet comes last.
        var open = thresholds.indices.filter { !thresholds[$0].isNaN }.sorted { thresholds[$0] > thresholds[$1] }
        for (place, (tick, end)) in ends.enumerated() {
            guard !open.isEmpty else { break }
            // Events of one time are seen together.
            if place + 1 < ends.count, ends[place + 1].end == end { continue }
            let isFirst = walk.windowEndMicroseconds == nil
            guard walk.move(toEnd: end).isChange || isFirst else { continue }
            let counted = walk.score.counted
            while let index = open.last, counted > thresholds[index] {
                open.removeLast()
                crossings[index] = ThresholdCrossing(
                    threshold: thresholds[index], tickMicroseconds: tick,
                    windowStartMicroseconds: walk.windowStartMicroseconds ?? end, windowEndMicroseconds: end,
                    totals: walk.score.totals)
            }
        }
        return crossings
    }

    private static func subtract(_ lag: Int64, from tick: Int64) -> Int64 {
        let (end, isOver) = tick.subtractingReportingOverflow(lag)
        return isOver ? (lag > 0 ? .min : .max) : end
    }
}
