import Columns
import Fields
import Testing

@Suite struct HostileAddonTests {
    private func codes(_ fixture: AddonFixture) -> [String] { fixture.addons.problems.map(\.code) }

    @Test func unsupportedSettingsAreNamed() {
        let fixture = AddonFixture(
            props: """
                [st]
                METRICS_PROTOCOL = statsd
                INDEXED_EXTRACTIONS = xmlkv
                KV_MODE = yaml
                CHARSET = SJIS
                TRANSFORMS-a = i, q
                """,
            transforms: """
                [t]
                external_cmd = x.py
                REGEX = (?<a>x)
                [i]
                INGEST_EVAL = a=1
                [q]
                REGEX = x
                DEST_KEY = _TCP_ROUTING
                FORMAT = other
                """, eventtypes: "[e]\nsearch = a=1\nowner = x")
        let messages = fixture.addons.problems.filter { $0.code == "E451" }.map(\.message)
        for name in [
            "METRICS_PROTOCOL", "INDEXED_EXTRACTIONS", "KV_MODE", "CHARSET", "external_cmd", "INGEST_EVAL",
            "_TCP_ROUTING",
            "owner",
        ] {
            #expect(messages.contains { $0.contains(name) }, "\(name)")
        }
    }

    @Test func problemsSayWhere() throws {
        let fixture = AddonFixture(props: "# comment\n[st]\nEXTRACT-a = (unclosed\n")
        let problem = try #require(fixture.addons.problems.first)
        #expect(problem.code == "E453")
        #expect(problem.file == "test/default/props.conf")
        #expect(problem.line == 3)
        #expect(problem.hint != nil)
    }

    @Test func oneBadRuleLeavesTheOthers() throws {
        let fixture = AddonFixture(
            props: """
                [st]
                KV_MODE = json
                EXTRACT-a = (unclosed
                EXTRACT-b = nogroup
                REPORT-c = missing
                FIELDALIAS-d = a b c
                FIELDALIAS-e = x AS alias
                EVAL-f = nosuchfunction(x)
                EVAL-g = if(
                EVAL-h = x . "!"
                EVAL-i = x==1
                LOOKUP-j = missing x OUTPUT y
                LOOKUP-k = t.csv nocolumn OUTPUT y
                LOOKUP-l = OUTPUT
                TIME_FORMAT = %Y %!
                TIME_PREFIX = (
                TZ = Nowhere/Atlantis
                MAX_TIMESTAMP_LOOKAHEAD = many
                """,
            eventtypes: "[bad]\nsearch = (a=1\n[good]\nsearch = h=*\n[empty]\ndescription = none",
            tags: "[nonsense]\na = enabled\n[eventtype=good]\nfine = enabled\nodd = perhaps",
            lookups: ["t.csv": "x,y\n1,2\n"])
        let fields = try fixture.fields(#"{"x":"v"}"#)
        #expect(fields["alias"] == "v")
        #expect(fields["h"] == "v!")
        #expect(fields["eventtype"] == "good")
        #expect(fields["tag"] == "fine")
        let found = codes(fixture)
        for code in ["E452", "E453", "E454", "E455", "E456", "E458"] { #expect(found.contains(code), "\(code)") }
        #expect(found.filter { $0 == "E454" }.count == 3)
    }

    @Test func eventTypesMayReferToEachOtherButNotInCircles() throws {
        let fixture = AddonFixture(
            props: "[st]\nKV_MODE = json",
            eventtypes: """
                [a]
                search = eventtype=b x=1
                [b]
                search = y=1
                [round]
                search = eventtype=about
                [about]
                search = eventtype=round
                [self]
                search = eventtype=self
                """)
        #expect(codes(fixture).filter { $0 == "E456" }.count == 3)
        #expect(try fixture.fields(#"{"x":1,"y":1}"#)["eventtype"] == "a\nb")
        #expect(try fixture.fields(#"{"x":1}"#)["eventtype"] == nil)
    }

    @Test(.timeLimit(.minutes(1))) func eventTypesThatExplodeAreRefused() {
        var text = ""
        for level in 0..<15 {
            text += "[t\(level)]\nsearch = "
            text += (level + 1..<16).map { "eventtype=t\($0)" }.joined(separator: " OR ") + "\n"
        }
        text += "[t15]\nsearch = x=1\n"
        #expect(codes(AddonFixture(eventtypes: text)).contains("E456"))
    }

    @Test(.timeLimit(.minutes(1))) func explodingPatternsFindNothingAndEnd() throws {
        let fixture = AddonFixture(
            props:
                "[st]\nKV_MODE = json\nEXTRACT-a = ^\\{\"x\":\"(?<bomb>(a+)+)$\nTIME_PREFIX = ((x+x+)+)+y\nEVAL-ok = x")
        let bomb = String(repeating: "a", count: 40) + "!"
        let fields = try fixture.fields(#"{"x":"\#(bomb)"}"#)
        #expect(fields["bomb"] == nil)
        #expect(fields["ok"] == bomb)
    }

    @Test(.timeLimit(.minutes(1))) func stanzaPatternsDoNotExplode() throws {
        let stars = String(repeating: "*a", count: 200)
        let fixture = AddonFixture(
            props: "[source::\(stars)]\nEVAL-a = \"1\"\n[source::" + String(repeating: "(a|b)", count: 30)
                + "]\nEVAL-b = \"1\"")
        let batch = try fixture.decode(["x"], source: String(repeating: "a", count: 5_000) + "b")
        #expect(batch.column("a") == nil)
        #expect(codes(fixture) == ["E452"])
    }

    @Test func strangeFilesAreReadWithoutHarm() throws {
        let binary = (0..<4_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var addons = AddonSet()
        for name in ["props.conf", "transforms.conf", "eventtypes.conf", "tags.conf"] {
            addons.addLayer(app: name, confFiles: [(name, .local, binary)], lookups: [("t.csv", binary)])
        }
        _ = addons.problems
        let fixture = AddonFixture(addons: addons)
        #expect(try fixture.fields(#"{"a":"1"}"#, sourcetype: "anything")["a"] == "1")
    }

    @Test func hugeLookupsAreStillIndexed() throws {
        let csv = "k,a\n" + (0..<200_000).map { "key\($0),value\($0)" }.joined(separator: "\n")
        let fixture = AddonFixture(props: "[st]\nKV_MODE = json\nLOOKUP-t = t.csv k OUTPUT a", lookups: ["t.csv": csv])
        #expect(try fixture.fields(#"{"k":"key199999"}"#)["a"] == "value199999")
    }

    @Test func eventsThatAreNoJSONGiveNoFields() throws {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = json")
        for text in ["", "{", "[1,2]", "plain", #"{"a":1"#, String(repeating: "[", count: 100_000)] {
            let batch = try fixture.decode([text, #"{"a":"1"}"#], needed: FieldSet(names: ["a"]))
            #expect(batch["a", 0] == .null)
            #expect(batch["a", 1] == .text("1"))
        }
    }
}
