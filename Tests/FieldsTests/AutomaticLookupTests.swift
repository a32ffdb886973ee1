import Columns
import Fields
import Search
import Testing

@Suite struct AutomaticLookupTests {
    private func lookup(
        _ setting: String, definition: String = "", csv: String, event: String
    ) throws -> [String: String] {
        let fixture = AddonFixture(
            props: "[st]\nKV_MODE = json\nLOOKUP-t = \(setting)",
            transforms: "[table]\nfilename = t.csv\n\(definition)", lookups: ["t.csv": csv])
        #expect(fixture.addons.problems == [])
        return try fixture.fields(event)
    }

    @Test func outputOverwritesAndOutputnewDoesNot() throws {
        let csv = "k,a\n1,new\n"
        let event = #"{"k":"1","a":"old"}"#
        #expect(try lookup("table k OUTPUT a", csv: csv, event: event)["a"] == "new")
        #expect(try lookup("table k OUTPUTNEW a", csv: csv, event: event)["a"] == "old")
        #expect(try lookup("table k OUTPUT a", csv: csv, event: #"{"k":"2","a":"old"}"#)["a"] == "old")
    }

    @Test func outputnewLeavesEachFieldThatIsThere() throws {
        let fields = try lookup("table k OUTPUTNEW a b", csv: "k,a,b\n1,x,y\n", event: #"{"k":"1","a":"old"}"#)
        #expect(fields["a"] == "old")
        #expect(fields["b"] == "y")
    }

    @Test func rowsInTimeAreFound() throws {
        let definition = "time_field = since\ntime_format = %Y-%m-%d\nmax_offset_secs = 864000"
        let csv = "ip,since,owner\n192.0.2.1,2025-11-01,old\n192.0.2.1,2025-11-20,new\n"
        func owner(_ day: String) throws -> String? {
            try lookup(
                "table ip OUTPUT owner", definition: definition, csv: csv,
                event: #"{"at":"2025-11-\#(day)T08:00:00Z","ip":"192.0.2.1"}"#)["owner"]
        }
        #expect(try owner("23") == "new")
        #expect(try owner("05") == "old")
        #expect(try owner("15") == nil)
    }

    @Test(arguments: ["LOOKUP_t", "lookup-t", "lookup_t", "LOOKUPt"])
    func thePrefixHasManySpellings(name: String) throws {
        let fixture = AddonFixture(
            props: "[st]\nKV_MODE = json\n\(name) = t.csv k OUTPUT a", lookups: ["t.csv": "k,a\n1,x\n"])
        #expect(fixture.addons.problems == [])
        #expect(try fixture.fields(#"{"k":"1"}"#)["a"] == "x")
    }

    @Test func columnsAndFieldsMayBeNamedDifferently() throws {
        let fields = try lookup("table k AS key OUTPUT a AS \"the label\"", csv: "k,a\n1,x\n", event: #"{"key":"1"}"#)
        #expect(fields["the label"] == "x")
    }

    @Test func withoutOutputAllOtherColumnsComeBack() throws {
        let fields = try lookup("table k", csv: "k,a,b\n1,x,y\n", event: #"{"k":"1"}"#)
        #expect(fields["a"] == "x")
        #expect(fields["b"] == "y")
    }

    @Test func severalMatchesBecomeMultivalueInFileOrderUpToTheLimit() throws {
        let csv = "k,a\n1,x\n2,no\n1,y\n1,z\n"
        #expect(try lookup("table k OUTPUT a", csv: csv, event: #"{"k":"1"}"#)["a"] == "x\ny\nz")
        #expect(
            try lookup("table k OUTPUT a", definition: "max_matches = 2", csv: csv, event: #"{"k":"1"}"#)["a"] == "x\ny"
        )
    }

    @Test func defaultMatchFillsUpToMinMatches() throws {
        let options = "min_matches = 1\ndefault_match = none"
        #expect(
            try lookup("table k OUTPUT a", definition: options, csv: "k,a\n1,x\n", event: #"{"k":"9"}"#)["a"] == "none")
        #expect(
            try lookup("table k OUTPUT a", definition: options, csv: "k,a\n1,x\n", event: #"{"k":"1"}"#)["a"] == "x")
        #expect(
            try lookup("table k OUTPUT a", definition: options, csv: "k,a\n1,x\n", event: #"{"other":"1"}"#)["a"] == nil
        )
        #expect(
            try lookup("table k OUTPUT a", definition: "default_match = none", csv: "k,a\n1,x\n", event: #"{"k":"9"}"#)[
                "a"] == nil)
    }

    @Test func wildcardsStandInTheTable() throws {
        let csv = "k,a\n*.example.com,x\nwww.*,y\n"
        let options = "match_type = WILDCARD(k)"
        #expect(
            try lookup("table k OUTPUT a", definition: options, csv: csv, event: #"{"k":"www.example.com"}"#)["a"]
                == "x\ny")
        #expect(
            try lookup("table k OUTPUT a", definition: options, csv: csv, event: #"{"k":"ftp.example.org"}"#)["a"]
                == nil)
        // A star in the event is text.
        #expect(
            try lookup("table k OUTPUT a", definition: options, csv: "k,a\nabc,x\n", event: #"{"k":"a*"}"#)["a"] == nil)
    }

    @Test func networksContainAddresses() throws {
        let csv = "net,zone\n192.0.2.0/24,lab\n2001:db8::/32,six\n"
        let options = "match_type = CIDR(net)\nmax_matches = 1"
        func zone(_ address: String) throws -> String? {
            try lookup("table net AS ip OUTPUT zone", definition: options, csv: csv, event: #"{"ip":"\#(address)"}"#)[
                "zone"]
        }
        #expect(try zone("192.0.2.77") == "lab")
        #expect(try zone("2001:db8::1") == "six")
        #expect(try zone("198.51.100.1") == nil)
        #expect(try zone("AWS Internal") == nil)
    }

    @Test func caseCountsUnlessSaidOtherwise() throws {
        let csv = "k,a\nAbc,x\n"
        #expect(try lookup("table k OUTPUT a", csv: csv, event: #"{"k":"ABC"}"#)["a"] == nil)
        #expect(
            try lookup(
                "table k OUTPUT a", definition: "case_sensitive_match = false", csv: csv, event: #"{"k":"ABC"}"#)["a"]
                == "x")
        #expect(
            try lookup(
                "table k OUTPUT a", definition: "case_sensitive_match = false\nmatch_type = WILDCARD(k)",
                csv: "k,a\nAb*,x\n",
                event: #"{"k":"ABC"}"#)["a"] == "x")
    }

    @Test func allInputsMustMatchAndLaterLookupsSeeEarlierOnes() throws {
        let fixture = AddonFixture(
            props: "[st]\nKV_MODE = json\nLOOKUP-2 = b.csv x OUTPUT y\nLOOKUP-1 = a.csv k l OUTPUT x",
            lookups: ["a.csv": "k,l,x\n1,1,p\n1,2,q\n", "b.csv": "x,y\nq,found\n"])
        #expect(fixture.addons.problems == [])
        #expect(try fixture.fields(#"{"k":"1","l":"2"}"#)["y"] == "found")
        #expect(try fixture.fields(#"{"k":"1","l":"1"}"#)["y"] == nil)
    }

    @Test func eachValueOfAMultivalueFieldIsLookedUp() throws {
        #expect(
            try lookup("table k{} OUTPUT a", csv: "k{},a\n1,x\n2,y\n", event: #"{"k":["2","1","3"]}"#)["a"] == "y\nx")
    }

    @Test func blanksAroundCellsAndQuotesAreNotPartOfThem() throws {
        let fields = try lookup(
            "table k OUTPUT a b", csv: "\u{FEFF}k, a ,b\r\n1 ,\"x, y \" ,\r\n", event: #"{"k":"1","b":"old"}"#)
        #expect(fields["a"] == "x, y")
        // The row matched and its cell is empty: there is no value.
        #expect(fields["b"] == nil)
    }

    @Test func searchesSeeTheDefinitionsAndTablesOfAllLayers() throws {
        var addons = AddonSet()
        addons.addLayer(
            app: "shipped", rank: 1,
            confFiles: [("transforms.conf", .default, Array("[t]\nfilename = t.csv\nmatch_type = WILDCARD(k)\n".utf8))],
            lookups: [("t.csv", Array("k,v\na*,shipped\n".utf8))])
        addons.addLayer(
            app: "user", rank: 2,
            confFiles: [("transforms.conf", .default, Array("[t]\nmax_matches = 1\n[x]\ncollection = c\n".utf8))],
            lookups: [("t.csv", Array("k,v\nab*,user\n".utf8)), ("bare.csv", Array("k\n".utf8))])
        #expect(addons.problems == [])
        let lookups = addons.lookups
        #expect(lookups.names == ["bare.csv", "t", "t.csv", "ut_shannon_lookup", "x"])
        #expect(lookups["t"]?.matchTypes == ["k": .wildcard])
        #expect(lookups["t"]?.maximumMatches == 1)
        #expect(lookups.file("t.csv")?.csv.rows["v", 0] == .text("user"))
        #expect(lookups["x"]?.store == .collection("c", fields: []))
    }
}
