import Columns
import Fields
import Formats
import SPL
import Search
import Testing

@Suite struct EventTypeTests {
    private func row(
        _ eventtypes: String, tags: String = "", macros: [String] = [], event: String = #"{"x":"1","y":"2"}"#,
        needed: FieldSet = FieldSet(names: ["eventtype", "tag", "tag::x", "tag::eventtype"])
    ) throws -> [String: String] {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = json", eventtypes: eventtypes, tags: tags)
        let origin = AddonFixture.origin("st")
        let definitions = try macros.map { try MacroDefinition.parse($0) }
        let decoder = try EventDecoder(
            addons: fixture.addons, origin: origin, needed: needed, zone: .utc,
            search: SearchEnvironment(macros: MacroTable(definitions), nowMicroseconds: 1_767_225_600_000_000))
        #expect(decoder.problems == [])
        return AddonFixture.row(try decoder.decode(AddonFixture.events([event], origin: origin), rows: [0]), 0)
    }

    @Test func searchesNameOtherEventTypes() throws {
        let found = try row(
            """
            [base]
            search = x=1
            [both]
            search = eventtype=base y=2
            [neither]
            search = sourcetype=st NOT eventtype=base
            [listed]
            search = eventtype IN (gone, bas*)
            [other]
            search = eventtype!=base
            """)
        #expect(found["eventtype"] == "base\nboth\nlisted")
    }

    @Test func searchesNameTags() throws {
        let found = try row(
            """
            [web]
            search = x=1
            [tagged]
            search = tag=frontend
            [byvalue]
            search = tag=odd y=2
            [field]
            search = tag::x=odd
            [otherfield]
            search = tag::y=odd
            [nothing]
            search = tag=unknown
            [not]
            search = NOT tag=unknown
            """, tags: "[eventtype=web]\nfrontend = enabled\n[x=1]\nodd = enabled")
        #expect(found["eventtype"] == "byvalue\nfield\nnot\ntagged\nweb")
    }

    @Test func tagsAndEventTypesInACircleAreRefused() {
        let fixture = AddonFixture(
            eventtypes: "[a]\nsearch = tag=loop\n[b]\nsearch = x=1", tags: "[eventtype=a]\nloop = enabled")
        #expect(fixture.addons.problems.map(\.code) == ["E456"])
    }

    @Test func macrosStandInSearches() throws {
        let types = "[m]\nsearch = `mine(1)` `yours`"
        #expect(try row(types, macros: ["mine(v)=x=$v$", "yours=y=2"])["eventtype"] == "m")
        #expect(try row(types, macros: ["mine(v)=x=$v$", "yours=y=3"])["eventtype"] == nil)
    }

    @Test func otherMacrosMakeOtherEventTypes() throws {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = json", eventtypes: "[m]\nsearch = `mine`")
        let origin = AddonFixture.origin("st")
        for (text, holds) in [("mine=x=1", true), ("mine=x=2", false), ("mine=x=1", true)] {
            let decoder = try EventDecoder(
                addons: fixture.addons, origin: origin, needed: FieldSet(names: ["eventtype"]), zone: .utc,
                search: SearchEnvironment(macros: MacroTable([try MacroDefinition.parse(text)]), nowMicroseconds: 0))
            let batch = try decoder.decode(AddonFixture.events([#"{"x":"1"}"#], origin: origin), rows: [0])
            #expect((batch["eventtype", 0] == .text("m")) == holds, "\(text)")
        }
    }

    @Test func anEventTypeMayNameItsTags() throws {
        let found = try row(
            "[a]\nsearch = x=1\ntags = one two, three\n[b]\nsearch = tag=two", tags: "[eventtype=a]\nfour = enabled")
        #expect(found["tag"] == "four\none\nthree\ntwo")
        #expect(found["tag::eventtype"] == "four\none\nthree\ntwo")
        #expect(found["eventtype"] == "a\nb")
    }

    @Test func disabledOnesAreNotThere() throws {
        let found = try row(
            "[a]\nsearch = x=1\ndisabled = 1\n[b]\nsearch = eventtype=a\n[c]\nsearch = x=1\ndisabled = false",
            tags: "[x=1]\nyes = enabled\nno = disabled")
        #expect(found["eventtype"] == "c")
        #expect(found["tag"] == "yes")
    }

    @Test func tagsAreOfExactValuesPercentDecoded() throws {
        let tags = "[x=a%20b%3Dc]\nspaced = enabled\n[x=*]\nstar = enabled\n[x%20y=1]\nnamed = enabled"
        #expect(try row("", tags: tags, event: #"{"x":"a b=c"}"#)["tag::x"] == "spaced")
        #expect(try row("", tags: tags, event: #"{"x":"z"}"#)["tag"] == nil)
        #expect(try row("", tags: tags, event: #"{"x":"*"}"#)["tag"] == "star")
        #expect(try row("", tags: tags, event: #"{"x y":"1"}"#)["tag"] == "named")
    }

    @Test func priorityOrdersAndLayersMerge() throws {
        var addons = AddonSet()
        addons.addLayer(
            app: "a",
            confFiles: [
                ("eventtypes.conf", .default, Array("[a]\nsearch = never=1\npriority = 5\n[b]\nsearch = *".utf8)),
                ("eventtypes.conf", .local, Array("[a]\nsearch = *".utf8)),
                ("tags.conf", .default, Array("[eventtype=b]\nt = enabled\nu = enabled".utf8)),
                ("tags.conf", .local, Array("[eventtype=b]\nt = disabled".utf8)),
            ], lookups: [])
        let fields = try AddonFixture(addons: addons).fields("x")
        #expect(fields["eventtype"] == "b\na")
        #expect(fields["tag"] == "u")
    }

    @Test(.timeLimit(.minutes(1))) func tagsOfManyValuesAreBounded() {
        let tags = (0..<5_000).map { "[x=\($0)]\nmany = enabled\n" }.joined()
        let fixture = AddonFixture(eventtypes: "[a]\nsearch = tag=many\n[b]\nsearch = x=1", tags: tags)
        #expect(fixture.addons.problems.map(\.code) == ["E456"])
    }
}
