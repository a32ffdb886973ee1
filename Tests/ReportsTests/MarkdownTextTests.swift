import Testing

@testable import Reports

@Suite struct MarkdownTextTests {
    @Test(arguments: [
        ("plain", "`plain`"), ("", "(empty)"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a|b", "`a\\|b`"),
        (" x ", "`  x  `"), ("<b>", "`<b>`"), ("a\nb", "`a\\nb`"),
    ])
    func codeSpansHoldAnything(text: String, markdown: String) {
        #expect(MarkdownText.code(text) == markdown)
    }

    @Test func barsAreEscapedInTablesOnly() {
        #expect(MarkdownText.code("a|b", inTable: false) == "`a|b`")
    }

    @Test func proseLosesItsPunctuationsMeaning() {
        #expect(
            MarkdownText.prose("*a* _b_ [c](d) <e> | `f` # \\")
                == "\\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\| \\`f\\` \\# \\\\")
    }
}
