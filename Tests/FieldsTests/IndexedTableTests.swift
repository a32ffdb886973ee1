import Columns
import Fields
import Testing

/// INDEXED_EXTRACTIONS: rows with the header that they came under, and JSON.
@Suite struct IndexedTableTests {
    private func decode(
        _ props: String, header: String?, _ rows: [String], needed: FieldSet = .all
    ) throws -> Batch {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = none\n\(props)")
        #expect(fixture.addons.problems == [])
        let origin = AddonFixture.origin("st")
        var events = AddonFixture.events(rows, origin: origin)
        if let header {
            events.headers = [Text(header)]
            events.headerOfEvent = rows.map { _ in 1 }
        }
        return try fixture.decoder(needed, origin: origin).decode(events, rows: Array(rows.indices))
    }

    private func fields(_ props: String, header: String?, _ row: String, needed: FieldSet = .all) throws
        -> [String: String]
    {
        AddonFixture.row(try decode(props, header: header, [row], needed: needed), 0)
    }

    @Test func columnsAreNamedByTheHeader() throws {
        let found = try fields(
            "INDEXED_EXTRACTIONS = csv", header: "ts,user,\"full name\",cs(User-Agent),,host,same,same",
            #"2025-11-23T08:20:00Z,ann,"a, ""b""",curl,x,h9,1,2"#)
        #expect(found["user"] == "ann")
        #expect(found["full_name"] == #"a, "b""#)
        #expect(found["cs_User_Agent_"] == "curl")
        #expect(found["extracted_host"] == "h9")
        #expect(found["host"] == "web1")
        #expect(found["same"] == "1\n2")
        #expect(found["_time"] == "1763886000")
        #expect(!found.values.contains("x"))
    }

    @Test func emptyAndSurplusValues() throws {
        let csv = "INDEXED_EXTRACTIONS = CSV\nMISSING_VALUE_REGEX = ^-$"
        let found = try fields(csv, header: "a,b,c", "1,,-,more")
        #expect(found["a"] == "1")
        #expect(found["b"] == nil)
        #expect(found["c"] == nil)
        #expect(found["EXTRA_FIELD_4"] == "more")
        let few = try fields(csv, header: "a,b,c", "1")
        #expect(few["a"] == "1" && few["b"] == nil)
    }

    @Test func formsHaveTheirDelimiters() throws {
        #expect(try fields("INDEXED_EXTRACTIONS = tsv", header: "a\tb", "1 2\t3")["b"] == "3")
        #expect(try fields("INDEXED_EXTRACTIONS = psv", header: "a|b", "1,2|3")["b"] == "3")
        let w3c = try fields(
            "INDEXED_EXTRACTIONS = w3c", header: "date time c-ip cs(User-Agent)",
            "2025-11-23 08:20:00  192.0.2.1 Mozilla/5.0+(X11)")
        #expect(w3c["c_ip"] == "192.0.2.1")
        #expect(w3c["cs_User_Agent_"] == "Mozilla/5.0+(X11)")
        #expect(w3c["_time"] == "1763886000")
        let own = "INDEXED_EXTRACTIONS = csv\nFIELD_DELIMITER = \\x3b\nFIELD_QUOTE = '\nHEADER_FIELD_DELIMITER = |"
        #expect(try fields(own, header: "a|b", "'1;2';3")["a"] == "1;2")
        #expect(try fields("INDEXED_EXTRACTIONS = csv\nFIELD_QUOTE = none", header: "a,b", "\"1,2")["a"] == "\"1")
    }

    @Test func namesMayBeGiven() throws {
        let given = "INDEXED_EXTRACTIONS = csv\nFIELD_NAMES = ts, user, \"my status\""
        let found = try fields(given, header: nil, "x,ann,200")
        #expect(found["user"] == "ann")
        #expect(found["my_status"] == "200")
        let none = try fields("INDEXED_EXTRACTIONS = csv", header: nil, "x,ann,200")
        #expect(none["user"] == nil)
        let accepted = "INDEXED_EXTRACTIONS = csv\nHEADER_FIELD_ACCEPTABLE_SPECIAL_CHARACTERS = .-"
        #expect(try fields(accepted, header: "a.b,c-d,e f", "1,2,3")["a.b"] == "1")
    }

    @Test func timesMayStandInColumns() throws {
        let props = "INDEXED_EXTRACTIONS = csv\nTIMESTAMP_FIELDS = date, time\nTIME_FORMAT = %Y-%m-%d %H:%M:%S"
        let header = "seen,date,user,time"
        let rows = ["2001-01-01,2025-11-23,ann,08:20:00", "2001-01-01,,bob,08:20:00"]
        let batch = try decode(props, header: header, rows)
        #expect(batch["_time", 0] == .number(1_763_886_000))
        #expect(batch["date_hour", 0] == .text("8"))
        #expect(batch["_time", 1] == .null)
        // A table without these columns has its time where any text has it.
        #expect(
            try fields(
                props.replacing("TIME_FORMAT = %Y-%m-%d %H:%M:%S", with: ""), header: "a,b",
                "2025-11-23T08:20:00Z,x")["_time"] == "1763886000")
        let json = "INDEXED_EXTRACTIONS = json\nTIMESTAMP_FIELDS = a.at"
        #expect(
            try fields(json, header: nil, #"{"x":"2001-01-01T00:00:00Z","a":{"at":"2025-11-23T08:20:00Z"}}"#)["_time"]
                == "1763886000")
        #expect(try fields(json, header: nil, #"{"x":"2001-01-01T00:00:00Z"}"#)["_time"] == nil)
    }

