import Testing

@testable import Risk

@Suite struct SlidingScoreTests {
    @Test(arguments: RandomHistory.profiles)
    func totalsAreTheClosedForm(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 1)
        for round in 0..<160 {
            let events = RandomHistory.events(round % 40, &generator)
            let score = SlidingScore(events, profile: profile)
            #expect(isNear(score.raw, ReferenceScore.raw(events)))
            #expect(
                isNear(score.counted, ReferenceScore.counted(events, profile)), "\(profile.name), round \(round)")
        }
    }

    @Test(arguments: RandomHistory.profiles)
    func anyHistoryEndsWhereItsSetDoes(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<12 {
            let events = RandomHistory.events(60, &generator)
            var sliding = SlidingScore(profile: profile)
            var present: [LedgerEvent] = []
            var absent = events
            for _ in 0..<200 {
                if present.isEmpty || !absent.isEmpty && Bool.random(using: &generator) {
                    let event = absent.remove(at: .random(in: 0..<absent.count, using: &generator))
                    sliding.add(event)
                    present.append(event)
                } else {
                    let event = present.remove(at: .random(in: 0..<present.count, using: &generator))
                    sliding.remove(event)
                    absent.append(event)
                }
                // To the last bit, in any order.
                let again = SlidingScore(present.shuffled(using: &generator), profile: profile)
                #expect(sliding.totals == again.totals)
                #expect(sliding.eventCount == present.count)
            }
            for event in present { sliding.remove(event) }
            #expect(sliding.totals == ScoreTotals(raw: 0, counted: 0))
        }
    }

    /// Blocks of scores split, empty and merge.
    @Test(arguments: RandomHistory.profiles)
    func manyEventsOfOneRule(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 3)
        let events = RandomHistory.events(3_000, &generator, scale: 300)
        var sliding = SlidingScore(events.shuffled(using: &generator), profile: profile)
        var left = events.shuffled(using: &generator)
        while !left.isEmpty {
            for event in left.suffix(500) { sliding.remove(event) }
            left.removeLast(500)
            #expect(sliding.totals == SlidingScore(left, profile: profile).totals)
        }
    }

    @Test func rankedScoresKeepTheirOrder() {
        var generator = SeededGenerator(seed: 4)
        var ranked = RankedScores()
        var plain: [RankedScore] = []
        for step in 0..<6_000 {
            // Grows for the first half, then shrinks to nothing.
            if plain.isEmpty || Int.random(in: 0..<10, using: &generator) < (step < 3_000 ? 7 : 2) {
                let score = RankedScore(
                    score: Double(Int.random(in: 0..<20, using: &generator)),
                    timeMicroseconds: .random(in: 0..<5, using: &generator), key: UInt64(step), message: 0)
                ranked.insert(score)
                plain.append(score)
            } else {
                let score = plain.remove(at: .random(in: 0..<plain.count, using: &generator))
                let wasThere = ranked.remove(score)
                let isStillThere = ranked.remove(score)
                #expect(wasThere && !isStillThere)
            }
            guard step % 50 == 0 || plain.isEmpty else { continue }
            var listed: [RankedScore] = []
            ranked.forEachFromHighest { score in
                listed.append(score)
                return true
            }
            #expect(listed == plain.sorted { $0.precedes($1) })
            #expect(ranked.first == listed.first)
        }
    }

    @Test func anEventIsSmall() {
        #expect(MemoryLayout<LedgerEvent>.stride == 80)
    }
}
