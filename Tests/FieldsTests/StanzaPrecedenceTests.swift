import Columns
import Fields
import Testing

@Suite struct StanzaPrecedenceTests {
    @Test func sourceBeatsHostBeatsSourcetypeBeatsDefault() throws {
        let fixture = AddonFixture(
            props: """
                EVAL-a = "default"
                EVAL-b = "default"
                EVAL-c = "default"
                EVAL-d = "default"
                [st]
                EVAL-a = "sourcetype"
                EVAL-b = "sourcetype"
                EVAL-c = "sourcetype"
                [host::web*]
                EVAL-a = "host"
                EVAL-b = "host"
                [source::...test.log]
                EVAL-a = "source"
                """)
        let fields = try fixture.fields("x")
        #expect(["a", "b", "c", "d"].map { fields[$0] } == ["source", "host", "sourcetype", "default"])
    }

    @Test(arguments: [
        ("/var/log/*.log", "/var/log/a.log", true), ("/var/log/*.log", "/var/log/x/a.log", false),
        ("/var/.../a.log", "/var/log/x/a.log", true), ("...a.log", "a.log", true),
        ("/logs/(web|db)*.log", "/logs/db1.log", true), ("/logs/(web|db)*.log", "/logs/dc1.log", false),
        ("/a.b", "/axb", false), ("/A", "/a", false), ("*", "", true), ("*", "x/y", false),
        ("a|b", "b", true),
    ])
    func sourcePatternsFollowSplunksWildcards(pattern: String, source: String, matches: Bool) throws {
        let fixture = AddonFixture(props: "[source::\(pattern)]\nEVAL-hit = \"yes\"")
        let batch = try fixture.decode(["x"], source: source)
        #expect((batch.column("hit") != nil) == matches)
    }

    @Test func priorityThenASCIIOrderDecidesAmongPatterns() throws {
        let fixture = AddonFixture(
            props: """
                [source::...b...]
                EVAL-a = "b"
                EVAL-p = "b"
                [source::...a...]
                EVAL-a = "a"
                EVAL-p = "a"
                [source::...c...]
                priority = 5
                EVAL-p = "c"
                """)
        let batch = try fixture.decode(["x"], source: "abc")
        #expect(batch["a", 0] == .text("a"))
        #expect(batch["p", 0] == .text("c"))
    }

    @Test func aLiteralSourceBeatsAPattern() throws {
        let fixture = AddonFixture(
            props: """
                [source::...a...]
                EVAL-x = "pattern"
                [source::za]
                EVAL-x = "literal"
                """)
        #expect(try fixture.decode(["x"], source: "za")["x", 0] == .text("literal"))
    }

    @Test func localBeatsDefaultAndTheFirstAppWins() throws {
        var addons = AddonSet()
        addons.addLayer(
            app: "b", confFiles: [("props.conf", .default, Array("[st]\nEVAL-x = \"b\"\nEVAL-y = \"b\"".utf8))],
            lookups: [])
        addons.addLayer(
            app: "a", confFiles: [("props.conf", .default, Array("[st]\nEVAL-x = \"a\"".utf8))], lookups: [])
        addons.addLayer(
            app: "b", confFiles: [("props.conf", .local, Array("[st]\nEVAL-y = \"local\"".utf8))], lookups: [])
        let fields = try AddonFixture(addons: addons).fields("x")
        #expect(fields["x"] == "a")
        #expect(fields["y"] == "local")
    }

    @Test func sourcetypesMatchInAnyCaseTheExactSpellingFirst() throws {
        let fixture = AddonFixture(props: "[XmlWinEventLog]\nEVAL-x = \"upper\"\n[xmlwineventlog]\nEVAL-x = \"lower\"")
        #expect(try fixture.fields("x", sourcetype: "xmlwineventlog")["x"] == "lower")
        #expect(try fixture.fields("x", sourcetype: "XmlWinEventLog")["x"] == "upper")
    }

    @Test func lineBreakerFollowsThePrecedence() {
        let fixture = AddonFixture(props: "[st]\nLINE_BREAKER = (\\n)\n[source::...x]\nLINE_BREAKER = (;)")
        func events(_ sourcetype: String, _ source: String) -> Int? {
            let text = ByteBuffer(Array("a;b\nc;d".utf8))
            return fixture.addons.eventBreaking(of: AddonFixture.origin(sourcetype, source: source))
                .map { $0.breaks(in: text.bytes).count + 1 }
        }
        #expect(events("st", "a") == 2)
        #expect(events("st", "ax") == 3)
        #expect(events("other", "a") == nil)
    }
}
