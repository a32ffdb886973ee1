import Columns
import SPL
import Synchronization
import Testing

@testable import Search

@Suite struct SplitPlanTests {
    private static let environment: SearchEnvironment = {
        var lookups = LookupCatalog()
        lookups.override("t", csv: Array("k,name\nk1,one\nk2,two\nk3,three\nk3,drei\n".utf8))
        lookups.override("broken", csv: Array("k,name\nk1,one\nk2,\"two".utf8))
        return SearchEnvironment(lookups: lookups, nowMicroseconds: 0)
    }()

    private static func compile(_ search: String, startsWithRows: Bool = true) throws -> CompiledSearch {
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        return try CompiledSearch.compile(expanded, environment: environment, startsWithRows: startsWithRows)
    }

    private static let exact = [
        "| stats count",
        "| where x>3 | stats count dc(y) values(k) by k",
        "| search k=k1 OR x>10 | stats count by k y",
        "| eval z=x*2, w=if(x>5, \"big\", k) | stats max(z) min(z) range(x) by w",
        "| rename x AS amount | stats list(amount) first(k) last(k) by k | sort - k",
        "| fields k x | stats mode(x) estdc(x) by k",
        "| bin span=20s _time | stats count by _time k",
        "| bin x span=5 | stats count by x",
        "| fillnull value=none k y | stats count by k",
        "| mvexpand x | stats count by x | where count>1",
        "| makemv delim=\"t\" y | mvexpand y limit=2 | stats dc(y) by k",
        "| nomv k | stats count by k dedup_splitvals=t",
        "| rex field=_raw \"u=(?<u>\\\\d)\" | stats count by u | head 3",
        "| spath path=n output=n | regex k=\"[12]\" | stats count by n",
        "| lookup t k OUTPUT name | stats count by name",
        "| replace k1 WITH eins IN k | strcat k \"/\" y both | stats dc(both) by k",
        "| rangemap field=x low=0-10 high=11-20 | stats count by range | eventstats sum(count) as all",
        "| convert num(x) AS number | stats p50(number) perc95(number) median(number) by k",
        "| addinfo | stats latest(x) earliest(x) latest_time(x) earliest_time(x) rate(x) by info_search_time",
        "| stats sparkline(count) sparkline(dc(k), 30s) by k",
        "| stats count(eval(x>5)) as big values(eval(x.k)) as texts by k | outputlookup t.csv",
        "| where x=\"nothing\" | stats count by k | eval a=1",
        "| stats check_for_invalid_time=t latest(x) by k", "| stats allnum=t max(x) by many",
        "| stats count by absent", "| table k x | setfields a=\"1\" | reltime | stats count by k a reltime",
        "| eval p=replace(k, y.\"(\", \"\") | stats count by p",
    ]

    private func parts(_ plan: SplitPlan, _ pieces: [Batch], _ context: ExecutionContext) throws -> [PartialResult] {
        try pieces.map { piece in
            let bytes = try plan.piece([piece], context).bytes
            let read = try PartialResult(bytes: bytes, plan: plan)
            #expect(read.bytes == bytes)
            return read
        }
    }

