import Columns
import SPL
import Search
import Testing

/// What commands leave behind in the state of a run, and what they ask of their input.
@Suite struct SideEffectTests {
    private static let environment = SearchEnvironment(nowMicroseconds: 1_763_886_000_000_000)

    private func compiled(_ search: String) throws -> CompiledSearch {
        let expanded = try ExpandedSearch.expand(search, macros: Self.environment.macros)
        return try CompiledSearch.compile(expanded, environment: Self.environment, startsWithRows: true)
    }

    private func run(_ search: String, _ rows: [Batch]) throws -> SearchState {
        var context = ExecutionContext(nowMicroseconds: Self.environment.nowMicroseconds)
        _ = try compiled(search).run(rows, &context)
        return context.state
    }

    private let rows = [
        Batch(rowCount: 1, columns: [("user", Column([.text("bob")])), ("_time", Column([.number(5)]))]),
        Batch(rowCount: 1, columns: [("user", Column([.text("amy")])), ("_time", Column([.number(4)]))]),
    ]

    @Test func collectPutsEventsIntoTheStateByIndex() throws {
        let state = try run("| collect index=a source=s | where user=\"amy\" | collect index=b addinfo=f", rows)
        #expect(state.collectedIndexes == ["a", "b"])
        #expect(state.collectedEvents(index: "a").rowCount == 2)
        #expect(state.collectedEvents(index: "none").rowCount == 0)
        #expect(
            RowText.lines(state.collectedEvents(index: "b")) == [
                "_time:=4 _raw=\"01/01/1970 00:00:04 +0000, user=amy\" index=b sourcetype=stash user=amy"
            ])
    }

    @Test func nothingIsCollectedInATestOrWithoutSpool() throws {
        #expect(try run("| collect index=a testmode=t", rows).collectedIndexes.isEmpty)
        #expect(try run("| collect index=a spool=f", rows).collectedIndexes.isEmpty)
    }

    @Test func sendalertNotesItsRowsOnce() throws {
        let actions = try run("| sendalert risk param._risk_object=user param._risk_score=$n$", rows).alertActions
        #expect(actions.count == 1)
        #expect(actions.first?.kind == .risk)
        #expect(actions.first?.rows.rowCount == 2)
        #expect(actions.first?.parameters.map(\.name) == ["_risk_object", "_risk_score"])
        #expect(try run("| sendalert notable", []).alertActions.isEmpty)
    }

    @Test(arguments: [
        ("| join id type=left [search a=1] | table x", ["id", "x"]),
        ("| join usetime=t id [search a=1] | table x", ["_time", "id", "x"]),
        ("| join left=L right=R where L.a=R.b [search c=1] | table L.x R.y", ["a", "x"]),
        ("| append [search a=1] | table x", ["x"]),
        ("| appendpipe [stats sum(n) as x by k] | table x", ["k", "n", "x"]),
        ("| map search=\"search a=$b$ c=\\\"$d e$\\\"\" | table x", ["b", "d e"]),
        ("| foreach a b [eval x=coalesce(x, '<<FIELD>>')] | table x", ["a", "b", "x"]),
        ("| foreach mode=multivalue m [eval x=y+<<ITEM>>] | table x", ["m", "y"]),
        ("| transaction u startswith=(e=1) endswith=eval(f=2) | table duration x", ["_time", "e", "f", "u", "x"]),
        ("| transaction | table linecount", ["_raw", "_time", "linecount"]),
        ("| selfjoin k | table x", ["k", "x"]),
    ])
    func onlyTheNeededFieldsAreAskedFor(_ search: String, _ fields: [String]) throws {
        let needed = try compiled(search).needed
        #expect(!needed.isAll)
        #expect(needed.names.sorted() == fields)
    }

    @Test(arguments: [
        "| join [search a=1] | table x", "| foreach a* [eval x='<<FIELD>>'] | table x", "| collect index=a | table x",
        "| foreach mode=multivalue m [eval x_<<ITEM>>=y] | table x_1", "| sendalert risk | table x",
    ])
    func everyFieldIsAskedForWhereItMustBe(_ search: String) throws {
        #expect(try compiled(search).needed.isAll)
    }
}
