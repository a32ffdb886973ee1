extension Counterfactuals {
    /// The first of a schedule's windows in which the counted score is over each threshold (strictly, as Splunk's rules
    /// compare); nil where it never is.
    ///
    /// - Parameters:
    ///   - events: an entity's events, in any order, keys distinct.
    ///   - windows: ascending; neither starts nor ends fall from one to the next.
    public static func firstWindows(
        over thresholds: [Double], of events: some Sequence<LedgerEvent>, profile: ScoringProfile,
        windows: some Sequence<IncidentWindow>
    ) -> [ThresholdCrossing?] {
        let events = events.inLedgerOrder()
        var score = SlidingScore(profile: profile)
        var (oldest, next) = (0, 0)
        var crossings = [ThresholdCrossing?](repeating: nil, count: thresholds.count)
        for window in windows {
            while next < events.count, events[next].timeMicroseconds < window.endMicroseconds {
                score.add(events[next])
                next += 1
            }
            while oldest < next, events[oldest].timeMicroseconds < window.startMicroseconds {
                score.remove(events[oldest])
                oldest += 1
            }
            let counted = score.counted
            var isOpen = false
            for (index, threshold) in thresholds.enumerated() where crossings[index] == nil {
                if counted > threshold {
                    crossings[index] = ThresholdCrossing(
                        threshold: threshold, tickMicroseconds: window.tickMicroseconds,
                        windowStartMicroseconds: window.startMicroseconds,
                        windowEndMicroseconds: window.endMicroseconds, totals: score.totals)
                } else {
                    isOpen = true
                }
            }
            guard isOpen else { break }
        }
        return crossings
    }
}
