import Columns
import SPL
import Testing

@testable import Search

/// The laws of ``StoredAggregate``, checked for every function through the operator that keeps it.
@Suite struct StoredStateTests {
    private static let names =
        Aggregates.all.map(\.name) + ["perc95", "p50", "p0", "exactperc33.3", "upperperc99.9"]
        + ["count", "dc", "max", "var", "p50", "list", "first"].map { "sparkline \($0)" }

    private let function: AggregateFunction
    private let keys: [String]

    private init(_ name: String, keys: [String]) throws {
        let words = name.split(separator: " ").map(String.init)
        let inner = try #require(Aggregates.function(named: words[words.count - 1]))
        function = words.count == 1 ? inner : .sparkline(of: inner, span: nil)
        self.keys = keys
    }

    init() throws { try self.init("count", keys: []) }

    private func makeOperator() -> StatsOperator {
        var onlyNumbers = StatsCommand.Call(function: function, field: "y", expression: nil, output: "n")
        onlyNumbers.isOnlyForNumbers = true
        return StatsOperator(
            calls: [
                StatsCommand.Call(function: function, field: "x", expression: nil, output: "r"), onlyNumbers,
                StatsCommand.Call(function: function, field: "*", expression: nil, output: "w_*"),
            ], keys: keys, checksTime: true)
    }

    private func fed(_ batches: [Batch]) throws -> StatsOperator {
        var stats = makeOperator()
        var context = ExecutionContext(nowMicroseconds: 0)
        for batch in batches { _ = try stats.process(batch, &context) }
        return stats
    }

    private static func bytes(_ stats: StatsOperator) -> [UInt8] {
        var writer = StateWriter()
        stats.write(to: &writer)
        return writer.bytes
    }

    private func read(_ bytes: [UInt8]) throws -> StatsOperator {
        var stats = makeOperator()
        var reader = StateReader(bytes)
        try stats.read(from: &reader)
        try reader.expectEnd()
        return stats
    }

    /// What it results in, and what it tells.
    private static func result(_ stats: StatsOperator) throws -> (rows: Batch, warnings: [Diagnostic]) {
        var stats = stats
        var context = ExecutionContext(nowMicroseconds: 0)
        return (try #require(try stats.finish(&context)), context.warnings)
    }

    private static func agree(_ left: Value, _ right: Value, exactly: Bool) -> Bool {
        let a = left.elements, b = right.elements
        return a.count == b.count
            && zip(a, b).allSatisfy { left, right in
                guard case .number(let a) = left, case .number(let b) = right else { return left == right }
                if a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) { return true }
                return !exactly && (abs(a - b) <= 1e-9 * max(abs(a), abs(b)) || !a.isFinite)
            }
    }

    @Test(arguments: names) func whatWasReadMergesLikeOneRun(_ name: String) throws {
        for (seed, keys) in [[], ["k"], ["many"], ["k", "y"]].enumerated() {
            let law = try StoredStateTests(name, keys: keys)
            var sample = SampleRows(seed: UInt64(seed))
            var rows = sample.batch(150)
            rows.origins = (0..<150).map { [UInt32($0)] }
            let whole = try Self.result(law.fed([rows]))
            for size in keys.isEmpty ? [1, 40] : [60] {
                var merged = law.makeOperator()
                for piece in sample.cut(rows, atMost: size) {
                    let bytes = Self.bytes(try law.fed([piece]))
                    let part = try law.read(bytes)
                    #expect(Self.bytes(part) == bytes)
                    merged.merge(part)
                }
                let result = try Self.result(try law.read(Self.bytes(merged)))
                #expect(result.rows.names == whole.rows.names)
                #expect(result.rows.origins == whole.rows.origins)
                #expect(result.warnings == whole.warnings)
                try #require(result.rows.rowCount == whole.rows.rowCount)
                for column in whole.rows.names {
                    for row in 0..<whole.rows.rowCount {
                        let a = result.rows[column, row], b = whole.rows[column, row]
                        #expect(
                            Self.agree(a, b, exactly: law.function.mergesExactly),
                            "\(column) of \(row), pieces of \(size): \(a) against \(b)")
                    }
                }
            }
        }
    }

    @Test(arguments: names) func equalStatesGiveEqualBytes(_ name: String) throws {
        let law = try StoredStateTests(name, keys: ["k"])
        var sample = SampleRows(seed: 7)
        let rows = sample.batch(100)
        let bytes = Self.bytes(try law.fed([rows]))
        #expect(Self.bytes(try law.fed([rows])) == bytes)
        #expect(Self.bytes(try law.fed((0..<100).map { rows.gathered([$0]) })) == bytes)
    }

    /// Whatever is cut off or changed, it is a state or an E361; and a state can be worked with.
    @Test(arguments: names) func bytesThatNobodyWroteNeverTrap(_ name: String) throws {
        let law = try StoredStateTests(name, keys: ["k"])
        var sample = SampleRows(seed: 11)
        var rows = sample.batch(14)
        rows.origins = (0..<14).map { [UInt32($0)] }
        let stats = try law.fed([rows])
        let bytes = Self.bytes(stats)
        func tryToRead(_ bytes: [UInt8]) throws -> Bool {
            do {
                var read = try law.read(bytes)
                #expect(Self.bytes(read) == bytes, "one state, two spellings")
                read.merge(stats)
                read.merge(try law.read(bytes))
                _ = try Self.result(read)
                return true
            } catch let error as Diagnostic {
                #expect(error.code == "E361")
                return false
            }
        }
        #expect(try tryToRead(bytes))
        for count in bytes.indices { #expect(try !tryToRead(Array(bytes[..<count])), "cut at \(count)") }
        #expect(try !tryToRead(bytes + [0]))
        for _ in 0..<300 {
            var changed = bytes
            for _ in 0...sample.next(2) {
                let place = sample.next(bytes.count)
                changed[place] =
                    sample.next(2) == 0 ? changed[place] ^ (1 << UInt8(sample.next(8))) : UInt8(sample.next(256))
            }
            _ = try tryToRead(changed)
        }
    }

    @Test func aCountThatTheBytesCannotFillIsRefusedAtOnce() throws {
        var writer = StateWriter()
        writer.count(StateWriter.countLimit - 1)
        var reader = StateReader(writer.bytes)
        #expect(throws: Diagnostic.self) { try reader.list { reader throws(SearchError) in try reader.byte() } }
        var other = StateReader(writer.bytes)
        #expect(throws: Diagnostic.self) { try other.text() }
        for wrong: [UInt8] in [[0x80, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0x80]] {
            var reader = StateReader(wrong)
            #expect(throws: Diagnostic.self) { try reader.count() }
        }
    }

    @Test func valuesComeBackAsTheyWere() throws {
        let values: [Value] = [
            .null, .boolean(true), .boolean(false), .number(-0.0), .number(1 / 3), .text(Text([0xFF, 0])), .text(""),
            .multivalue([.number(1), .text("1")]),
        ]
        for value in values {
            var writer = StateWriter()
            writer.value(value)
            var reader = StateReader(writer.bytes)
            #expect(try reader.value() == value)
            try reader.expectEnd()
        }
        for count in [0, 1, 127, 128, 1 << 20, StateWriter.countLimit - 1] {
            var writer = StateWriter()
            writer.count(count)
            var reader = StateReader(writer.bytes)
            #expect(try reader.count() == count)
        }
    }
}
