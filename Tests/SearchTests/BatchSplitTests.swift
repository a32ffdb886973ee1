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
            "| appendpipe [stats count by user]", "| appendpipe [where n>2 | head 1]", "| selfjoin user max=2",
            "| foreach n* [eval x_<<MATCHSTR>>='<<FIELD>>' + 1]",
            "| foreach user n [eval k=mvappend(k, \"<<FIELD>>\")]",
            "| foreach mode=multivalue user [eval k=mvappend(k, <<ITEM>>.<<ITER>>), is_<<ITEM>>=1]",
            "| transaction user", "| transaction user mvlist=t maxspan=3s keeporphans=t", "| transaction maxevents=2",
            "| transaction startswith=(n=1) endswith=(n=9) keepevicted=t", "| collect index=s testmode=t addinfo=f",
            "| sendalert risk param._risk_score=3",
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
