import Testing

/// Every code that the sources can print stands in docs/reference/diagnostics.md, and no other.
struct DiagnosticCodeTests {
    static let page = "docs/reference/diagnostics.md"

    @Test func everyCodeOfTheSourcesIsInThePage() throws {
        let listed = Set(Self.rows(in: try SourceTree.text(Self.page)))
        for path in SourceTree.swiftFiles(below: "Sources") {
            for code in Self.literals(in: try SourceTree.text(path)) where !listed.contains(code) {
                Issue.record("\(path) uses '\(code)', which \(Self.page) does not list")
            }
        }
    }

    @Test func everyCodeOfThePageIsInTheSources() throws {
        var used: Set<String> = []
        for path in SourceTree.swiftFiles(below: "Sources") {
            used.formUnion(Self.literals(in: try SourceTree.text(path)))
        }
        for code in Self.rows(in: try SourceTree.text(Self.page)) where !used.contains(code) {
            Issue.record("\(Self.page) lists '\(code)', which nothing in Sources uses")
        }
    }

    @Test func thePageIsSortedAndNamesEachCodeOnce() throws {
        let listed = Self.rows(in: try SourceTree.text(Self.page))
        #expect(listed == Set(listed).sorted())
    }

    @Test func codesAreReadFromSourceAndPage() {
        let source = #"throw Diagnostic("E301", "not E302 here", severity: .warning) // "W303", "E1", "XE304""#
        #expect(Self.literals(in: source) == ["E301", "W303"])
        let page = """
            | code | meaning |
            | --- | --- |
            | E301 | E302 is another |
            E303
            | W304 | x |
            """
        #expect(Self.rows(in: page) == ["E301", "W304"])
    }

    /// The string literals of `text` that are wholly a code.
    private static func literals(in text: String) -> [String] {
        text.matches(of: /"([EW][0-9]{3})"/).map { String($0.1) }
    }

    /// The codes in the first column of the page's tables, in order.
    private static func rows(in text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).compactMap { line in
            line.prefixMatch(of: /\| ([EW][0-9]{3}) \|/).map { String($0.1) }
        }
    }
}
