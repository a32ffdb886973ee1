import Columns
import Fields
import Formats
import Testing

/// SEDCMD-, TRANSFORMS-, TRUNCATE, rename: what happens to events before they are searched.
@Suite struct IndexTimeTests {
    private struct Outcome {
        var texts: [String] = []
        var origins: [EventOrigin] = []
        var times: [Int64?] = []
        var fields: [[String]] = []
        var dropped = 0
    }

    private func index(
        _ props: String, _ texts: [String], source: String = "test.log", host: String = "web1"
    ) -> Outcome {
        index(props, "", texts, source: source, host: host)
    }

    private func index(
        _ props: String, _ transforms: String, _ texts: [String], sourcetype: String = "st",
        source: String = "test.log", host: String = "web1"
    ) -> Outcome {
        let fixture = AddonFixture(props: props, transforms: transforms)
        #expect(fixture.addons.problems == [])
        let events = AddonFixture.events(texts, origin: AddonFixture.origin(sourcetype, source: source, host: host))
        let (batch, dropped) = EventIndexing(fixture.addons, zone: .utc, nowMicroseconds: 0).indexed(events)
        var outcome = Outcome(dropped: dropped)
        for event in 0..<batch.count {
            outcome.texts.append(String(decoding: batch.text(of: event), as: UTF8.self))
            outcome.origins.append(batch.origin(of: event))
            outcome.times.append(batch.envelopeTime(of: event))
            outcome.fields.append((batch.envelopeFields[event] ?? []).map { "\($0.name)=\($0.value.printed ?? "")" })
        }
        return outcome
    }

    @Test func eventsWithoutRulesStayWhereTheyLie() {
        let events = AddonFixture.events(["a", "b"], origin: AddonFixture.origin("st"))
        let indexing = EventIndexing(
            AddonFixture(props: "[other]\nTRUNCATE = 1").addons, zone: .utc, nowMicroseconds: 0)
        let (batch, dropped) = indexing.indexed(events)
        #expect(batch.buffer === events.buffer && batch.ranges == events.ranges && dropped == 0)
    }

    @Test func sedScriptsRunInClassOrderOneAfterTheOther() {
        let outcome = index(
            "[st]\nSEDCMD-b = s/two/three/g\nSEDCMD-a = s/one/two/g s/x/y/\nSEDCMD-c = y/abc/ABC/\nSEDCMD-d = s/(\\w+)=(\\w+)/\\2=\\1/",
            ["one x x", "k=v cab", "nil"])
        #expect(outcome.texts == ["three y x", "v=k CAB", "nil"])
    }

    @Test func theTimeIsThatOfTheTextAsItCame() {
        let outcome = index(
            "[st]\nTIME_PREFIX = at=\nSEDCMD-a = s/at=\\S+ //", ["at=2025-11-23T08:20:00Z x", "2025-11-23T08:20:00Z y"])
        #expect(outcome.texts == ["x", "2025-11-23T08:20:00Z y"])
        #expect(outcome.times == [1_763_886_000_000_000, nil])
    }