    @Test func jsonIsReadOnce() throws {
        let text = #"{"a":"1","l":["x","y"],"o":[{"p":"q"}]}"#
        for mode in ["", "\nKV_MODE = json", "\nKV_MODE = auto"] {
            let found = try fields("INDEXED_EXTRACTIONS = JSON\(mode)", header: nil, text)
            #expect(found["a"] == "1", "\(mode)")
            #expect(found["l{}"] == "x\ny", "\(mode)")
        }
        let trimmed = "INDEXED_EXTRACTIONS = json\nJSON_TRIM_BRACES_IN_ARRAY_NAMES = true"
        let found = try fields(trimmed, header: nil, text, needed: FieldSet(names: ["l", "o.p", "l{}"]))
        #expect(found["l"] == "x\ny")
        #expect(found["o.p"] == "q")
        #expect(found["l{}"] == nil)
    }

    @Test func indexedFieldsComeBeforeAllOthers() throws {
        let props =
            "INDEXED_EXTRACTIONS = csv\nEXTRACT-a = (?<a>\\w+)$\nEXTRACT-b = ^(?<first>.) in a\nFIELDALIAS-c = a AS c"
        let found = try fields(props, header: "a,b", "one,two")
        #expect(found["a"] == "one")
        #expect(found["first"] == "o")
        #expect(found["c"] == "one")
    }

    @Test func onlyWantedColumnsAreLookedAt() throws {
        let wide = (0..<5_000).map { "c\($0)" }.joined(separator: ",")
        let row = (0..<5_000).map { "v\($0)" }.joined(separator: ",")
        let some = try fields("INDEXED_EXTRACTIONS = csv", header: wide, row, needed: FieldSet(names: ["c7", "c4999"]))
        #expect(some["c7"] == "v7")
        // Beyond 4,096 columns nothing is read.
        #expect(some["c4999"] == nil)
        let isPlain = EventDecoder.plainFields(
            AddonFixture(props: "[st]\nKV_MODE = none\nINDEXED_EXTRACTIONS = csv").addons, AddonFixture.origin("st"))
        #expect(isPlain("c7"))
    }

    @Test func brokenRowsGiveWhatTheyHold() throws {
        let csv = "INDEXED_EXTRACTIONS = csv"
        #expect(try fields(csv, header: "a,b", "\"never closed,1")["a"] == "never closed,1")
        #expect(try fields(csv, header: "a,b", "\"closed\" but,1")["b"] == "1")
        #expect(try fields(csv, header: "", "1,2")["EXTRA_FIELD_1"] == nil)
        #expect(try fields(csv, header: ",,,", "9,2").values.contains("9") == false)
    }

    @Test func linesOfAFileHaveRoles() throws {
        func roles(_ props: String, _ lines: [String]) throws -> [TableLineRole] {
            let addons = AddonFixture(props: "[st]\n\(props)").addons
            let rules = try #require(addons.tableReading(of: AddonFixture.origin("st")))
            var hasHeader = false
            return lines.enumerated().map { number, line in
                let role = ByteBuffer(Array(line.utf8)).withRole(rules, number + 1, hasHeader)
                if case .header = role { hasHeader = true }
                return role
            }
        }
        #expect(
            try roles("INDEXED_EXTRACTIONS = csv", ["# made by x", "a,b", "#1,2"]) == [
                .passedOver, .header(start: 0), .row,
            ])
        #expect(
            try roles("INDEXED_EXTRACTIONS = csv\nPREAMBLE_REGEX = ^;", ["; x", "a,b", "; y"]) == [
                .passedOver, .header(start: 0), .row,
            ])
        #expect(
            try roles("INDEXED_EXTRACTIONS = csv\nHEADER_FIELD_LINE_NUMBER = 2", ["Report", "a,b", "1,2"]) == [
                .passedOver, .header(start: 0), .row,
            ])
        #expect(try roles("INDEXED_EXTRACTIONS = csv\nFIELD_NAMES = a, b", ["1,2", "3,4"]) == [.row, .row])
        #expect(
            try roles("INDEXED_EXTRACTIONS = w3c", ["#Software: IIS", "#Fields: a b", "1 2", "#Date: x", "#Fields: b"])
                == [.passedOver, .header(start: 9), .row, .passedOver, .header(start: 9)])
        #expect(
            try roles("INDEXED_EXTRACTIONS = tsv\nFIELD_HEADER_REGEX = ^#fields\\s", ["#fields\ta", "1", "#close"]) == [
                .header(start: 8), .row, .row,
            ])
    }

    @Test func badSettingsAreNamed() {
        for setting in [
            "FIELD_DELIMITER = ab", "FIELD_QUOTE = xyz", "HEADER_FIELD_LINE_NUMBER = two", "PREAMBLE_REGEX = (",
            "MISSING_VALUE_REGEX = [", "FIELD_DELIMITER = \\xzz",
        ] {
            let problems = AddonFixture(props: "[st]\nINDEXED_EXTRACTIONS = csv\n\(setting)").addons.problems
            #expect(problems.count == 1 && ["E452", "E453"].contains(problems[0].code), "\(setting): \(problems)")
        }
    }
}

extension ByteBuffer {
    fileprivate func withRole(_ rules: TableReadingRules, _ number: Int, _ hasHeader: Bool) -> TableLineRole {
        rules.role(of: bytes, number: number, hasHeader: hasHeader)
    }
}
