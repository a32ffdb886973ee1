import Formats
import Testing

@Suite struct ConfFileTests {
    private func read(_ text: String) -> ConfFile { ConfFile(text: Array(text.utf8)) }

    @Test func settingsBelongToTheStanzaAbove() {
        let conf = read(
            """
            # comment
            TRUNCATE = 10
            [source::/var/log/[ab].log]
            EVAL-user = if(a=="b", c, d)
              # comment
            empty =

            [aws:cloudtrail]
            KV_MODE=json
            """)
        #expect(conf.stanzas.map(\.name) == ["default", "source::/var/log/[ab].log", "aws:cloudtrail"])
        #expect(conf.stanzas.map(\.line) == [2, 3, 8])
        #expect(conf.stanzas[0].settings == [.init(name: "TRUNCATE", value: "10", line: 2)])
        #expect(conf.stanzas[1]["EVAL-user"] == #"if(a=="b", c, d)"#)
        #expect(conf.stanzas[1]["empty"] == "")
        #expect(conf.stanzas[2]["KV_MODE"] == "json")
        #expect(conf.problems.isEmpty)
    }

    @Test func backslashContinuesAValue() {
        let conf = read("[m]\r\ndefinition = a \\\r\n  | b \\\n# no comment here\nargs = x\n")
        #expect(conf.stanzas[0]["definition"] == "a \n  | b \n# no comment here")
        #expect(conf.stanzas[0]["args"] == "x")
        #expect(conf.stanzas[0].settings.map(\.line) == [2, 5])
    }

    @Test func equalStanzasStayApartAndTheLastSettingWins() {
        let conf = read("[a]\nx = 1\nx = 2\n[a]\nx = 3")
        #expect(conf.stanzas.count == 2)
        #expect(conf.stanzas[0]["x"] == "2")
    }

    @Test func brokenLinesAreReportedAndTheRestIsRead() {
        let conf = read("\u{FEFF}[a]\nno equals sign\n= nameless\n[open\nx = 1\n[b] trailing\ny = 2")
        #expect(conf.problems.map(\.line) == [2, 3, 4, 6])
        #expect(conf.problems[0].message == "line 'no equals sign' is neither a setting nor a stanza header")
        #expect(conf.stanzas.map(\.name) == ["a", "open", "b"])
        #expect(conf.stanzas[1]["x"] == "1")
        #expect(conf.stanzas[2]["y"] == "2")
    }

    @Test func valuesAreBounded() {
        let conf = read("[a]\nx = " + String(repeating: "y\\\n", count: 600_000) + "end\nz = 1")
        #expect(conf.problems.count == 1)
        #expect(conf.stanzas[0].settings == [.init(name: "z", value: "1", line: 600_003)])
    }

    @Test func continuationAtTheEndOfTheFileKeepsTheValue() {
        #expect(read("[a]\nx = y\\").stanzas[0]["x"] == "y\\")
    }
}
