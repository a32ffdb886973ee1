import Columns
import Formats
import SPL
import Search
import Testing

/// What `timechart` makes of the range and the zone of a search; scripts have neither.
@Suite struct TimechartRangeTests {
    /// 2023-11-14T22:13:20Z and 22:25:00Z.
    private let rows = Batch(
        rowCount: 2, columns: [("_time", Column([.number(1_700_000_000), .number(1_700_000_700)]))])

    private func run(
        _ search: String, from earliest: Int64? = nil, to latest: Int64? = nil, zone: TimeZoneRules = .utc
    ) throws -> [String] {
        let environment = SearchEnvironment(nowMicroseconds: 1_700_001_000_000_000, zone: zone)
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment, startsWithRows: true)
        var context = ExecutionContext(
            nowMicroseconds: environment.nowMicroseconds, zone: zone,
            range: TimeRange(
                earliest: earliest.map { $0 * 1_000_000 }, latest: latest.map { $0 * 1_000_000 }))
        return RowText.lines(try compiled.run([rows], &context))
    }

    @Test func emptyBucketsReachFromEarliestToLatest() throws {
        #expect(
            try run("| timechart span=10m count", from: 1_699_999_000, to: 1_700_001_000) == [
                "_time:=1699998600 count:=0", "_time:=1699999200 count:=0", "_time:=1699999800 count:=1",
                "_time:=1700000400 count:=1",
            ])
    }

    @Test func anOpenEndIsThatOfTheRows() throws {
        #expect(
            try run("| timechart span=10m count", from: 1_699_999_000) == [
                "_time:=1699998600 count:=0", "_time:=1699999200 count:=0", "_time:=1699999800 count:=1",
                "_time:=1700000400 count:=1",
            ])
    }

    @Test func nothingAtAllIsBucketsOfZeroUnlessSplit() throws {
        let range: (Int64, Int64) = (1_699_999_200, 1_700_000_400)
        #expect(
            try run("| where _time=0 | timechart span=10m count", from: range.0, to: range.1) == [
                "_time:=1699999200 count:=0", "_time:=1699999800 count:=0",
            ])
        #expect(try run("| where _time=0 | timechart span=10m count by host", from: range.0, to: range.1).isEmpty)
    }

    @Test func fixedrangeOffLooksAtTheRows() throws {
        #expect(
            try run("| timechart fixedrange=f span=10m count", from: 1_699_990_000, to: 1_700_009_000) == [
                "_time:=1699999800 count:=1", "_time:=1700000400 count:=1",
            ])
    }

    @Test func partialBucketsGo() throws {
        #expect(
            try run("| timechart partial=f span=10m count", from: 1_699_999_900, to: 1_700_001_700) == [
                "_time:=1700000400 count:=1", "_time:=1700001000 count:=0",
            ])
    }

    @Test(arguments: [
        (900, 10), (3600, 60), (14_400, 300), (86_400, 1800), (604_800, 86_400), (2_592_000, 86_400),
    ]) func theDefaultSpanIsThatOfThePage(_ length: Int64, _ span: Int64) throws {
        let start: Int64 = 1_699_920_000
        let lines = try run("| where _time=0 | timechart count", from: start, to: start + length)
        #expect(lines.first == "_time:=\(start) count:=0")
        #expect(lines.count == Int(length / span))
        #expect(lines.dropFirst().first?.hasPrefix("_time:=\(start + span) ") ?? false)
    }

    @Test func daysBeginAtLocalMidnight() throws {
        let zone = TimeZoneRules.fixed(offsetSeconds: 2 * 3600, name: "+02:00")
        #expect(try run("| timechart span=1d count", zone: zone) == ["_time:=1699999200 count:=2"])
        #expect(try run("| timechart span=1mon count", zone: zone) == ["_time:=1698789600 count:=2"])
    }

    @Test func bucketsAlignToTheRange() throws {
        #expect(
            try run("| timechart span=10m aligntime=earliest count", from: 1_699_999_990, to: 1_700_001_190) == [
                "_time:=1699999990 count:=1", "_time:=1700000590 count:=1",
            ])
    }
}
