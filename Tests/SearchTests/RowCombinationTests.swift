import Columns
import Testing

@testable import Search

@Suite struct RowCombinationTests {
    /// Equal values have one id, as scans make them.
    private static func encoded(_ values: [Value]) -> Column {
        var builder = ColumnBuilder()
        for value in values { builder.append(value) }
        return builder.finish()
    }

    @Test(arguments: [1, 2, 40, 5_000]) func aCombinationHasOneResult(cardinality: Int) {
        var state = UInt64(cardinality)
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let rows = (0..<3_000).map { _ in (0..<3).map { _ in next(cardinality) } }
        let columns = (0..<3).map { column in Self.encoded(rows.map { .number(Double($0[column])) }) }
        var combinations = RowCombinations(columns)
        var results: [[Int]: UInt32] = [:]
        var asked = 0
        for (row, values) in rows.enumerated() {
            if let known = combinations.result(ofRow: row) {
                #expect(known == results[values])
            } else {
                asked += 1
                let result = results[values] ?? UInt32(results.count)
                results[values] = result
                combinations.keep(result)
            }
        }
        // All that can be remembered is, where it is worth it.
        if cardinality < 5 { #expect(asked == results.count) }
        if cardinality == 5_000 { #expect(asked > 2_900) }
    }

    @Test func theRowBeforeIsAlwaysKnown() {
        let column = Self.encoded([.text("a"), .text("a"), .text("b"), .text("a")])
        var combinations = RowCombinations([column])
        #expect(combinations.result(ofRow: 0) == nil)
        combinations.keep(7)
        #expect(combinations.result(ofRow: 1) == 7)
        #expect(combinations.result(ofRow: 2) == nil)
        combinations.keep(8)
        #expect(combinations.result(ofRow: 3) == nil)
    }
}
