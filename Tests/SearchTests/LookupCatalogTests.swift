import Columns
import Formats
import SPL
import Search
import Testing

/// Which table a name stands for, and that an index never loses a row.
@Suite struct LookupCatalogTests {
    private func catalog(_ files: [String: String]) -> LookupCatalog {
        var catalog = LookupCatalog()
        for (name, csv) in files { catalog.setFile(name, LookupFile(csv: Array(csv.utf8))) }
        return catalog
    }

    private func run(
        _ search: String, _ lookups: LookupCatalog, rows: Batch? = nil, limits: SearchLimits = SearchLimits()
    ) throws -> (rows: Batch, warnings: [String]) {
        let environment = SearchEnvironment(lookups: lookups, nowMicroseconds: 0)
        let compiled = try CompiledSearch.compile(
            ExpandedSearch.expand(search, macros: environment.macros), environment: environment,
            startsWithRows: rows != nil)
        var context = ExecutionContext(nowMicroseconds: 0, limits: limits)
        let result = try rows.map { try compiled.run([$0], &context) } ?? compiled.run(&context)
        return (result, context.warnings.map(\.code))
    }

    @Test func aDefinitionGoesBeforeAFileOfItsName() throws {
        var catalog = catalog(["a": "x\nfile\n", "b.csv": "x\ndefinition\n"])
        #expect(try run("| inputlookup a", catalog).rows["x", 0] == .text("file"))
        catalog.define(LookupTransform(name: "a", store: .file("b.csv")))
        #expect(try run("| inputlookup a", catalog).rows["x", 0] == .text("definition"))
        #expect(try run("| inputlookup b.csv", catalog).rows["x", 0] == .text("definition"))
    }

    @Test func aDefinitionOfLowerRankDoesNotTakeThePlace() {
        var catalog = LookupCatalog()
        catalog.define(LookupTransform(name: "a", store: .file("user.csv")), rank: 2)
        catalog.define(LookupTransform(name: "a", store: .file("shipped.csv")), rank: 1)
        #expect(catalog["a"]?.tableName == "user.csv")
        catalog.define(LookupTransform(name: "a", store: .file("later.csv")), rank: 2)
        #expect(catalog["a"]?.tableName == "later.csv")
    }

    @Test func rowsGivenOnTheCommandLineKeepHowTheLookupMatches() throws {
        var catalog = catalog(["t.csv": "k,v\nab*,old\n"])
        var transform = LookupTransform(name: "t", store: .file("t.csv"))
        transform.matchTypes = ["k": .wildcard]
        catalog.define(transform, rank: 5)
        catalog.override("t", csv: Array("k,v\na*,new\n".utf8))
        catalog.override("fresh", csv: Array("k,v\nabc,plain\n".utf8))
        let rows = Batch(rowCount: 1, columns: [("k", Column([.text("abc")]))])
        #expect(try run("| lookup t k", catalog, rows: rows).rows["v", 0] == .text("new"))
        #expect(try run("| lookup fresh k", catalog, rows: rows).rows["v", 0] == .text("plain"))
        #expect(catalog.names == ["fresh", "t", "t.csv", "ut_shannon_lookup"])
    }

    @Test func aTableOfAComputedLookupsNameWins() throws {
        let catalog = catalog(["ut_shannon_lookup": "word,ut_shannon\nabc,mine\n"])
        let rows = Batch(rowCount: 1, columns: [("word", Column([.text("abc")]))])
        #expect(try run("| lookup ut_shannon_lookup word", catalog, rows: rows).rows["ut_shannon", 0] == .text("mine"))
    }

    @Test func aDefinitionWithoutItsFileIsAnError() {
        var catalog = LookupCatalog()
        catalog.define(LookupTransform(name: "a", store: .file("a.csv")))
        let error = #expect(throws: Diagnostic.self) { try run("| inputlookup a", catalog) }
        #expect(error?.code == "E746")
    }

