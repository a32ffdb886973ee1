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

    private static let functions = Aggregates.all.map(\.name) + ["perc95", "exactperc50"]

    private static let searches =
        functions.flatMap { ["| stats \($0)(n) as r by user", "| stats \($0)(n) as r"] }
        + functions.flatMap { name in
            [
                "| eventstats \(name)(n) as r by user", "| streamstats \(name)(n) as r by user",
                "| streamstats window=2 \(name)(n) as r",
                "| streamstats time_window=2s current=f \(name)(n) as r by user",
            ]
        }
        + [
            "| stats sparkline sparkline(sum(n), 2s) as s by user", "| chart sparkline(avg(n)) by user",
            "| chart count by n span=log2", "| eventstats allnum=t sum(n) as r by user", "| top limit=2 n by user",
            "| eventstats sum(*) as t_*", "| streamstats count(*) as c_* by user",
            "| streamstats window=2 global=f list(n) as r by user",
            "| streamstats count as r by user reset_on_change=t", "| streamstats sum(n) as r reset_after=\"(r>5)\"",
            "| stats allnum=t sum(n) as s min(n) as m by user", "| stats count by user dedup_splitvals=t",
            "| stats count by user n", "| stats values(*) as *", "| sort - n", "| head 4", "| where n>2 | table n",
            "| rename n as m | eval k=m.user", "| stats count | eval x=count+1", "| fields - n", "| head (n!=1)",
            "| eval r=random(), s=random()", "| eval r=mvmap(user, user.n), s=mvfilter(user!=\"bob\")",
            "| where searchmatch(\"user=b* OR n>9\")", "| eval r=json_object(user, n), s=n*1.50",
            "| regex user=\"b\"", "| rex field=user max_match=0 \"(?<a>[a-m])(?<b>o)?\"",
            "| rex field=n mode=sed \"s/1/x/\"",
            "| replace b* with B* 1 with one", "| strcat n user k", "| strcat allrequired=t n user n",
            "| makemv delim=\"o\" user", "| nomv user", "| mvcombine n", "| fields user n | mvcombine n",
            "| mvexpand user",
            "| fillnull", "| fillnull value=x n k", "| fillnull value=x u*", "| filldown", "| filldown n",
            "| bin span=2s _time", "| bin bins=3 n", "| bin span=5 n as m", "| bin _time bins=2",
            "| dedup user", "| dedup 2 user keepempty=t", "| dedup user consecutive=t", "| dedup user keepevents=t",
            "| dedup user sortby -n", "| tail 3", "| reverse", "| format", "| return 9 user n",
            "| addinfo | fields info_*",
            "| tags", "| setfields n=1", "| reltime", "| require", "| convert auto(n)", "| convert num(*)",
            "| sort num(n), -user", "| eval {user}=n", "| rename * as x_*", "| highlight n", "| typer",
            "| chart count by user", "| chart limit=1 sum(n) by user n", "| chart first(n) list(n) by user",
            "| timechart span=2s count by user", "| timechart count", "| top n", "| rare 1 user n useother=t",
            "| xyseries user n _time", "| untable user name value", "| addtotals col=t", "| addcoltotals", "| delta n",
            "| accum n as t", "| autoregress n p=1-3", "| trendline sma2(n) ema2(n) wma2(n)",
            "| makecontinuous span=1s",
            "| rangemap field=n a=1-5 b=6-10", "| transpose 4", "| fields n | uniq", "| outlier param=0.1 n",
            "| anomalydetection action=annotate", "| fieldsummary",
            "| lookup t user", "| lookup t user OUTPUTNEW n", "| lookup t user n OUTPUT x", "| inputlookup append=t t",
            "| outputlookup new.csv | inputlookup append=t new.csv",
            "| outputlookup append=t t | lookup t user OUTPUT n",
            "| appendpipe [stats count by user]", "| appendpipe [where n>2 | head 1]", "| selfjoin user max=2",
            "| foreach n* [eval x_<<MATCHSTR>>='<<FIELD>>' + 1]",
            "| foreach user n [eval k=mvappend(k, \"<<FIELD>>\")]",
            "| foreach mode=multivalue user [eval k=mvappend(k, <<ITEM>>.<<ITER>>), is_<<ITEM>>=1]",
            "| transaction user", "| transaction user mvlist=t maxspan=3s keeporphans=t", "| transaction maxevents=2",
            "| transaction startswith=(n=1) endswith=(n=9) keepevicted=t", "| collect index=s testmode=t addinfo=f",
            "| sendalert risk param._risk_score=3",
            "| fit DensityFunction n by user into m dist=norm threshold=0.4",
            "| fit DensityFunction n into m | append [| summary m] | apply m threshold=0.5 show_density=t",
            "| fit DensityFunction n by user into m | eval user=coalesce(user, \"eve\") | apply m",
            #"| eval _raw="{\"k".n."\":1}" | spath | tojson auto(*) output_field=o fill_null=t"#,
            #"| eval _raw="{\"u\":\"".user."\"}" | spath u output=user | fromjson _raw prefix=p"#,
            #"| eval _raw="<r><a>".n."</a><b".n."x>1</b".n."x></r>" | xmlkv | xpath "//a" default=none"#,
            #"| eval _raw="a".n."x=1 b=".user | extract mv_add=t | xmlunescape"#,
            #"| eval _raw="NAME AGE ".user | multikv noheader=t rmorig=f"#,
            "| metadata type=hosts", "| eventcount",
        ]

    private static let lookups: LookupCatalog = {
        var lookups = LookupCatalog()
        lookups.override("t", csv: Array("user,x,n\nbob,1,10\nzoe,2,9\nbob,3,1\n".utf8))
        return lookups
    }()

    @Test(arguments: searches) func theResultIsTheSame(_ search: String) throws {
        let environment = SearchEnvironment(lookups: Self.lookups, nowMicroseconds: 0)
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
