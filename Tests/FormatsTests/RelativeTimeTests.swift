import Formats
import Testing

private func resolve(_ modifier: String, zone: TimeZoneRules = .utc, now: String = "2026-11-23 10:11:12") throws
    -> String
{
    let clock = try TimeFormat("%Y-%m-%d %H:%M:%S")
    let start = try #require(clock.parse(Array(now.utf8), zone: zone)).microseconds + 345_678
    let result = try RelativeTime.parse(modifier).resolve(now: start, zone: zone)
    return String(decoding: try TimeFormat("%F %T.%6N").format(microseconds: result, zone: zone), as: UTF8.self)
}

struct RelativeTimeTests {
    /// 2026-11-23 is a Monday.
    @Test(arguments: [
        ("now", "2026-11-23 10:11:12.345678"), ("now()", "2026-11-23 10:11:12.345678"),
        ("-70m@m", "2026-11-23 09:01:00.000000"),
        ("-24h@h", "2026-11-22 10:00:00.000000"), ("-7d@d", "2026-11-16 00:00:00.000000"),
        ("-1h", "2026-11-23 09:11:12.345678"),
        ("-h", "2026-11-23 09:11:12.345678"), ("+2day", "2026-11-25 10:11:12.345678"),
        ("-1d@d+3h", "2026-11-22 03:00:00.000000"),
        ("@d-2h", "2026-11-22 22:00:00.000000"), ("now-1d@d", "2026-11-22 00:00:00.000000"),
        ("@w", "2026-11-22 00:00:00.000000"),
        ("@w0", "2026-11-22 00:00:00.000000"), ("@w7", "2026-11-22 00:00:00.000000"),
        ("@w1", "2026-11-23 00:00:00.000000"),
        ("@w2", "2026-11-17 00:00:00.000000"), ("@week", "2026-11-22 00:00:00.000000"),
        ("-2w@w5", "2026-11-06 00:00:00.000000"),
        ("@mon", "2026-11-01 00:00:00.000000"), ("-9mon", "2026-02-23 10:11:12.345678"),
        ("@q", "2026-10-01 00:00:00.000000"),
        ("-1qtr@quarter", "2026-07-01 00:00:00.000000"), ("@y", "2026-01-01 00:00:00.000000"),
        ("-2yrs@year", "2024-01-01 00:00:00.000000"),
        ("@s", "2026-11-23 10:11:12.000000"), ("-500ms", "2026-11-23 10:11:11.845678"),
        ("@ds", "2026-11-23 10:11:12.300000"),
        ("-1us", "2026-11-23 10:11:12.345677"), ("+1cs@cs", "2026-11-23 10:11:12.350000"),
        ("-30secs", "2026-11-23 10:10:42.345678"),
        ("0", "1970-01-01 00:00:00.000000"), ("1700000000.5", "2023-11-14 22:13:20.500000"),
        ("2026-11-20T21:10:00Z", "2026-11-20 21:10:00.000000"),
        ("2026-11-20T21:10:00.25+01:00", "2026-11-20 20:10:00.250000"),
        ("2026-11-20 21:10:00", "2026-11-20 21:10:00.000000"), ("2026-11-20", "2026-11-20 00:00:00.000000"),
        ("11/20/2026:21:10:00", "2026-11-20 21:10:00.000000"), (" -1h ", "2026-11-23 09:11:12.345678"),
    ])
    func modifiersResolve(_ sample: (modifier: String, expected: String)) throws {
        #expect(try resolve(sample.modifier) == sample.expected)
    }

    @Test func monthsClampTheDay() throws {
        #expect(try resolve("-1mon", now: "2024-03-31 12:00:00") == "2024-02-29 12:00:00.345678")
        #expect(try resolve("+1y", now: "2024-02-29 12:00:00") == "2025-02-28 12:00:00.345678")
    }

    @Test func daysAndSnapsAreTheUsersDays() throws {
        let berlin = try TimeZoneRules(tzif: zoneFile(footer: "CET-1CEST,M3.5.0,M10.5.0/3"), name: "Europe/Berlin")
        #expect(try resolve("@d", zone: berlin, now: "2026-10-25 12:00:00") == "2026-10-25 00:00:00.000000")
        #expect(try resolve("-1d", zone: berlin, now: "2026-10-25 12:00:00") == "2026-10-24 12:00:00.345678")
        #expect(try resolve("-24h", zone: berlin, now: "2026-10-25 12:00:00") == "2026-10-24 13:00:00.345678")
        #expect(try resolve("-1d", zone: berlin, now: "2026-03-30 02:30:00") == "2026-03-29 03:30:00.345678")
        // Half past two comes twice; the second one snaps within its own hour.
        let second = try RelativeTime.parse("@h").resolve(now: 1_792_891_800_000_000, zone: berlin)
        #expect(second == 1_792_890_000_000_000)
    }

    @Test func absoluteTimesAreToldApart() throws {
        #expect(try RelativeTime.parse("2026-11-20").isAbsolute)
        #expect(try !RelativeTime.parse("@d").isAbsolute)
    }

    @Test(arguments: [
        "", "  ", "yesterday", "-5", "-5x", "@", "@z", "@w8", "-1d@", "-1d@d3h", "rt", "-rt-5m", "2026-02-30",
        "2026-11-20T25:00:00",
        "12:00", "1e9", "99999999999999", "-99999999999999999d", "-30000y", "now(", "--1d", "2026-11-20T21:10:00Zfoo",
        "é",
    ])
    func nonsenseIsRefused(_ text: String) {
        #expect(throws: TimeModifierError.self) { try RelativeTime.parse(text) }
    }

    @Test func hugeDistancesStayWithinTheCalendar() throws {
        let modifier = try RelativeTime.parse("-19999y-19999y@y-999999w+631107417600s-7304484d")
        #expect(modifier.resolve(now: .max, zone: .utc) >= -377_705_116_800_000_000)
        #expect(try RelativeTime.parse("+19999y").resolve(now: .min, zone: .utc) <= 253_402_300_799_999_999)
        #expect(
            try RelativeTime.parse("-631107417600000000us@us").resolve(now: .min, zone: .utc)
                == -377_705_116_800_000_000)
    }
}
