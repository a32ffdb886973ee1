import Columns
import Fields
import Formats
import Search
import Testing

@Suite struct DefaultFieldTests {
    private let rules = "[st]\nKV_MODE = json\nTIME_PREFIX = \"t\"\\s*:\\s*\"\nTIME_FORMAT = %Y-%m-%dT%H:%M:%S%z\n"

    @Test func datesStandAsTheTextHasThem() throws {
        let fields = try AddonFixture(props: rules).fields(#"{"t":"2026-03-01T23:05:09+05:30"}"#)
        #expect(fields["date_hour"] == "23")
        #expect(fields["date_minute"] == "5")
        #expect(fields["date_second"] == "9")
        #expect(fields["date_mday"] == "1")
        #expect(fields["date_month"] == "march")
        #expect(fields["date_year"] == "2026")
        #expect(fields["date_wday"] == "sunday")
        #expect(fields["date_zone"] == "330")
        #expect(fields["timestartpos"] == "6")
        #expect(fields["timeendpos"] == "31")
        #expect(fields["_time"] == "1772386509")
        #expect(fields["timestamp"] == nil)
    }

    @Test func aTimestampWithoutZoneIsLocal() throws {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = none\nTIME_FORMAT = %Y-%m-%d %H:%M:%S\n")
        let origin = AddonFixture.origin("st")
        let decoder = try EventDecoder(
            addons: fixture.addons, origin: origin, needed: .all, zone: .fixed(offsetSeconds: 3_600, name: "CET"),
            search: .init(nowMicroseconds: 0))
        let batch = try decoder.decode(AddonFixture.events(["2026-03-01 10:00:00 x"], origin: origin), rows: [0])
        let fields = AddonFixture.row(batch, 0)
        #expect(fields["date_zone"] == "local")
        #expect(fields["date_hour"] == "10")
        #expect(fields["_time"] == "1772355600")
    }

    @Test func theSourcetypesZoneComesBeforeTheReaders() throws {
        var fixture = AddonFixture(props: "[st]\nKV_MODE = none\nTZ = Test/Zone\nTIME_FORMAT = %Y-%m-%d %H:%M:%S\n")
        #expect(fixture.addons.problems.map(\.code) == ["E455"])
        #expect(fixture.addons.zoneNames == ["Test/Zone"])
        fixture.addons.addZone(.fixed(offsetSeconds: -3_600, name: "Test/Zone"), name: "Test/Zone")
        #expect(fixture.addons.problems == [])
        #expect(try fixture.fields("2026-03-01 10:00:00")["_time"] == "1772362800")
    }

    @Test func withoutATimestampThereIsNoDate() throws {
        let fields = try AddonFixture(props: rules).fields(#"{"x":"1"}"#)
        #expect(fields["date_hour"] == nil)
        #expect(fields["_time"] == nil)
        #expect(fields["timestamp"] == "none")
    }

    @Test func theEnvelopesTimeWinsAndTheTextKeepsItsDate() throws {
        let fixture = AddonFixture(props: rules)
        let origin = AddonFixture.origin("st")
        let events = AddonFixture.events(
            [#"{"t":"2026-03-01T23:05:09Z"}"#, "no time"], origin: origin, times: [1_500_000, nil])
        let decoder = try fixture.decoder(origin: origin)
        let batch = try decoder.decode(events, rows: [0, 1])
        #expect(batch["_time", 0] == .number(1.5))
        #expect(batch["date_hour", 0] == .text("23"))
        #expect(batch["_time", 1] == .null)
        #expect(decoder.times(events, rows: [1, 0]) == [nil, 1_500_000])
    }

    @Test func aRawFieldOfThatNameStays() throws {
        let fields = try AddonFixture(props: rules).fields(
            #"{"t":"2026-03-01T23:05:09Z","date_hour":"mine","timestamp":"x"}"#)
        #expect(fields["date_hour"] == "mine")
        #expect(fields["timestamp"] == "x")
    }

    @Test func theLookaheadBoundsTheSearch() throws {
        let near = AddonFixture(
            props: "[st]\nKV_MODE = none\nMAX_TIMESTAMP_LOOKAHEAD = 10\nTIME_FORMAT = %H:%M %d/%m/%Y")
        #expect(try near.fields("xxxxxxxxxx 10:00 01/03/2026")["_time"] == nil)
        let far = AddonFixture(
            props: "[st]\nKV_MODE = none\nMAX_TIMESTAMP_LOOKAHEAD = 40\nTIME_FORMAT = %H:%M %d/%m/%Y")
        #expect(try far.fields("xxxxxxxxxx 10:00 01/03/2026")["_time"] == "1772359200")
    }

    @Test func withoutRulesATimestampIsRecognised() throws {
        let fields = try AddonFixture().fields("host1 2026-03-01T23:05:09Z something")
        #expect(fields["_time"] == "1772406309")
        #expect(fields["date_hour"] == "23")
    }

    @Test func punctIsTheFirstLinesPunctuation() throws {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = none")
        #expect(try fixture.fields("a, b:\tc_d\u{e9}\nx!")["punct"] == ",_:t_")
        #expect(try fixture.fields(String(repeating: "-a", count: 80))["punct"] == String(repeating: "-", count: 50))
        let silent = AddonFixture(props: "[st]\nKV_MODE = none\nANNOTATE_PUNCT = false")
        #expect(try silent.fields("a-b")["punct"] == nil)
    }

    @Test func linesAreCounted() throws {
        let fixture = AddonFixture(props: "[st]\nKV_MODE = none")
        #expect(try fixture.fields("a")["linecount"] == "1")
        #expect(try fixture.fields("a\nb\nc")["linecount"] == "3")
    }

    @Test func originFieldsComeFromTheReader() throws {
        let fields = try AddonFixture(props: "[st]\nKV_MODE = json").fields(#"{"host":"raw","source":"raw"}"#)
        #expect(fields["host"] == "web1")
        #expect(fields["source"] == "test.log")
        #expect(fields["sourcetype"] == "st")
        #expect(fields["index"] == "main")
    }

    @Test func envelopeFieldsComeFirst() throws {
        let origin = AddonFixture.origin("st")
        var events = AddonFixture.events([#"{"a":"raw","b":"raw"}"#, #"{"a":"raw"}"#], origin: origin)
        events.envelopeFields = [0: [("a", .text("given")), ("c", .text("1")), ("c", .text("2"))]]
        let batch = try AddonFixture(props: "[st]\nKV_MODE = json").decoder(origin: origin).decode(
            events, rows: [0, 1])
        #expect(batch["a", 0] == .text("given"))
        #expect(batch["a", 1] == .text("raw"))
        #expect(batch["b", 0] == .text("raw"))
        #expect(batch["c", 0] == .list([.text("1"), .text("2")]))
    }
}