    @Test(arguments: exact) func piecesThroughBytesAreLikeOneRun(_ text: String) throws {
        let search = try Self.compile(text)
        let plan = try #require(search.split())
        #expect(plan.isExact)
        for seed in 0..<3 as Range<UInt64> {
            var sample = SampleRows(seed: seed)
            let rows = sample.batch(300)
            var context = ExecutionContext(nowMicroseconds: 7_000_000)
            let whole = try search.run([rows], &context)
            for size in [20, 150] {
                var merging = ExecutionContext(nowMicroseconds: 7_000_000)
                let parts = try parts(plan, sample.cut(rows, atMost: size), merging)
                let merged = try plan.merge(parts, &merging)
                #expect(RowText.lines(merged) == RowText.lines(whole))
                #expect(merged.names == whole.names)
                // Which of the patterns that a row made comes first is not the same in pieces.
                #expect(merging.warnings.map(\.code) == context.warnings.map(\.code))
                if !text.contains("replace(k") { #expect(merging.warnings == context.warnings) }
            }
        }
    }

    @Test(arguments: ["sum", "avg", "stdev", "varp", "sumsq"]) func sumsDifferInTheirLastDigitsOnly(_ name: String)
        throws
    {
        let search = try Self.compile("| where x<1000 | stats \(name)(x) AS r by k")
        let plan = try #require(search.split())
        #expect(!plan.isExact)
        var sample = SampleRows(seed: 1)
        let rows = sample.batch(300)
        var context = ExecutionContext(nowMicroseconds: 0)
        let whole = try search.run([rows], &context)
        let merged = try plan.merge(try parts(plan, sample.cut(rows, atMost: 50), context), &context)
        try #require(merged.rowCount == whole.rowCount)
        for row in 0..<whole.rowCount {
            let a = try #require(merged["r", row].numeric), b = try #require(whole["r", row].numeric)
            #expect(abs(a - b) <= 1e-9 * max(abs(a), abs(b)))
        }
    }

    @Test(arguments: [
        "| where x>1", "| stats values(*) by k", "| eval r=random() | stats count by r", "| head 5 | stats count",
        "| fillnull | stats count by k", "| bin x | stats count by x", "| timechart count", "| sort x | stats first(x)",
        "| stats count(eval(random()>5))", "| spath | stats count",
        "| search [| makeresults | fields - _time] | stats count",
    ]) func whatDoesNotSplit(_ text: String) throws {
        #expect(try Self.compile(text).split() == nil)
    }

    @Test func aStateOfAnotherPlanIsRefused() throws {
        let plans = try ["| stats count by k", "| where x>1 | stats count by k", "| where x>2 | stats count by k"].map {
            try #require(try Self.compile($0).split())
        }
        var context = ExecutionContext(nowMicroseconds: 0)
        var sample = SampleRows(seed: 1)
        let rows = sample.batch(20)
        for (index, plan) in plans.enumerated() {
            let part = try plan.piece([rows], context)
            for (other, second) in plans.enumerated() where other != index {
                #expect { try PartialResult(bytes: part.bytes, plan: second) } throws: { error in
                    (error as? Diagnostic)?.code == "E362"
                }
                #expect { try second.merge([part], &context) } throws: { error in
                    (error as? Diagnostic)?.code == "E362"
                }
            }
        }
    }

    @Test func aStateOfAnotherVersionIsRefused() throws {
        let plan = try #require(try Self.compile("| lookup broken k | stats count by k").split())
        var sample = SampleRows(seed: 1)
        let bytes = try plan.piece([sample.batch(20)], ExecutionContext(nowMicroseconds: 0)).bytes
        var newer = bytes
        newer[3] += 1
        #expect { try PartialResult(bytes: newer, plan: plan) } throws: { error in
            (error as? Diagnostic)?.code == "E361" && (error as? Diagnostic)?.message.contains("version 2") == true
        }
        for count in bytes.indices {
            #expect(throws: Diagnostic.self) { try PartialResult(bytes: Array(bytes[..<count]), plan: plan) }
        }
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << UInt8(bit)
                guard let part = try? PartialResult(bytes: changed, plan: plan) else { continue }
                #expect(part.bytes == changed)
            }
        }
    }
}

/// A search run in pieces on several threads says what it says in one.
@Suite struct PieceWorkTests {
    private struct Rows: RowSource {
        let rows: Batch

        func rows(of search: CompiledSearch, range: TimeRange) throws(SearchError) -> Batch { rows }
    }

    private static let environment: SearchEnvironment = {
        var lookups = LookupCatalog()
        lookups.override("t", csv: Array("k,name\nk1,one\nk2,two\nk3,three\nk3,drei\n".utf8))
        lookups.override("broken", csv: Array("k,name\nk1,one\nk2,\"two".utf8))
        return SearchEnvironment(lookups: lookups, nowMicroseconds: 0)
    }()

