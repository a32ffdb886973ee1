import Columns
import SPL
import Search
import Testing

/// What the scripts cannot reach: limits, and long inputs.
@Suite struct StreamstatsTests {
    private static func run(
        _ search: String, _ batch: Batch, _ context: inout ExecutionContext
    ) throws -> Batch {
        let environment = SearchEnvironment(nowMicroseconds: 0)
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment, startsWithRows: true)
        return try compiled.run([batch], &context)
    }

    private static func numbers(_ count: Int) -> Batch {
        var batch = Batch(rowCount: count)
        batch.set("n", Column((0..<count).map { Value.number(Double($0)) }))
        batch.set("_time", Column((0..<count).map { Value.number(Double($0)) }))
        return batch
    }

    @Test(arguments: ["window=5", "time_window=1h"]) func windowsAreCappedWithAWarning(_ option: String) throws {
        var context = ExecutionContext(nowMicroseconds: 0)
        context.limits.streamWindowRows = 3
        let result = try Self.run("| streamstats \(option) count", Self.numbers(6), &context)
        #expect((0..<6).map { result["count", $0] } == [1, 2, 3, 3, 3, 3].map { .number($0) })
        #expect(context.warnings.map(\.code) == ["W305"])
    }

    @Test func runningHasNoLimit() throws {
        var context = ExecutionContext(nowMicroseconds: 0)
        context.limits.streamWindowRows = 3
        let result = try Self.run("| streamstats count", Self.numbers(6), &context)
        #expect(result["count", 5] == .number(6))
        #expect(context.warnings.isEmpty)
    }

    @Test func runningListsAreHeldAgainstTheMemoryLimit() throws {
        var context = ExecutionContext(nowMicroseconds: 0)
        context.limits.memoryBytes = 100_000
        #expect { try Self.run("| streamstats values(n) as v", Self.numbers(1000), &context) } throws: { error in
            (error as? Diagnostic)?.code == "E306"
        }
    }

    /// A window larger than the blocks that numbers are kept in.
    @Test func longWindowsGiveTheMiddle() throws {
        var context = ExecutionContext(nowMicroseconds: 0)
        let result = try Self.run("| streamstats window=3000 median(n) as m", Self.numbers(6000), &context)
        #expect(result["m", 2999] == .number(1500))
        #expect(result["m", 5999] == .number(4500))
    }
}
