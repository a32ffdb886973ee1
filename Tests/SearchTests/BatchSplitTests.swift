import Columns
import SPL
import Search
import Testing

/// Batches do not show: the same rows in one batch or in any two pieces give the same result.
@Suite struct BatchSplitTests {
    private let rows: Batch = {
        let users: [Value] = [
            .text("bob"), .text("amy"), .null, .list([.text("bob"), .text("zoe")]), .text("bob"), .text("amy"),
        ]
        let numbers: [Value] = [.text("10"), .text("9"), .text("1"), .number(2.5), .text("x"), .null]
        let times: [Value] = [.number(6), .number(5), .number(4), .number(4), .number(2), .number(1)]
        return Batch(
            rowCount: 6, columns: [("user", Column(users)), ("n", Column(numbers)), ("_time", Column(times))])
    }()

    private static let searches =
        Aggregates.all.map { "| stats \($0.name)(n) as r by user" }
        + Aggregates.all.map { "| stats \($0.name)(n) as r" }
        + [
            "| stats count by user n", "| stats values(*) as *", "| sort - n", "| head 4", "| where n>2 | table n",
            "| rename n as m | eval k=m.user", "| stats count | eval x=count+1", "| fields - n", "| head (n!=1)",
            "| chart count by user", "| chart limit=1 sum(n) by user n", "| chart first(n) list(n) by user",
            "| timechart span=2s count by user", "| timechart count", "| top n", "| rare 1 user n useother=t",
            "| xyseries user n _time", "| untable user name value", "| addtotals col=t", "| addcoltotals", "| delta n",
            "| accum n as t", "| autoregress n p=1-3", "| trendline sma2(n) ema2(n) wma2(n)",
            "| makecontinuous span=1s",
            "| rangemap field=n a=1-5 b=6-10", "| transpose 4", "| fields n | uniq", "| outlier param=0.1 n",
            "| anomalydetection action=annotate", "| fieldsummary",
        ]

    @Test(arguments: searches) func theResultIsTheSame(_ search: String) throws {
        let environment = SearchEnvironment(nowMicroseconds: 0)
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment, startsWithRows: true)
        func run(_ batches: [Batch]) throws -> [String] {
            var context = ExecutionContext(nowMicroseconds: 0)
            return RowText.lines(try compiled.run(batches, &context))
        }
        let whole = try run([rows])
        for cut in 0...rows.rowCount {
            let pieces = [rows.gathered(Array(0..<cut)), rows.gathered(Array(cut..<rows.rowCount))]
            #expect(try run(pieces) == whole, "cut at \(cut)")
        }
    }
}