    @Test func whatIsCutOrUnreadableIsSaid() throws {
        let many = "k,n\n" + (0..<150).map { "x,\($0)\n" }.joined()
        let catalog = catalog(["many": many, "bad": "a,b\n1,2,3\n4,5\n"])
        let rows = Batch(rowCount: 1, columns: [("k", Column([.text("x")]))])
        let cut = try run("| lookup many k", catalog, rows: rows)
        #expect(cut.rows["n", 0].elements.count == 100)
        #expect(cut.warnings == ["W331"])
        let all = try run("| lookup many k", catalog, rows: rows, limits: .unlimited)
        #expect(all.rows["n", 0].elements.count == 150)
        #expect(all.warnings == [])
        let bad = try run("| inputlookup bad", catalog)
        #expect(bad.rows.rowCount == 1)
        #expect(bad.warnings == ["W334"])
        let values: [Value] = (0..<101).map { .text("\($0)") }
        let wide = Batch(rowCount: 1, columns: [("k", Column([.list(values)])), ("n", Column([.list(values)]))])
        #expect(try run("| lookup many k n", catalog, rows: wide).warnings == ["W332"])
    }

    @Test func settingsThatCannotBeReadAreTold() {
        var problems: [LookupSettingProblem] = []
        let settings = [
            "filename": "a.csv", "max_matches": "0", "min_matches": "x", "case_sensitive_match": "maybe",
            "match_type": "WILDCARD(a), LIKE(b) CIDR", "time_field": "t", "max_offset_secs": "soon",
        ]
        let transform = LookupTransform(name: "a", settings: settings, problems: &problems)
        #expect(transform?.matchTypes == ["a": .wildcard])
        #expect(transform?.isCaseSensitive == true)
        #expect(
            problems.map(\.setting) == [
                "case_sensitive_match", "min_matches", "max_matches", "match_type", "match_type", "max_offset_secs",
            ])
        #expect(LookupTransform(name: "geo", settings: ["external_type": "geo"], problems: &problems) == nil)
        #expect(
            LookupTransform(name: "ut_shannon_lookup", settings: ["external_cmd": "x.py"], problems: &problems) != nil)
    }

    /// Many short patterns and values, each pair decided by hand as well.
    @Test(arguments: [true, false]) func theWildcardIndexLosesNoRow(_ isCaseSensitive: Bool) throws {
        var state: UInt64 = 42
        func text(_ alphabet: [String], _ longest: Int) -> String {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var bits = state >> 24
            let count = Int(bits % UInt64(longest)) + 1
            return (0..<count).map { _ in
                bits = bits &* 31 &+ 7
                return alphabet[Int((bits >> 8) % UInt64(alphabet.count))]
            }.joined()
        }
        let patterns = (0..<400).map { _ in text(["a", "B", "*", "a"], 12) }
        let values = (0..<200).map { _ in text(["a", "B", "b"], 14) }
        let csv = "p,n\n" + patterns.enumerated().map { "\($1),\($0)\n" }.joined()
        var catalog = catalog(["t.csv": csv])
        var transform = LookupTransform(name: "t", store: .file("t.csv"))
        transform.matchTypes = ["p": .wildcard]
        transform.maximumMatches = 1_000
        transform.isCaseSensitive = isCaseSensitive
        catalog.define(transform)
        let rows = Batch(rowCount: values.count, columns: [("p", Column(values.map { .text($0) }))])
        let result = try run("| lookup t p OUTPUT n", catalog, rows: rows).rows
        for (row, value) in values.enumerated() {
            let expected = patterns.indices.filter { index in
                isCaseSensitive
                    ? FieldSet.matches(patterns[index], value)
                    : FieldSet.matches(patterns[index].lowercased(), value.lowercased())
            }
            #expect(result["n", row] == .list(expected.map { .text("\($0)") }), "\(value)")
        }
    }
}
