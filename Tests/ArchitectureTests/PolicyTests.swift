import Testing

/// Every policy that `--explain` can print stands in docs/decisions/0002, which says why it was chosen.
struct PolicyTests {
    @Test func everyPolicyIsExplained() throws {
        let page = try SourceTree.text("docs/decisions/0002-open-semantics.md")
        let source = try SourceTree.text("Sources/Search/Planning/Policy.swift")
        let names = source.matches(of: /case \w+ = "([a-z0-9-]+)"/).map { String($0.1) }
        #expect(names.count >= 30)
        #expect(Set(names).count == names.count)
        for name in names { #expect(page.contains("| \(name) "), "\(name) is not in decision 0002") }
    }
}
