import Columns
import Testing

@testable import Search

@Suite struct NumberCountsTests {
    @Test func countsAreThoseOfADictionary() {
        var random = SplitMix(state: 7)
        for bound in [3, 15, 16, 17, 40] {
            var counts = NumberCounts()
            var expected: [UInt32: Int] = [:]
            for _ in 0..<2_000 {
                let number = UInt32(random.next() % UInt64(bound))
                let takesBack = random.next() % 3 == 0 && expected[number] != nil
                let change = takesBack ? -1 : Int(random.next() % 3) + 1
                let now = (expected[number] ?? 0) + change
                expected[number] = now > 0 ? now : nil
                #expect(counts.add(number, change) == now)
                #expect(counts.count == expected.count)
            }
            var found: [UInt32: Int] = [:]
            counts.forEach { found[$0] = $1 }
            #expect(found == expected)
            for number in 0..<UInt32(bound) { #expect(counts.count(of: number) == expected[number] ?? 0) }
        }
    }

    @Test(arguments: [1, 2, 50, 5_000]) func pairsAreCountedOnce(groupCount: Int) {
        var random = SplitMix(state: 11)
        for rowCount in [0, 1, 40, 3_000] {
            let ids = (0..<rowCount).map { _ in UInt32(random.next() % 9) }
            let groups = (0..<rowCount).map { _ in Int(random.next() % UInt64(groupCount)) }
            var expected: [[Int]: Int] = [:]
            for (id, group) in zip(ids, groups) where id != 0 { expected[[group, Int(id)], default: 0] += 1 }
            var found: [[Int]: Int] = [:]
            GroupedIDs.forEach(ids, groups: groups, groupCount: groupCount) { group, id, rows in
                #expect(found[[group, id]] == nil)
                found[[group, id]] = rows
            }
            #expect(found == expected)
        }
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
