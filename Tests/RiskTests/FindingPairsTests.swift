import Risk
import Testing

@Suite struct FindingPairsTests {
    private func match(_ before: [Int64], _ after: [Int64], within: Int64 = 10) -> [FindingPairs.Pair] {
        FindingPairs.match(before: before, after: after, within: within)
    }

    @Test func equalTimesAreKeptBeforeNearOnesMove() {
        #expect(match([5, 6], [6, 7]) == [.moved(before: 0, after: 1), .kept(before: 1, after: 0)])
        #expect(match([5, 5], [5]) == [.kept(before: 0, after: 0), .lost(before: 1)])
    }

    @Test func theNearestMoveFirstAndTheWindowIsTheLimit() {
        #expect(match([0, 9], [10]) == [.lost(before: 0), .moved(before: 1, after: 0)])
        #expect(match([0], [10]) == [.moved(before: 0, after: 0)])
        #expect(match([0], [11]) == [.lost(before: 0), .gained(after: 0)])
        // What stands between them pairs first, and then they are neighbours.
        #expect(match([0, 4], [5, 8]) == [.moved(before: 0, after: 1), .moved(before: 1, after: 0)])
    }

    @Test func equallyNearOnesPairByTheEarlierTime() {
        #expect(match([5], [3, 7]) == [.moved(before: 0, after: 0), .gained(after: 1)])
        #expect(match([3, 7], [5]) == [.moved(before: 0, after: 0), .lost(before: 1)])
    }

    @Test func emptySidesAndClocksFarApart() {
        #expect(match([], []).isEmpty)
        #expect(match([1, 2], []) == [.lost(before: 0), .lost(before: 1)])
        #expect(match([], [1]) == [.gained(after: 0)])
        #expect(match([.min], [.max], within: .max) == [.lost(before: 0), .gained(after: 0)])
    }

    /// All pairs by distance, then times; the greedy choice of the definition.
    private func slow(_ before: [Int64], _ after: [Int64], within: Int64) -> Set<[Int64?]> {
        var (left, right) = (before, after)
        var pairs: Set<[Int64?]> = []
        for time in before {
            guard let position = right.firstIndex(of: time) else { continue }
            right.remove(at: position)
            left.remove(at: left.firstIndex(of: time)!)
            pairs.insert([time, time])
        }
        let candidates = left.flatMap { first in right.map { (abs($0 - first), first, $0) } }
        for (distance, first, second) in candidates.sorted(by: { $0 < $1 }) where distance <= within {
            guard let from = left.firstIndex(of: first), let to = right.firstIndex(of: second) else { continue }
            left.remove(at: from)
            right.remove(at: to)
            pairs.insert([first, second])
        }
        return pairs.union(left.map { [$0, nil] }).union(right.map { [nil, $0] })
    }

    @Test func pairsAreThoseOfTheDefinition() {
        var chance = SystemRandomNumberGenerator()
        for round in 0..<400 {
            func times() -> [Int64] {
                let count = Int.random(in: 0...12, using: &chance)
                return Set((0..<count).map { _ in Int64.random(in: 0..<60, using: &chance) }).sorted()
            }
            let (before, after) = (times(), times())
            let within = Int64.random(in: 0...20, using: &chance)
            var found: Set<[Int64?]> = []
            for pair in FindingPairs.match(before: before, after: after, within: within) {
                switch pair {
                case .kept(let left, let right), .moved(let left, let right):
                    found.insert([before[left], after[right]])
                case .lost(let left): found.insert([before[left], nil])
                case .gained(let right): found.insert([nil, after[right]])
                }
            }
            #expect(found == slow(before, after, within: within), "round \(round): \(before) \(after) within \(within)")
        }
    }

    @Test func manyFindingsAreMatchedInTime() {
        let before = (0..<10_000).map { Int64($0) * 60 }
        let after = before.map { $0 + 29 }
        let pairs = match(before, after, within: 86_400)
        #expect(pairs.count == before.count)
        #expect(pairs.enumerated().allSatisfy { $1 == .moved(before: $0, after: $0) })
    }
}
