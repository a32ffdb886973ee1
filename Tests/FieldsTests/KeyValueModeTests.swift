import Columns
import Fields
import Testing

@Suite struct KeyValueModeTests {
    private func fields(_ mode: String, _ text: String) throws -> [String: String] {
        try AddonFixture(props: "[st]\nKV_MODE = \(mode)").fields(text)
    }

    @Test func noneFindsNothing() throws {
        let names = try fields("none", #"a=1 {"b":2}"#).keys
        #expect(!names.contains("a") && !names.contains("b"))
    }

    @Test func automaticEndsAValueAtTheFirstQuote() throws {
        let found = try fields("auto", #"path="C:\dir\" next=x say="a \"b\" c" empty= blank="" last=1"#)
        #expect(found["path"] == #"C:\dir\"#)
        #expect(found["next"] == "x")
        #expect(found["say"] == #"a \"#)
        #expect(found["empty"] == nil)
        #expect(found["blank"] == nil)
        #expect(found["last"] == "1")
    }

    @Test func automaticNamesAreCleanedAndTheFirstValueStays() throws {
        let found = try fields("auto", "zone-found=dmz user.name=alice a-b=1 a_b=2 label=x label=y 7=lucky --=z q=a=b")
        #expect(found["zone_found"] == "dmz")
        #expect(found["user_name"] == "alice")
        #expect(found["a_b"] == "1")
        #expect(found["label"] == "x")
        #expect(found["7"] == nil)
        #expect(found["q"] == "a=b")
    }

    @Test func escapedModeReadsEscapes() throws {
        let found = try fields("auto_escaped", #"say="a \"b\" c" path="C:\\dir\x" n=1"#)
        #expect(found["say"] == #"a "b" c"#)
        #expect(found["path"] == #"C:\dir\x"#)
        #expect(found["n"] == "1")
    }

    @Test func spacesAroundAQuotedValueGoUnlessKept() throws {
        #expect(try fields("auto", #"a=" x ""#)["a"] == "x")
        #expect(try fields("auto", #"a="  " b=1"#)["a"] == nil)
        #expect(try fields("auto\nKV_TRIM_SPACES = false", #"a=" x ""#)["a"] == " x ")
    }

    @Test func jsonOfAutomaticModeCanBeSwitchedOff() throws {
        let text = #"{"a":"x","b":"c=d"}"#
        let both = try fields("auto", text)
        #expect(both["a"] == "x")
        let pairs = try fields("auto\nAUTO_KV_JSON = false", text)
        #expect(pairs["a"] == nil)
        #expect(pairs["c"] != nil)
        // It says nothing to the other modes.
        #expect(try fields("json\nAUTO_KV_JSON = false", text)["a"] == "x")
    }

    @Test func automaticReadsQueryStrings() throws {
        let found = try fields("auto", "GET /x?output_mode=json&_=16&user=ann HTTP/1.1")
        #expect(found["output_mode"] == "json")
        #expect(found["user"] == "ann")
    }

    @Test func namesOfDefaultFieldsAreExtractedOnes() throws {
        for (mode, text) in [
            ("json", #"{"source":"PINGID","host":"h2","a":"1"}"#), ("auto", "source=PINGID host=h2 a=1"),
        ] {
            let found = try fields(mode, text)
            #expect(found["extracted_source"] == "PINGID", "\(mode)")
            #expect(found["extracted_host"] == "h2", "\(mode)")
            #expect(found["source"] == "test.log", "\(mode)")
            let fixture = AddonFixture(props: "[st]\nKV_MODE = \(mode)")
            let one = try fixture.decode([text], needed: FieldSet(names: ["extracted_source"]))
            #expect(one.names == ["_time", "extracted_source"], "\(mode)")
        }
    }

    @Test(arguments: [
        (#"{"a":1,"b":{"c":"x","d":"y"#, ["a": "1", "b.c": "x"]),
        (#"{"a":1,"b":12"#, ["a": "1"]),
        (#"{"a":"q","l":[{"x":1},{"x":2},{"x"#, ["a": "q", "l{}.x": "1\n2"]),
        (#"{"a":true,"b":nul"#, ["a": "true"]),
        (#"{"a":"1","b":"c\"#, ["a": "1"]),
        (#"{"a":"1","#, ["a": "1"]),
        (#"{"a":{"b":{}},"c"#, [:]),
        (#"{"a"#, [:]),
        (#"{"a":1}}"#, [:]),
        (#"{"a":1,,"b":2"#, [:]),
    ])
    func whatStandsBeforeACutIsRead(text: String, expected: [String: String]) throws {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = json")
        let found = try fixture.decode([text], needed: FieldSet(names: ["a", "b", "b.c", "b.d", "l{}.x", "c"]))
        var row = AddonFixture.row(found, 0)
        row["_time"] = nil
        #expect(row == expected)
    }

    @Test func theTimeOfIndexingIsNow() throws {
        let batch = try AddonFixture().decode(["x"], needed: FieldSet(names: ["_indextime"]))
        #expect(batch["_indextime", 0] == .number(1_767_225_600))
    }

    @Test func xmlFieldsAreNamedByTheirPaths() throws {
        let found = try fields(
            "xml",
            """
            <?xml version="1.0"?>
            <event kind="login"><user id='7'>ann &amp; bob</user><ip>192.0.2.1</ip><ip>192.0.2.2</ip><none/>
            <deep><ns:leaf xmlns:ns="urn:x"><![CDATA[<raw>]]></ns:leaf></deep></event>
            """)
        #expect(found["event{@kind}"] == "login")
        #expect(found["event.user"] == "ann & bob")
        #expect(found["event.user{@id}"] == "7")
        #expect(found["event.ip"] == "192.0.2.1\n192.0.2.2")
        #expect(found["event.none"] == nil)
        #expect(found["event.deep.leaf"] == "<raw>")
    }

    @Test func xmlThatIsNoneGivesNothing() throws {
        let deep = String(repeating: "<a>", count: 100_000)
        let wide = "<r>" + (0..<3_000).map { "<n\($0)>x</n\($0)>" }.joined() + "</r>"
        for text in ["plain a=1", "Nov 23 host <a>1</a>", "<a><b>1</a>", "<a", "", deep] {
            let names = Set(try fields("xml", text).keys)
            #expect(names.isDisjoint(with: ["a", "a.b", "b"]), "\(text.prefix(20))")
        }
        #expect(try fields("xml", wide)["r.n2999"] == "x")
    }

    @Test func earlierFieldsStayAloneUnderXML() throws {
        let fixture = AddonFixture(
            props: "[st]\nKV_MODE = xml\nREPORT-a = a", transforms: "[a]\nREGEX = <b>(\\w)\nFORMAT = a.b::$1")
        let found = try fixture.fields("<a><b>1</b><b>2</b><c>3</c><c>4</c></a>")
        #expect(found["a.b"] == "1")
        #expect(found["a.c"] == "3\n4")
    }

    @Test func tablesGiveTheirColumns() throws {
        let found = try fields("multi", "PID USER COMMAND\n1 root init\n22 ann bash\n")
        #expect(found["PID"] == "1\n22")
        #expect(found["USER"] == "root\nann")
        #expect(try fields("multi", "user=alice user=bob")["user"] == nil)
    }

    @Test func unmatchedGroupsCountAsEmptyBesideOthers() throws {
        let fixture = AddonFixture(
            props: "[st]\nKV_MODE = none\nREPORT-a = a",
            transforms: """
                [a]
                REGEX = ^(\\w+)(?:-(\\d+))?(?:=(\\w+))?
                FORMAT = both::$1$2 alone::$2 text::n$2 third::$2$3 $1::$3
                """)
        let found = try fixture.fields("ab")
        #expect(found["both"] == "ab")
        #expect(found["alone"] == nil)
        #expect(found["text"] == "n")
        #expect(found["third"] == nil)
        #expect(found["ab"] == nil)
        #expect(try fixture.fields("ab-1=c")["third"] == "1c")
        #expect(try fixture.fields("ab=c")["ab"] == "c")
    }

    @Test func groupsThatAreNotThereAreNamed() {
        for format in ["a::$2", "a::$0", "$3::$1"] {
            let fixture = AddonFixture(
                props: "[st]\nREPORT-a = a", transforms: "[a]\nREGEX = (\\w+)\nFORMAT = \(format)")
            #expect(fixture.addons.problems.map(\.code) == ["E452"], "\(format)")
        }
    }

    @Test func extractionsSpanLinesAndTransformsDoNot() throws {
        let fixture = AddonFixture(
            props: "[st]\nKV_MODE = none\nEXTRACT-a = ^b(?<a>.+)$\nREPORT-c = c",
            transforms: "[c]\nREGEX = ^(.+)$\nFORMAT = c::$1")
        let found = try fixture.fields("x\nby\nz")
        #expect(found["a"] == "y\nz")
        #expect(found["c"] == nil)
    }

    @Test func onlyWhatTheTextMayGiveIsRead() throws {
        // Nothing to see from outside but the fields themselves: the default fields need no reading.
        let batch = try AddonFixture(props: "[st]\nKV_MODE = xml")
            .decode(["<a><sourcetype>x</sourcetype></a>"], needed: FieldSet(names: ["sourcetype", "host"]))
        #expect(batch.names == ["_time", "host", "sourcetype"])
        #expect(batch["sourcetype", 0] == .text("st"))
    }
}
