import Columns
import Testing

@testable import Search

/// The laws of ``Aggregate``, checked for every function there is.
@Suite struct AggregateLawTests {
    private static let names =
        Aggregates.all.map(\.name) + ["perc95", "p50", "p0", "exactperc33.3", "upperperc99.9", "median"]
        + ["sparkline count", "sparkline dc", "sparkline max", "sparkline var", "sparkline p50"]

    private static func function(_ name: String) throws -> AggregateFunction {
        let words = name.split(separator: " ").map(String.init)
        let function = try #require(Aggregates.function(named: words[words.count - 1]))
        return words.count == 1 ? function : .sparkline(of: function, span: name.hasSuffix("x") ? .days(1) : nil)
    }

    /// Whole numbers, so that sums are exact in any order.
    private static let values: [Value] = [
        .text("10"), .null, .text("9"), .list([.text("b"), .text("10"), .text("b")]), .number(4), .text("a"),
        .text("4.0"), .list([.number(1), .number(7)]), .text("B"), .text("9"), .text(""), .number(-3),
    ]
    private static let groups = [0, 1, 0, 2, 1, 0, 1, 2, 3, 0, 1, 2]
    private static let times: [Value] = [
        .number(6), .number(6), .text("5"), .text("x"), .number(5), .null, .number(5), .number(3), .number(3),
        .text("2.5"), .number(9), .number(1),
    ]

    private struct Rows {
        var range: Range<Int>
        var column: Column { Column(range.map { values[$0] }) }
        var groups: [Int] { range.map { AggregateLawTests.groups[$0] } }
        var times: Column { Column(range.map { AggregateLawTests.times[$0] }) }
    }

    private static func fed(_ function: AggregateFunction, _ pieces: [Range<Int>]) -> any Aggregate {
        var aggregate = function.make()
        for piece in pieces {
            let rows = Rows(range: piece)
            aggregate.add(rows.column, groups: rows.groups, groupCount: 4, times: rows.times)
        }
        return aggregate
    }

    private static func results(_ aggregate: any Aggregate, _ groups: Range<Int> = 0..<6) -> [Value] {
        var context = ExecutionContext(nowMicroseconds: 0)
        return groups.map { aggregate.result($0, &context) }
    }

    /// Deviations may differ in their last digits, everything else not at all.
    private static func agree(_ left: [Value], _ right: [Value]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { left, right in
                if case .number(let a) = left, case .number(let b) = right {
                    return abs(a - b) <= 1e-12 * max(1, abs(a))
                }
                return left == right
            }
    }

    @Test(arguments: names) func rowsOneByOneAreLikeABatch(_ name: String) throws {
        let function = try Self.function(name)
        let whole = Self.fed(function, [0..<Self.values.count])
        for make in [{ function.make() as any Aggregate }, function.makeSliding] {
            var single = make()
            single.grow(to: 4)
            for (row, value) in Self.values.enumerated() {
                single.add(value, group: Self.groups[row], time: Self.times[row].numeric)
            }
            #expect(Self.agree(Self.results(single), Self.results(whole)))
        }
    }

    @Test(arguments: names) func mergingIsLikeFeedingInOrder(_ name: String) throws {
        let function = try Self.function(name)
        let all = Self.values.count
        let whole = Self.results(Self.fed(function, [0..<all]))
        for cut in 0...all {
            var left = Self.fed(function, [0..<cut])
            left.merge(Self.fed(function, [cut..<all]), groups: [0, 1, 2, 3], groupCount: 4)
            #expect(Self.agree(Self.results(left), whole), "cut at \(cut)")
        }
    }

    /// Groups of the other side have other numbers, and two of them may become one.
    @Test(arguments: names) func mergingRenumbersGroups(_ name: String) throws {
        let function = try Self.function(name)
        var merged = function.make()
        merged.add(Column([.text("2")]), groups: [0], groupCount: 1, times: Column([.number(4)]))
        var other = function.make()
        other.add(
            Column([.text("8"), .text("5"), .text("2")]), groups: [0, 1, 2], groupCount: 3,
            times: Column([.number(3), .number(2), .number(1)]))
        merged.merge(other, groups: [2, 0, 2], groupCount: 4)
        var straight = function.make()
        straight.add(
            Column([.text("2"), .text("8"), .text("5"), .text("2")]), groups: [0, 2, 0, 2], groupCount: 4,
            times: Column([.number(4), .number(3), .number(2), .number(1)]))
        #expect(Self.agree(Self.results(merged), Self.results(straight)))
    }

    /// A window that slides over the rows gives what a new aggregate of its rows gives.
    @Test(arguments: names) func takingBackTheOldestRowForgetsIt(_ name: String) throws {
        let function = try Self.function(name)
        let call = StatsCommand.Call(function: function, field: "x", expression: nil, output: "r")
        for size in [1, 2, 3, 5] {
            var sliding = StreamFunction(call, hasWindow: true)
            sliding.grow(to: 1)
            var context = ExecutionContext(nowMicroseconds: 0)
            for (row, value) in Self.values.enumerated() {
                if row >= size {
                    sliding.removeFirst(Self.values[row - size], group: 0, time: Self.times[row - size].numeric)
                }
                sliding.add(value, group: 0, time: Self.times[row].numeric)
                var fresh = function.make()
                fresh.grow(to: 1)
                for index in max(0, row - size + 1)...row {
                    fresh.add(Self.values[index], group: 0, time: Self.times[index].numeric)
                }
                #expect(
                    Self.agree([sliding.result(0, &context)], Self.results(fresh, 0..<1)), "row \(row), size \(size)")
            }
        }
    }

    /// Parallel stats: each part of the rows in an operator of its own, merged in order.
    @Test(arguments: names) func operatorsMerge(_ name: String) throws {
        let function = try Self.function(name)
        let keys: [Value] = Self.groups.enumerated().map { row, group in
            row == 5 ? .list([.text("k0"), .text("k3"), .text("k0")]) : (row == 7 ? .null : .text("k\(group)"))
        }
        let all = Self.values.count
        var batch = Batch(rowCount: all)
        batch.set("x", Column(Self.values))
        batch.set("_time", Column(Self.times))
        batch.set("k", Column(keys))
        batch.origins = (0..<all).map { [UInt32($0)] }
        let calls = [
            StatsCommand.Call(function: function, field: "x", expression: nil, output: "r"),
            StatsCommand.Call(function: function, field: "*", expression: nil, output: "w_*"),
        ]
        for keys in [[], ["k"], ["k", "x"]] {
            var context = ExecutionContext(nowMicroseconds: 0)
            var whole = StatsOperator(calls: calls, keys: keys)
            _ = try whole.process(batch, &context)
            let expected = try #require(try whole.finish(&context))
            for cut in 0...all {
                var left = StatsOperator(calls: calls, keys: keys)
                var right = StatsOperator(calls: calls, keys: keys)
                _ = try left.process(batch.gathered(Array(0..<cut)), &context)
                _ = try right.process(batch.gathered(Array(cut..<all)), &context)
                left.merge(right)
                let merged = try #require(try left.finish(&context))
                #expect(merged.names == expected.names, "cut at \(cut)")
                #expect(merged.origins == expected.origins, "cut at \(cut)")
                for name in expected.names {
                    let values = (0..<expected.rowCount).map { expected[name, $0] }
                    #expect(
                        Self.agree((0..<merged.rowCount).map { merged[name, $0] }, values), "\(name), cut at \(cut)")
                }
            }
        }
    }

    @Test func tablesAreSorted() {
        let names = Aggregates.all.map(\.name)
        #expect(names == names.sorted())
    }
}