    /// In how many pieces it ran, and what came of it.
    private func outcome(
        _ text: String, inPieces: Bool, isPlain: Bool = false, isOverdue: Bool = false,
        _ limits: SearchLimits = SearchLimits()
    ) throws -> (pieces: Int, lines: [String], told: [Diagnostic]) {
        var environment = Self.environment
        environment.isPlain = isPlain
        let search = try CompiledSearch.compile(
            ExpandedSearch.expand(text, macros: environment.macros), environment: environment)
        var sample = SampleRows(seed: 5)
        var context = ExecutionContext(
            nowMicroseconds: 9_000_000, range: TimeRange(earliest: 999_000_000_000_000, latest: 1_001_000_000_000_000),
            limits: limits, rowSource: Rows(rows: sample.batch(900)))
        if isOverdue { context.isOverdue = { true } }
        let count = Mutex(0)
        var work = PieceWork(atOnce: 3) { pieces, work in
            count.withLock { $0 += pieces.count }
            return pieces.reversed().map(work).reversed()
        }
        work.rowCount = 64
        do {
            let rows = try search.run(&context, pieces: inPieces ? work : nil)
            return (count.withLock { $0 }, RowText.lines(rows), context.warnings)
        } catch {
            return (count.withLock { $0 }, [], context.warnings + [error])
        }
    }

    private func compare(_ text: String, _ limits: SearchLimits = SearchLimits()) throws -> Int {
        let whole = try outcome(text, inPieces: false, limits)
        let pieces = try outcome(text, inPieces: true, limits)
        #expect(pieces.lines == whole.lines)
        #expect(pieces.told == whole.told)
        return pieces.pieces
    }

    @Test(arguments: [
        "k=* | stats count dc(x) values(y) by many", "x>5 | eval z=x.k | stats list(z) max(x) by k | sort - k",
        "k=* | addinfo | bin span=10s _time | stats latest(x) sparkline by _time info_min_time | where 'latest(x)'>3",
        "k=* | lookup t k | stats count by name", "k=* | lookup broken k | stats count by k",
        "nothing=1 | stats count by k", "k=* | mvexpand x | stats p99(x) by k | head 2",
    ]) func aSearchThatSplitsRunsInPieces(_ text: String) throws { #expect(try compare(text) == 15) }

    @Test(arguments: [
        "k=* | stats sum(x) by k", "k=* | head 600 | stats count by k", "k=* | eval a=random() | stats dc(a)",
        "k=* | stats values(*)", "k=* | dedup k",
    ]) func oneThatDoesNotRunsInOne(_ text: String) throws { #expect(try compare(text) == 0) }

    @Test func whatAPieceCannotTellIsToldByOneRun() throws {
        // The first pattern that is no regular expression, of all rows.
        #expect(try compare("k=* | eval p=replace(k, x.\"(\", \"\") | stats count by p") > 0)
        var limits = SearchLimits()
        limits.rows = 870
        // No piece makes too many rows, but all of them do.
        #expect(try compare("k=* | mvexpand x | stats count", limits) > 0)
        #expect(try outcome("k=* | mvexpand x | stats count", inPieces: true, limits).told.map(\.code) == ["E306"])
        limits = SearchLimits()
        limits.lookupMatches = 1
        #expect(try compare("k=* | lookup t k | stats count by name", limits) > 0)
        #expect(
            try compare(
                "k=* | eval a=if(match(_raw, \"^(u+)+=1 \"), 1, 0) | regex _raw=\"^(\\\\S+\\\\s?)+$x\" | stats count",
                limits) > 0)
    }

    @Test func plainSearchesAndFewRowsRunInOne() throws {
        #expect(try outcome("k=* | stats count by k", inPieces: true, isPlain: true).pieces == 0)
    }

    @Test func theTimeLimitHoldsInPieces() throws {
        let late = try outcome("k=* | stats count by k", inPieces: true, isOverdue: true)
        #expect(late.told.map(\.code) == ["E307"])
    }

    @Test func thePlanSaysWhereItSplits() throws {
        func line(_ text: String) throws -> String? {
            try CompiledSearch.compile(
                ExpandedSearch.expand(text, macros: Self.environment.macros), environment: Self.environment
            ).explanation.split(separator: "\n").first { $0.contains("split:") }.map(String.init)
        }
        #expect(
            try line("a=1 | eval b=2 | stats count by b")
                == "split: commands 1 to 2 in pieces of the input, merged by 3")
        #expect(
            try line("a=1 | stats sum(b) avg(b)")
                == "split: command 1 in pieces of the input, merged by 2; not here: avg, sum must add in the order of the rows"
        )
        #expect(try line("a=1 | head 5 | stats count") == nil)
    }
}
