import Columns
import SPL
import Search
import Testing

/// What the scripts cannot say of `spath`, `extract` and `makeresults`: limits, and texts of several lines.
@Suite struct StructuredDataTests {
    private func run(
        _ search: String, raw: [String]? = nil, limits: SearchLimits = SearchLimits()
    ) throws -> (lines: [String], warnings: [String]) {
        let environment = SearchEnvironment(nowMicroseconds: 1_763_886_000_000_000)
        let compiled = try CompiledSearch.compile(
            ExpandedSearch.expand(search, macros: environment.macros), environment: environment,
            startsWithRows: raw != nil)
        var context = ExecutionContext(nowMicroseconds: environment.nowMicroseconds, limits: limits)
        let rows = raw.map { [Batch(rowCount: $0.count, columns: [("_raw", Column($0.map { .text($0) }))])] }
        return (RowText.lines(try compiled.run(rows ?? [], &context)), context.warnings.map(\.code))
    }

    @Test func makeresultsReadsCSV() throws {
        let search = "| makeresults format=csv data=\"name, age\nAmy,5\n\\\"B, b\\\",\n\""
        #expect(try run(search).lines == ["name=Amy age=5", "name=\"B, b\""])
    }

    @Test func spathReadsLongTextsAndSaysSo() throws {
        let text = "{\"a\":\"\(String(repeating: "x", count: 5_000))\",\"b\":1}"
        let auto = try run("| spath | table b", raw: [text])
        #expect(auto.lines == ["b=1"] && auto.warnings == ["W320"])
        #expect(try run("| spath path=b | table b", raw: [text]).warnings.isEmpty)
        #expect(try run("| spath | table b", raw: [text], limits: .unlimited).warnings.isEmpty)
    }

    @Test func extractStopsAtItsLimits() throws {
        let pairs = (0..<60).map { "k\($0)=\($0)" }.joined(separator: " ")
        let cut = try run("| extract | table k49 k50", raw: [pairs])
        #expect(cut.lines == ["k49=49"] && cut.warnings == ["W321"])
        #expect(try run("| extract limit=0 | table k59", raw: [pairs]).lines == ["k59=59"])
        #expect(try run("| extract limit=1 | table k*", raw: [pairs]).warnings.isEmpty)
        let long = "a=1 " + String(repeating: "-", count: 10_240) + " b=2"
        let short = try run("| extract | table a b", raw: [long])
        #expect(short.lines == ["a=1"] && short.warnings == ["W322"])
        #expect(try run("| extract maxchars=20000 | table a b", raw: [long]).lines == ["a=1 b=2"])
    }

    @Test func dataCannotMakeFieldsWithoutEnd() throws {
        var limits = SearchLimits()
        limits.extractedFields = 2
        let result = try run(
            "| spath | table a b c", raw: ["{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":4,\"a\":5}"], limits: limits)
        #expect(result.lines == ["a=1 b=2", "a=5"] && result.warnings == ["W323"])
    }

    @Test func explanationsTellCommandsApart() throws {
        let searches = [
            "spath", "spath input=a", "spath a", "spath a output=b", "extract", "extract mv_add=t", "extract limit=5",
            "extract maxchars=5", "extract auto=f", "extract clean_keys=f", "extract pairdelim=\";\"",
            "extract kvdelim=\";\"",
            "xmlkv", "xmlkv a", "xpath a", "xpath a field=b", "xpath a outfield=b", "xpath a default=b", "multikv",
            "multikv copyattrs=f", "multikv rmorig=f", "multikv noheader=t", "multikv multitable=f",
            "multikv forceheader=2",
            "multikv fields a", "multikv filter a", "fromjson a", "fromjson a prefix=b", "tojson", "tojson a",
            "tojson str(a)",
            "tojson default_type=str", "tojson fill_null=t", "tojson include_internal=t", "tojson output_field=b",
            "xmlunescape",
        ]
        let environment = SearchEnvironment(nowMicroseconds: 0)
        var seen: Set<String> = []
        for search in searches {
            let compiled = try CompiledSearch.compile(
                ExpandedSearch.expand("| \(search)", macros: environment.macros), environment: environment,
                startsWithRows: true)
            #expect(seen.insert(compiled.commands.map(\.explanation).joined()).inserted, "\(search)")
        }
    }

    @Test func metadataReadsEventsOfTheIndexes() throws {
        let environment = SearchEnvironment(nowMicroseconds: 0)
        for (search, first) in [
            ("| metadata type=hosts index=a index=b*", "search: index=\"a\" OR index=\"b*\""),
            ("| eventcount", "earliest=0"),
        ] {
            let compiled = try CompiledSearch.compile(
                ExpandedSearch.expand(search, macros: environment.macros), environment: environment)
            guard case .events = compiled.source else {
                Issue.record("\(search) reads no events")
                continue
            }
            #expect(compiled.explanation.contains(first), "\(compiled.explanation)")
        }
    }
}