    @Test func transformsChangeTheOrigin() {
        let outcome = index(
            "[st]\nTRANSFORMS-a = kind, who, where, place",
            """
            [kind]
            REGEX = ^%(\\w+)-
            DEST_KEY = MetaData:Sourcetype
            FORMAT = sourcetype::vendor:$1
            [who]
            REGEX = host=(\\S+)
            DEST_KEY = MetaData:Host
            FORMAT = host::$1
            [where]
            SOURCE_KEY = MetaData:Source
            REGEX = source::(.*)\\.log$
            DEST_KEY = MetaData:Source
            FORMAT = source::$1
            [place]
            REGEX = .
            DEST_KEY = _MetaData:Index
            FORMAT = security
            """, ["%ASA-6 host=fw1", "plain"])
        #expect(
            outcome.origins[0] == EventOrigin(sourcetype: "vendor:ASA", source: "test", host: "fw1", index: "security"))
        #expect(outcome.origins[1] == EventOrigin(sourcetype: "st", source: "test", host: "web1", index: "security"))
    }

    @Test func theRulesOfTheNewSourcetypeDoNotRunToo() {
        let outcome = index(
            "[st]\nTRANSFORMS-a = new\n[new]\nSEDCMD-a = s/x/y/\n[(?::){0}n*]\nTRUNCATE = 1",
            "[new]\nREGEX = x\nDEST_KEY = MetaData:Sourcetype\nFORMAT = sourcetype::new", ["xx"])
        #expect(outcome.texts == ["xx"])
        #expect(outcome.origins[0].sourcetype == "new")
    }

    @Test func queuesDropEventsAndBringThemBack() {
        let outcome = index(
            "[st]\nTRANSFORMS-a = drop, keep",
            """
            [drop]
            REGEX = .
            DEST_KEY = queue
            FORMAT = nullQueue
            [keep]
            REGEX = ERROR
            DEST_KEY = queue
            FORMAT = indexQueue
            """, ["INFO a", "ERROR b", "DEBUG c"])
        #expect(outcome.texts == ["ERROR b"])
        #expect(outcome.dropped == 2)
    }

    @Test func rawIsRewrittenAndChained() {
        let outcome = index(
            "[st]\nTRANSFORMS-a = one, two\nTRANSFORMS-b = fallback",
            """
            [one]
            REGEX = ^(\\w+) secret=(\\S+)
            DEST_KEY = _raw
            FORMAT = $1 secret=# [$0]
            [two]
            REGEX = secret=#
            DEST_KEY = _raw
            FORMAT = masked
            [fallback]
            REGEX = masked
            DEST_KEY = MetaData:Host
            FORMAT = host::masked
            DEFAULT_VALUE = host::open
            """, ["a secret=b", "no"])
        #expect(outcome.texts == ["masked", "no"])
        #expect(outcome.origins.map(\.host) == ["masked", "open"])
    }

    @Test func metaMakesIndexedFields() throws {
        let transforms = """
            [zone]
            REGEX = zone=(\\w+)
            WRITE_META = true
            FORMAT = zone::$1 kind::net
            [pairs]
            REGEX = (\\w)=(\\w+)
            FORMAT = $0 $1_x::$2
            DEST_KEY = _meta
            REPEAT_MATCH = true
            [named]
            REGEX = (?<letter>[xy])
            WRITE_META = true
            [later]
            SOURCE_KEY = field:zone
            REGEX = ^(.)
            WRITE_META = true
            """
        let props = "[st]\nKV_MODE = none\nTRANSFORMS-a = zone, pairs, named, later"
        let outcome = index(props, transforms, ["zone=dmz a=1 b=2 y", "none"])
        #expect(
            outcome.fields[0] == ["zone=dmz", "kind=net", "e_x=dmz", "a_x=1", "b_x=2", "letter=y", "later=d"])
        #expect(outcome.fields[1] == [])
        let fixture = AddonFixture(props: props, transforms: transforms)
        let origin = AddonFixture.origin("st")
        let events = EventIndexing(fixture.addons, zone: .utc, nowMicroseconds: 0)
            .indexed(AddonFixture.events(["zone=dmz"], origin: origin)).events
        let batch = try fixture.decoder(FieldSet(names: ["zone", "kind"]), origin: origin).decode(events, rows: [0])
        #expect(batch["zone", 0] == .text("dmz"))
        #expect(batch["kind", 0] == .text("net"))
    }

    @Test func patternsLookOnlySoFar() {
        let transforms = "[mark]\nREGEX = marker=(\\w+)\nDEST_KEY = _raw\nFORMAT = found=$1"
        let far = String(repeating: "x", count: 4_090) + " marker=deep"
        #expect(index("[st]\nTRANSFORMS-a = mark", transforms, [far, "marker=near"]).texts == [far, "found=near"])
        let near = index("[st]\nTRANSFORMS-a = mark", transforms + "\nLOOKAHEAD = 5", ["  marker=x"])
        #expect(near.texts == ["  marker=x"])
    }

    @Test func linesAreTruncatedByBytesBetweenCharacters() {
        #expect(index("[st]\nTRUNCATE = 4", ["abcdef", "abc", "aéé"]).texts == ["abcd", "abc", "aé"])
        #expect(index("[st]\nTRUNCATE = 0", ["abcdef"]).texts == ["abcdef"])
        let merged = "[st]\nTRUNCATE = 3\nSHOULD_LINEMERGE = true"
        #expect(index(merged, ["abcdef\nxy\n12345"]).texts == ["abc\nxy\n123"])
    }

    @Test func sourceBeatsHostBeatsSourcetype() {
        let props = """
            [st]
            SEDCMD-who = s/M/sourcetype/
            TRUNCATE = 9
            [host::web*]
            SEDCMD-who = s/M/host/
            [source::...test.log]
            SEDCMD-who = s/M/source/
            """
        #expect(index(props, ["M and the rest"]).texts == ["source and the"])
        #expect(index(props, ["M"], source: "other").texts == ["host"])
        #expect(index(props, ["M"], source: "other", host: "db").texts == ["sourcetype"])
        var addons = AddonSet()
        addons.addLayer(
            app: "a",
            confFiles: [
                ("props.conf", .default, Array("[st]\nSEDCMD-a = s/x/default/\nTRANSFORMS-t = gone".utf8)),
                ("props.conf", .local, Array("[st]\nSEDCMD-a = s/x/local/\nTRANSFORMS-t =".utf8)),
            ], lookups: [])
        #expect(addons.problems == [])
        let events = AddonFixture.events(["x"], origin: AddonFixture.origin("st"))
        let batch = EventIndexing(addons, zone: .utc, nowMicroseconds: 0).indexed(events).events
        #expect(batch.text(of: 0).elementsEqual("local".utf8))
    }

    @Test func renamedSourcetypesAreSearchedByTheNewName() throws {
        let fixture = AddonFixture(
            props: """
                [old]
                rename = new
                TIME_PREFIX = at=
                EVAL-a = "old"
                KV_MODE = none
                [new]
                TIME_PREFIX = never
                EVAL-a = "new"
                KV_MODE = json
                """, eventtypes: "[e]\nsearch = sourcetype=new")
        let fields = try fixture.decode(
            [#"{"x":"1","t":"at=2025-11-23T08:20:00Z"}"#],
            needed: FieldSet(names: ["a", "x", "sourcetype", "_sourcetype", "eventtype"]), sourcetype: "old")
        let row = AddonFixture.row(fields, 0)
        #expect(row["a"] == "new")
        #expect(row["x"] == "1")
        #expect(row["sourcetype"] == "new")
        #expect(row["_sourcetype"] == "old")
        #expect(row["eventtype"] == "e")
        #expect(row["_time"] == "1763886000")
        #expect(fixture.addons.searchOrigin(of: AddonFixture.origin("old")).sourcetype == "new")
    }

    @Test(.timeLimit(.minutes(1))) func explodingPatternsLeaveTheEvent() {
        let bomb = String(repeating: "a", count: 4_000) + "!"
        let outcome = index(
            "[st]\nSEDCMD-a = s/^(a+)+$/x/\nTRANSFORMS-a = t",
            "[t]\nREGEX = ^(a+)+$\nDEST_KEY = queue\nFORMAT = nullQueue", [bomb, "b"])
        #expect(outcome.texts == [bomb, "b"])
    }

    @Test func brokenRulesAreNamedAndLeftOut() {
        let fixture = AddonFixture(
            props: "[st]\nSEDCMD-a = s/(/x/\nSEDCMD-b = q/a/b/\nTRANSFORMS-a = gone, none, nothing, bad",
            transforms: """
                [none]
                DEST_KEY = queue
                FORMAT = nullQueue
                [nothing]
                REGEX = x
                [bad]
                REGEX = x
                WRITE_META = true
                FORMAT = nonsense
                """)
        #expect(fixture.addons.problems.map(\.code).sorted() == ["E452", "E452", "E452", "E452", "E453", "E455"])
        let events = AddonFixture.events(["x"], origin: AddonFixture.origin("st"))
        let outcome = EventIndexing(fixture.addons, zone: .utc, nowMicroseconds: 0).indexed(events)
        #expect(outcome.events.text(of: 0).elementsEqual("x".utf8))
    }
}
