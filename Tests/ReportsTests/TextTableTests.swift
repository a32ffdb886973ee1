import Testing

@testable import Reports

@Suite struct TextTableTests {
    @Test func widthsCountWideAndCombiningCharacters() {
        #expect(TerminalText.width("abc") == 3)
        #expect(TerminalText.width("日本") == 4)
        #expect(TerminalText.width("e\u{301}") == 1)
        #expect(TerminalText.width("🦊") == 2)
        #expect(TerminalText.width("👩‍👩‍👧") == 2)
        #expect(TerminalText.width("❤️") == 2)
        #expect(TerminalText.width("ｆ") == 2)
        #expect(TerminalText.width("ﾊ") == 1)
        #expect(TerminalText.width("Ж") == 1)
    }

    @Test func columnsAlignUnderWideCharacters() {
        var table = TextTable([.init("name"), .init("score", .right)])
        table.append(["日本", "5"])
        table.append(["amy", "120"])
        #expect(table.text() == "name  score\n----  -----\n日本      5\namy     120\n")
        #expect(table.text(indent: 2) == "  name  score\n  ----  -----\n  日本      5\n  amy     120\n")
    }

    @Test func controlCharactersAreShownNotObeyed() {
        var table = TextTable([.init("a")])
        table.append(["\u{1B}[2J\n\r\t\0\u{7F}\u{9B}\u{202E}\u{2028}"])
        let text = table.text()
        #expect(
            text.hasSuffix("\n\\u{1b}[2J\\n\\r\\t\\u{0}\\u{7f}\\u{9b}\\u{202e}\\u{2028}\n"))
        #expect(!text.unicodeScalars.contains { TerminalText.isActive($0) && $0 != "\n" })
    }

    @Test(arguments: [10, 12, 20, 31, 40, 80]) func noLineIsWiderThanTheMaximum(width: Int) {
        var table = TextTable([.init("name"), .init("message"), .init("n", .right)])
        table.append(["amy", String(repeating: "long 日本 ", count: 10), "1"])
        table.append([String(repeating: "x", count: 30), "short", "22"])
        let lines = table.text(maximumWidth: max(width, 14)).split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { TerminalText.width($0) <= max(width, 14) })
        #expect(lines.count == 4)
        #expect(lines[2].contains("…"))
    }

    @Test func narrowColumnsKeepTheirContent() {
        var table = TextTable([.init("id"), .init("message")])
        table.append(["abcd", String(repeating: "m", count: 100)])
        #expect(table.text(maximumWidth: 20) == "id    message\n----  --------------\nabcd  mmmmmmmmmmmmm…\n")
    }

    @Test func aTableWithoutRowsIsItsHeader() {
        #expect(TextTable([.init("a"), .init("b", .right)]).text() == "a  b\n-  -\n")
        #expect(TextTable([]).text() == "")
    }

    @Test func cuttingNeverSplitsACharacter() {
        #expect(TerminalText.cut("日本語", toWidth: 4) == "日…")
        #expect(TerminalText.cut("abc", toWidth: 3) == "abc")
        #expect(TerminalText.cut("abc", toWidth: 1) == "…")
        #expect(TerminalText.cut("abc", toWidth: 0) == "")
    }
}
