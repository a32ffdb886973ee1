import SPL
import Testing

struct RenderingTests {
    private func rendered(_ source: String, _ lower: Int, _ upper: Int, file: String? = "a.yml", firstLine: Int = 1)
        -> String
    {
        Diagnostic("E299", "'x' is wrong", span: Span(lower, upper), hint: "write y").rendered(
            source: source, file: file, firstLine: firstLine)
    }

    @Test func linesAndColumnsCountFromOneInCharacters() {
        #expect(
            rendered("ä\nböc def\nx", 8, 11, firstLine: 10) == """
                a.yml:11:5: error[E299]: 'x' is wrong
                    böc def
                        ^^^
                hint: write y
                """)
    }

    @Test func aSpanOverLinesIsMarkedOnItsFirst() {
        #expect(
            rendered("ab\ncd", 1, 5, file: nil) == """
                1:2: error[E299]: 'x' is wrong
                    ab
                     ^
                hint: write y
                """)
    }

    @Test func aMessageWithoutAPlaceHasNoExcerpt() {
        let diagnostic = Diagnostic("E299", "'x' is wrong", severity: .warning)
        #expect(diagnostic.rendered(source: "abc", file: "a.yml") == "a.yml: warning[E299]: 'x' is wrong")
        #expect(diagnostic.rendered(source: "abc") == "warning[E299]: 'x' is wrong")
    }

    @Test func longLinesAreCutAroundTheSpan() {
        let source = String(repeating: "a", count: 300) + "HERE" + String(repeating: "b", count: 300)
        let lines = rendered(source, 300, 304).split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("a.yml:1:301: "))
        #expect(lines[1].count <= 4 + 3 + 100 + 3)
        #expect(lines[1].hasPrefix("    ...a") && lines[1].hasSuffix("b..."))
        let caret = lines[2].prefix { $0 == " " }.count
        #expect(lines[1].dropFirst(caret).hasPrefix("HERE"))
        #expect(lines[2].hasSuffix(" ^^^^"))
    }

    @Test(arguments: [0, 1, 99, 100, 101, 199, 200])
    func caretsStayUnderTheirCharacter(_ offset: Int) {
        let source = String(repeating: "a", count: offset) + "X" + String(repeating: "b", count: 200 - offset)
        let lines = rendered(source, offset, offset + 1).split(separator: "\n").map(String.init)
        #expect(lines[1].dropFirst(lines[2].count - 1).first == "X")
    }

    @Test func placesOutsideTheTextDoNotTrap() {
        for (lower, upper) in [(-5, 3), (3, -5), (100, 200), (0, 100), (2, 1)] {
            #expect(rendered("abc", lower, upper).contains("^"))
            #expect(rendered("", lower, upper).contains("^"))
        }
    }

    @Test func aMessageThatQuotesALongTextIsShort() {
        let word = String(repeating: "(", count: 100_000)
        #expect { try Pipeline.parse("| \(word)") } throws: {
            ($0 as? Diagnostic).map { $0.message.count < 300 } == true
        }
    }

    @Test func nearestNameToleratesFewEditsAndNeverWavers() {
        #expect(NearestName.find("stast", in: ["stats", "sort"]) == "stats")
        #expect(NearestName.find("STATS", in: ["stats"]) == "stats")
        #expect(NearestName.find("xyz", in: ["stats", "sort"]) == nil)
        #expect(NearestName.find("ab", in: ["ax", "aa", "az"]) == "aa")
        #expect(NearestName.find("ab", in: ["az", "ax", "aa"]) == "aa")
        #expect(NearestName.hint("evl", in: ["eval"]) == "did you mean 'eval'?")
        #expect(NearestName.hint("", in: ["a"]) == "did you mean 'a'?")
        #expect(NearestName.find("x", in: []) == nil)
    }
}
