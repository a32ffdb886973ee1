import Testing

@testable import Risk

@Suite struct CounterfactualTests {
    private static let hour: Int64 = 3_600_000_000

    private func event(_ key: UInt64, hours: Int64, rule: UInt32 = 0, _ score: Double) -> LedgerEvent {
        LedgerEvent(
            timeMicroseconds: hours * Self.hour, key: key, ruleIndex: rule, firing: key, message: key, riskScore: score)
    }

    @Test(arguments: RandomHistory.profiles)
    func withoutARuleIsAsIfItHadNeverFired(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 9)
        for round in 0..<80 {
            let events = RandomHistory.events(round % 40, &generator)
            let shares = Counterfactuals.withoutEachRule(of: events, profile: profile)
            #expect(shares.map(\.ruleIndex) == Set(events.filter { !$0.isAdjustment }.map(\.ruleIndex)).sorted())
            for share in shares {
                let one = Counterfactuals.totals(of: events, profile: profile) { event in
                    !event.isAdjustment && event.ruleIndex == share.ruleIndex
                }
                #expect(share.without == one)
                let ofRule = Set(events.filter { !$0.isAdjustment && $0.ruleIndex == share.ruleIndex }.map(\.key))
                let left = events.filter { event in
                    !ofRule.contains(event.key) && !(event.answeredKey.map(ofRule.contains) ?? false)
                }
                #expect(isNear(one.counted, ReferenceScore.counted(left, profile)))
                #expect(isNear(one.raw, ReferenceScore.raw(left)))
                #expect(share.eventCount == ofRule.count)
            }
        }
    }

    /// The walk and the crossing, against scoring every window from scratch.
    @Test(arguments: RandomHistory.profiles)
    func crossingsAreThoseOfEveryWindowByItself(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 10)
        let thresholds: [Double] = [100, 0, 25.5, 50, 50, -1000, .nan, 1e9]
        for round in 0..<40 {
            let events = RandomHistory.events(round, &generator, scale: 3)
            let length = Int64.random(in: 1...20, using: &generator)
            let lag = Int64.random(in: -2...3, using: &generator)
            let ticks = (0..<15).map { _ in Int64.random(in: -5...50, using: &generator) }
            func totals(_ end: Int64) -> ScoreTotals {
                SlidingScore(
                    events.filter { $0.timeMicroseconds >= end - length && $0.timeMicroseconds < end },
                    profile: profile
                ).totals
            }
            func expected(_ ends: [(tick: Int64, end: Int64)]) -> [ThresholdCrossing?] {
                thresholds.map { threshold in
                    ends.first { totals($0.end).counted > threshold }.map { tick, end in
                        ThresholdCrossing(
                            threshold: threshold, tickMicroseconds: tick, windowStartMicroseconds: end - length,
                            windowEndMicroseconds: end, totals: totals(end))
                    }
                }
            }
            #expect(
                Counterfactuals.firstCrossings(
                    of: thresholds, by: events, profile: profile, windowMicroseconds: length, ticks: ticks,
                    lagMicroseconds: lag) == expected(ticks.sorted().map { ($0, $0 - lag) }))
            #expect(
                Counterfactuals.firstCrossingsAtEvents(
                    of: thresholds, by: events, profile: profile, windowMicroseconds: length)
                    == expected(events.map(\.timeMicroseconds).sorted().map { ($0, $0 + 1) }))
        }
    }

    @Test func windowsAreHalfOpen() {
        let events = [event(1, hours: 0, 60), event(2, hours: 24, 41)]
        func crossing(_ window: Int64) -> ThresholdCrossing? {
            Counterfactuals.firstCrossingsAtEvents(
                of: [100], by: events, profile: .splunk, windowMicroseconds: window)[0]
        }
        #expect(crossing(24 * Self.hour) == nil)
        #expect(crossing(24 * Self.hour + 1)?.tickMicroseconds == 24 * Self.hour)
        var walk = WindowWalk(events, profile: .splunk, lengthMicroseconds: 24 * Self.hour)
        walk.move(toEnd: 24 * Self.hour)
        #expect(walk.score.raw == 60)
        walk.move(toEnd: 24 * Self.hour + 1)
        #expect(walk.score.raw == 41)
        #expect(walk.eventsInWindow.map(\.key) == [2])
    }

    /// Golden cases 1 and 2: strictly over 100.
    @Test func aThresholdIsPassedNotReached() {
        for (second, tick) in [(40.0, nil), (41, 3 * Self.hour)] {
            let crossings = Counterfactuals.firstCrossings(
                of: [100], by: [event(1, hours: 1, 60), event(2, hours: 2, rule: 1, second)], profile: .splunk,
                windowMicroseconds: 24 * Self.hour, ticks: (0..<48).map { $0 * Self.hour })
            #expect(crossings.map(\.?.tickMicroseconds) == [tick])
        }
    }

    /// Golden case 13: the sum falls and nothing came.
    @Test func slideOutIsAMoveWithoutEntries() {
        let events = [event(1, hours: 0, 60), event(2, hours: 2, rule: 1, 60), event(3, hours: 3, rule: 2, 60)]
        var walk = WindowWalk(events, profile: .splunk, lengthMicroseconds: 24 * Self.hour)
        let move1 = walk.move(toEnd: 4 * Self.hour)
        #expect(move1 == WindowWalk.Move(entered: 3, left: 0))
        #expect(walk.score.counted == 180)
        let move2 = walk.move(toEnd: 25 * Self.hour)
        #expect(move2 == WindowWalk.Move(entered: 0, left: 1))
        #expect(walk.score.counted == 120)
    }

    @Test func eventsThatComeAndGoBetweenTicksAreNotSeen() {
        let events = [event(1, hours: 0, 60), event(2, hours: 5, 60), event(3, hours: 90, 60)]
        var walk = WindowWalk(events, profile: .recommended, lengthMicroseconds: Self.hour)
        let move3 = walk.move(toEnd: 1)
        #expect(move3 == WindowWalk.Move(entered: 1, left: 0))
        let move4 = walk.move(toEnd: 91 * Self.hour)
        #expect(move4 == WindowWalk.Move(entered: 1, left: 1))
        #expect(walk.score.counted == 60)
    }

    /// An answer leaves with its event, not a day later.
    @Test func answersDoNotOutliveTheirEvents() {
        let answer = LedgerEvent.adjustment(
            timeMicroseconds: 20 * Self.hour, key: 9, score: -60, answeredKey: 1)
        let events = [event(1, hours: 0, 60), answer, event(2, hours: 21, rule: 1, 50)]
        for (profile, later) in [(ScoringProfile.splunk, -10.0), (.recommended, 50.0)] {
            var walk = WindowWalk(events, profile: profile, lengthMicroseconds: 24 * Self.hour)
            walk.move(toEnd: 22 * Self.hour)
            #expect(walk.score.counted == 50)
            walk.move(toEnd: 30 * Self.hour)
            #expect(walk.score.counted == later)
        }
    }

    @Test func windowsAtTheEndsOfTimeDoNotTrap() {
        let events = [
            LedgerEvent(timeMicroseconds: .min, key: 1, ruleIndex: 0, firing: 1, message: 1, riskScore: 60),
            LedgerEvent(timeMicroseconds: .max, key: 2, ruleIndex: 0, firing: 2, message: 2, riskScore: 60),
        ]
        let crossings = Counterfactuals.firstCrossings(
            of: [50], by: events, profile: .splunk, windowMicroseconds: .max, ticks: [.min, .min + 1, .max],
            lagMicroseconds: 0)
        #expect(crossings[0]?.tickMicroseconds == .min + 1)
        _ = Counterfactuals.firstCrossings(
            of: [50], by: events, profile: .splunk, windowMicroseconds: 1, ticks: [.min, .max], lagMicroseconds: .max)
        _ = Counterfactuals.firstCrossingsAtEvents(
            of: [500], by: events, profile: .splunk, windowMicroseconds: 1)
    }
}
