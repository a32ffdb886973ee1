import Content
import SPL
import Testing

/// Files that are made to exhaust a reader are refused quickly, by name, and stop nothing else.
@Suite struct HostileContentTests {
    private func problems(_ text: String) -> [String] {
        var loader = ContentLoader()
        loader.add(file: "x.yml", text: text)
        loader.add(file: "m.yml", text: "name: m\ndefinition: a")
        let catalog = loader.catalog()
        #expect(catalog.macros.map(\.name) == ["m"])
        return catalog.problems.map { "\($0.diagnostic.code) \($0.diagnostic.message)" }
    }

    private func bomb(levels: Int, _ line: (Int) -> String) -> String {
        "a0: &a0 {k: v}\n" + (1...levels).map { line($0) + "\n" }.joined()
    }

    @Test(.timeLimit(.minutes(1))) func aliasesInValuesAreCounted() {
        let text = bomb(levels: 40) { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]" }
        #expect(problems(text) == ["E402 file holds more than 200000 values once its aliases are written out"])
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            { "a\($0): &a\($0)\n  ? [*a\($0 - 1), *a\($0 - 1)]\n  : x" },
            { "a\($0): &a\($0) {[*a\($0 - 1), *a\($0 - 1)] : x}" },
            { "a\($0): &a\($0) {*a\($0 - 1) : x, ? [*a\($0 - 1)] : y}" },
            { "a\($0): &a\($0) {?!!seq [*a\($0 - 1), *a\($0 - 1)], b: c}" },
        ] as [@Sendable (Int) -> String])
    func aliasesInKeysAreRefused(line: @Sendable (Int) -> String) {
        #expect(
            problems(bomb(levels: 60, line)) == ["E402 file uses aliases together with a key that is not plain text"])
    }

    @Test func fewAliasesAreWrittenOut() {
        var loader = ContentLoader()
        loader.add(file: "m.yml", text: "name: &n m\ndefinition: *n\narguments: []")
        #expect(loader.catalog().macros.first?.definition == "m")
        #expect(loader.catalog().problems.isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func deepFilesAreRefused() {
        #expect(
            problems("a: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)) == [
                "E402 values are nested more than 64 deep"
            ])
        let deeper = problems("a: " + String(repeating: "[", count: 100_000))
        #expect(deeper.count == 1)
        #expect(deeper[0].hasPrefix("E40"))
        let keys = problems(String(repeating: "? ", count: 900) + "[" + String(repeating: "x,", count: 500_000) + "]")
        #expect(keys == ["E402 file has more than 100 explicit keys ('? key')"])
    }

    @Test func largeFilesAreRefused() {
        #expect(problems("a: " + String(repeating: "x", count: 4 << 20)).first?.hasPrefix("E402 file has") == true)
    }

    @Test(arguments: ["", "# only a comment", "just text", "- a\n- b", "~", "a: b", "\u{0}", "a: \u{1}", "[]: x", "&"])
    func whatIsNoObjectIsReported(text: String) {
        #expect(problems(text).count == 1)
    }

    @Test func wildcardsAndAmpersandsInSearchesAreNoAliases() {
        var loader = ContentLoader()
        loader.add(
            file: "d.yml",
            text: """
                name: d
                id: 1
                type: Hunting
                search: |-
                  index=x *foo &foo [ *foo : x ] ? *foo
                  | rename a.* as *
                """)
        #expect(loader.catalog().problems.map(\.diagnostic.code) == ["E402"])
        loader.add(
            file: "d.yml",
            text: "name: d\nid: 1\ntype: Hunting\nsearch: |-\n  index=x *foo NOT *bar* & baz\n  | rename a.* as *")
        #expect(loader.catalog().detections.count == 1)
    }
}
