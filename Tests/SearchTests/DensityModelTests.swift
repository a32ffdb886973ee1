import Columns
import SPL
import Search
import Testing

/// Models outside of one search: which a pipeline trains, how they are stored, what their limits are.
@Suite struct DensityModelTests {
    private func run(
        _ search: String, _ rows: Batch, state: SearchState = SearchState(), limits: SearchLimits = SearchLimits()
    ) throws -> (Batch, ExecutionContext) {
        var environment = SearchEnvironment(nowMicroseconds: 0)
        environment.trainedModels = Set(state.modelNames)
        let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment, startsWithRows: true)
        var context = ExecutionContext(nowMicroseconds: 0, limits: limits, state: state)
        return (try compiled.run([rows], &context), context)
    }

    private func column(_ numbers: [Double]) -> Batch {
        Batch(rowCount: numbers.count, columns: [("n", Column(numbers.map { .number($0) }))])
    }

    @Test func namesOfTrainedModelsIncludeThoseOfSubsearches() throws {
        let pipeline = try Pipeline.parse(
            "a=1 | fit DensityFunction n by \"a,b\" into m dist=norm | append [search b=2 | fit X y into app:k] | apply z"
        )
        #expect(FitCommand.modelNames(in: pipeline) == ["m", "k"])
    }

    @Test func aModelOfTheContentCompilesBeforeItIsTrained() throws {
        var environment = SearchEnvironment(nowMicroseconds: 0)
        environment.trainedModels = ["m"]
        let expanded = try ExpandedSearch.expand("a=1 | apply m threshold=0.005", macros: environment.macros)
        let compiled = try CompiledSearch.compile(expanded, environment: environment)
        var context = ExecutionContext(nowMicroseconds: 0)
        #expect(throws: Diagnostic.self) { try compiled.run([column([1])], &context) }
        // Without rows too: nothing found is no answer of a model that is not there.
        #expect(throws: Diagnostic.self) { try compiled.run([], &context) }
    }

    @Test(arguments: ["norm", "expon", "beta", "gaussian_kde", "auto threshold=\"0.1,0.2\" show_density=t"])
    func aStoredModelJudgesAsBefore(_ options: String) throws {
        let rows = Batch(
            rowCount: 7,
            columns: [
                ("n", Column([1, 2, 2.5, 4, 9, 100, 7].map { .number($0) })),
                ("u", Column([.text("a"), .text("a"), .text("a"), .text("a"), .text("a"), .text("b é"), .text("c")])),
            ])
        let state = SearchState()
        _ = try run("| fit DensityFunction n by u into m dist=\(options)", rows, state: state)
        let model = try #require(state.model("m"))
        #expect(model.field == "n" && model.groupFields == ["u"])
        let again = try DensityModel(decoding: model.encoded())
        #expect(again == model)
        let other = SearchState()
        other.setModel("m", again)
        let before = RowText.lines(try run("| apply m", rows, state: state).0)
        #expect(RowText.lines(try run("| apply m", rows, state: other).0) == before)
    }

    @Test func aDamagedModelIsRefused() throws {
        let state = SearchState()
        _ = try run("| fit DensityFunction n into m", column([1, 2, 2.5, 4]), state: state)
        let text = String(decoding: try #require(state.model("m")).encoded(), as: UTF8.self)
        let damages = [
            ("\"format\":1", "\"format\":2"), ("DensityFunction", "KMeans"), ("[1,2,2.5,4]", "[1,2,2.5]"),
            ("[1,2,2.5,4]", "[1,2,2,4]"), ("[1,2,2.5,4]", "[4,2,2.5,1]"), ("[1,1,1,1]", "[1,1,0,1]"),
            ("[1,2,2.5,4]", "[1,2,2.5,1e300]"), ("\"cardinality\":4", "\"cardinality\":-4"),
            ("\"key\":[]", "\"key\":[\"a\"]"), ("\"metric\":\"wasserstein\"", "\"metric\":7"), ("}]}", "}]"),
            ("\"threshold\":[]", "\"threshold\":[2]"), ("\"show_density\":false", "\"show_density\":null"),
        ]
        for (part, damage) in damages {
            let pieces = text.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
            #expect(pieces.count == 2, "\(part) is not in \(text)")
            let damaged = pieces.joined(separator: damage)
            do {
                _ = try DensityModel(decoding: Array(damaged.utf8))
                Issue.record("read \(damaged)")
            } catch { #expect(error.code == "E769") }
        }
        #expect(throws: Diagnostic.self) { try DensityModel(decoding: []) }
    }

    @Test func manyDistinctValuesAreThinnedEvenly() throws {
        // 0 ... 1 in 20,001 steps: the middle half of a normal fit is that of the whole.
        let rows = column((0...20_000).map { Double($0) / 20_000 })
        let state = SearchState()
        let (_, context) = try run("| fit DensityFunction n into m dist=gaussian_kde", rows, state: state)
        #expect(context.warnings.map(\.code) == ["W335"])
        let (summary, _) = try run("| head 1 | append [| summary m] | tail 1", rows, state: state)
        #expect(summary["cardinality", 0] == .number(20_001))
        #expect(summary["min", 0] == .number(0) && summary["max", 0] == .number(1))
        #expect(abs((summary["mean", 0].numeric ?? 0) - 0.5) < 1e-4)
        #expect(abs((summary["std", 0].numeric ?? 0) - (1.0 / 12).squareRoot()) < 1e-4)
    }

    @Test func groupsAreLimited() throws {
        let rows = Batch(
            rowCount: 3,
            columns: [
                ("n", Column([.number(1), .number(2), .number(3)])),
                ("u", Column([.text("a"), .text("b"), .text("a")])),
            ])
        var limits = SearchLimits()
        limits.modelGroups = 1
        do {
            _ = try run("| fit DensityFunction n by u", rows, limits: limits)
            Issue.record("it has learned two groups")
        } catch let error as Diagnostic { #expect(error.code == "E763") }
        limits.modelGroups = 2
        #expect(try run("| fit DensityFunction n by u", rows, limits: limits).0.rowCount == 3)
    }

    @Test func valuesAtTheEdgeOfDoublesDoNoHarm() throws {
        let numbers = [1e149, -1e149, 1e-300, 0, 1e200, -.infinity, .nan, 5]
        for kind in ["norm", "expon", "beta", "gaussian_kde", "auto"] {
            let (result, context) = try run("| fit DensityFunction n dist=\(kind) show_density=t", column(numbers))
            #expect(result.rowCount == 8)
            #expect(result["IsOutlier(n)", 4].isNull && !result["IsOutlier(n)", 7].isNull)
            #expect(context.warnings.map(\.code) == ["W337", "W336"])
        }
        // One value far from many: the kernel grid stays bounded.
        let far = column([Double](repeating: 1, count: 5_000) + [2, 1e12])
        let (result, _) = try run("| fit DensityFunction n dist=gaussian_kde threshold=0.0005", far)
        #expect(result["IsOutlier(n)", 5_001] == .number(1))
        #expect(result["IsOutlier(n)", 0] == .number(0))
    }
}
