import Risk
import Testing

@Suite struct SuppressedLedgerTests {
    private func event(_ key: UInt64, score: Double, message: UInt64 = 0) -> LedgerEvent {
        LedgerEvent(
            timeMicroseconds: Int64(key), key: key, ruleIndex: 0, firing: key, message: message, riskScore: score)
    }

    /// A silenced event is in the raw sum, counts nothing and holds nothing back.
    @Test func silencedEventsAreRawOnly() {
        let events = [event(1, score: 80), event(2, score: 20), event(3, score: 10)]
        let ledger = RiskLedger(events, profile: .recommended) { $0.key == 1 ? 7 : nil }
        #expect(ledger.lines.map(\.counted) == [0, 20, 0])
        #expect(ledger.lines.map(\.runningRaw) == [80, 100, 110])
        #expect(ledger.lines.map(\.runningCounted) == [0, 20, 20])
        #expect(ledger.lines[0].reasons == [.suppressed(by: 7)])
        #expect(ledger.lines[2].reasons == [.sameMessage(as: 2)])
        let text = ledger.lines[0].reasons[0].text(
            ruleName: { "\($0)" }, eventName: { "\($0)" }, suppressionName: { "s\($0)" })
        #expect(text == "silenced by suppression s7")
    }

    /// What counts is what the rest counts alone; what is raw is the whole.
    @Test(arguments: RandomHistory.profiles) func theRestIsCountedAsIfAlone(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<100 {
            let events = RandomHistory.events(30, &generator)
            let silenced = Set(events.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }.map(\.key))
            let ledger = RiskLedger(events, profile: profile) { silenced.contains($0.key) ? 0 : nil }
            let rest = RiskLedger(events.filter { !silenced.contains($0.key) }, profile: profile)
            #expect(ledger.counted == rest.counted)
            #expect(ledger.raw == RiskLedger(events, profile: .splunk).raw)
            #expect(ledger.lines.count == events.count)
        }
    }

    /// The first window of each threshold is that of counting every window anew.
    @Test(arguments: RandomHistory.profiles) func firstWindowsAreThoseOfEachWindowAlone(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 12)
        let thresholds = [0, 25, 60, 60.5, 1_000]
        let windows = (-2..<16).map { tick in
            IncidentWindow(tickMicroseconds: tick, startMicroseconds: tick - 6, endMicroseconds: tick - 1)
        }
        for _ in 0..<100 {
            let events = RandomHistory.events(25, &generator)
            let found = Counterfactuals.firstWindows(
                over: thresholds, of: events, profile: profile, windows: windows)
            for (threshold, crossing) in zip(thresholds, found) {
                let totals = windows.map { window in
                    SlidingScore(
                        events.filter {
                            $0.timeMicroseconds >= window.startMicroseconds
                                && $0.timeMicroseconds < window.endMicroseconds
                        }, profile: profile
                    ).totals
                }
                let first = totals.firstIndex { $0.counted > threshold }
                #expect(crossing?.tickMicroseconds == first.map { windows[$0].tickMicroseconds })
                #expect(crossing?.totals == first.map { totals[$0] })
            }
        }
    }
}
