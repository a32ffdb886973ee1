import Formats
import Testing

private let newYork = try? TimeZoneRules(tzif: zoneFile(footer: "EST5EDT,M3.2.0,M11.1.0"), name: "America/New_York")

private func print(_ microseconds: Int64, _ format: String, zone: TimeZoneRules = .utc) throws -> String {
    String(decoding: try TimeFormat(format).format(microseconds: microseconds, zone: zone), as: UTF8.self)
}

private func read(
    _ text: String, _ format: String, zone: TimeZoneRules = .utc, reference: Int64? = nil
) throws -> ParsedTime? {
    try TimeFormat(format).parse(Array(text.utf8), zone: zone, referenceMicroseconds: reference)
}

struct TimeFormatTests {
    /// 2023-11-14T22:13:20.123456Z, a Tuesday.
    let moment: Int64 = 1_700_000_000_123_456

    @Test(arguments: [
        ("%a %A %b %B %h", "Tue Tuesday Nov November Nov"), ("%c", "Tue Nov 14 22:13:20 2023"),
        ("%+", "Tue Nov 14 22:13:20 UTC 2023"), ("%d|%e|%j", "14|14|318"), ("%F %T", "2023-11-14 22:13:20"),
        ("%D %R", "11/14/23 22:13"), ("%x %X", "11/14/2023 22:13:20"), ("%C %-d %-m %-H %-I", "20 14 11 22 10"),
        ("%H %I %k %l %p", "22 10 22 10 PM"),
        ("%N %1N %3N %6N %9N", "123456000 1 123 123456 123456000"), ("%Q %3Q %6Q %9Q", "123 123 123456 123456000"),
        ("%f", "123456"), ("%s", "1700000000"), ("%s.%3N", "1700000000.123"), ("%u %w", "2 2"),
        ("%U %V %W", "46 46 46"), ("%G %g %y %Y", "2023 23 23 2023"),
        ("%z %:z %::z %:::z %Ez %Z", "+0000 +00:00 +00:00:00 +00 0 UTC"),
        ("a%%b%nc%td é", "a%b\nc\td é"), ("", ""),
    ])
    func variablesPrint(_ sample: (format: String, expected: String)) throws {
        #expect(try print(moment, sample.format) == sample.expected)
    }

    @Test func paddingAndEdges() throws {
        #expect(
            try print(1_704_067_509_000_000, "%e|%k|%l|%I|%p|%j|%w|%u|%U|%W|%V|%G")
                == " 1| 0|12|12|AM|001|1|1|00|01|01|2024")
        #expect(try print(-1, "%F %T.%6N %s") == "1969-12-31 23:59:59.999999 -1")
        #expect(try print(-62_167_219_200_000_001, "%Y-%m-%d") == "-0001-12-31")
        #expect(try print(.max, "%Y") == "294247")
        #expect(try print(.min, "%Y") == "-290308")
    }

    @Test func zonesPrint() throws {
        let zone = try #require(newYork)
        #expect(try print(moment, "%F %T %z %:z %Z %Ez", zone: zone) == "2023-11-14 17:13:20 -0500 -05:00 EST -300")
        let kathmandu = TimeZoneRules.fixed(offsetSeconds: 20_700, name: "+0545")
        #expect(try print(moment, "%z %:::z %Ez", zone: kathmandu) == "+0545 +05 345")
    }

    @Test(
        arguments: [
            ("2023-11-14T22:13:20Z", "%Y-%m-%dT%H:%M:%SZ", 1_700_000_000_000_000),
            ("2023-11-14T22:13:20.123456789Z", "%Y-%m-%dT%H:%M:%S.%9QZ", 1_700_000_000_123_456),
            ("2023-11-14T22:13:20.1234567Z", "%Y-%m-%dT%H:%M:%S.%9QZ", 1_700_000_000_123_456),
            ("2023-11-14T22:13:20.123456Z", "%Y-%m-%dT%H:%M:%S.%3NZ", 1_700_000_000_123_456 / 1000 * 1000),
            ("2023-11-14 22:13:20.5", "%Y-%m-%d %H:%M:%S.%3N", 1_700_000_000_500_000),
            ("2023-11-14T23:13:20+0100", "%Y-%m-%dT%H:%M:%S%z", 1_700_000_000_000_000),
            ("2023-11-14T23:13:20+01:00", "%Y-%m-%dT%H:%M:%S%z", 1_700_000_000_000_000),
            ("2023-11-14T17:13:20-05", "%Y-%m-%dT%H:%M:%S%:z", 1_700_000_000_000_000),
            ("2023-11-14T22:13:20Z", "%FT%T%Z", 1_700_000_000_000_000),
            ("Tue Nov 14 17:13:20 EST 2023", "%a %b %d %H:%M:%S %Z %Y", 1_700_000_000_000_000),
            ("tuesday NOVEMBER 14 2023 10:13:20 pm", "%A %B %d %Y %I:%M:%S %p", 1_700_000_000_000_000),
            ("1/2/2023 12:05:09 AM", "%m/%d/%Y %I:%M:%S %p", 1_672_617_909_000_000),
            ("1/2/2023 12:05:09 PM", "%m/%d/%Y %I:%M:%S %p", 1_672_661_109_000_000),
            ("2023   11\t14", "%Y %m %d", 1_699_920_000_000_000), ("231114", "%y%m%d", 1_699_920_000_000_000),
            ("20231114221320123", "%Y%m%d%H%M%S%3N", 1_700_000_000_123_000),
            ("1700000000", "%s", 1_700_000_000_000_000),
            ("1700000000.25", "%s.%6N", 1_700_000_000_250_000), ("1700000000123", "%s%3N", 1_700_000_000_123_000),
            ("-1.5", "%s.%3N", -1_500_000), ("2023 318", "%Y %j", 1_699_920_000_000_000),
            ("2023-W46-2", "%G-W%V-%u", 1_699_920_000_000_000),
            ("14/Nov/2023:22:13:20 +0000", "%d/%b/%Y:%H:%M:%S %z", 1_700_000_000_000_000),
            ("Nov  3 2023", "%b %d %Y", 1_698_969_600_000_000), ("2023-11-14 330", "%F %Ez", 1_699_900_200_000_000),
            ("Tue Nov 14 2023 23:13:20 GMT+0100 (CET)", "%a %b %d %Y %H:%M:%S %Z", 1_700_000_000_000_000),
            ("2016-12-31 23:59:60", "%F %T", 1_483_228_800_000_000),
            ("Mon Aug 13 00:00:00 2018", "%a %B %d %H:%M:%S.%N %Y", 1_534_118_400_000_000),
            ("20 23 11 14", "%C %y %m %d", 1_699_920_000_000_000), ("7/3/2023 9:05:00", "%x %X", 1_688_375_100_000_000),
        ] as [(String, String, Int64)])
    func textIsRead(_ sample: (text: String, format: String, expected: Int64)) throws {
        #expect(try read(sample.text, sample.format)?.microseconds == sample.expected)
    }

    @Test(arguments: [
        ("2023-02-29", "%F"), ("2023-13-01", "%F"), ("2023-11-14 24:00:00", "%F %T"), ("2023-11-14 10:60:00", "%F %T"),
        ("22:13:20", "%T"), ("Nov 14", "%b %d"), ("2023", "%Y"), ("2023-11", "%Y-%m"), ("2023/11/14", "%F"), ("", "%F"),
        ("2023-11-14", "%F %T"), ("Foo 14 2023", "%b %d %Y"), ("2023-11-14 XYZ", "%F %Z"), ("2023-11-14 +1", "%F %z"),
        ("99999999999999", "%s"), ("2023 366", "%Y %j"), ("2023-W53-1", "%G-W%V-%u"), ("abc", "%s"),
    ])
    func textThatIsNoTimeIsRefused(_ sample: (text: String, format: String)) throws {
        #expect(try read(sample.text, sample.format) == nil)
    }

    @Test func partsAreKeptAsWritten() throws {
        let zone = try #require(newYork)
        let found = try #require(try read("2021-08-19T21:04:11Z rest", "%Y-%m-%dT%H:%M:%S%Z", zone: zone))
        #expect(
            found.civil
                == CivilDateTime(
                    date: try #require(CivilDate(year: 2021, month: 8, day: 19)), hour: 21, minute: 4, second: 11))
        #expect(found.zoneOffsetMinutes == 0 && !found.isEpoch && found.range == 0..<20)
        let local = try #require(try read("2021-08-19 21:04:11", "%F %T", zone: zone))
        #expect(local.zoneOffsetMinutes == nil && local.civil.hour == 21)
        #expect(local.microseconds == found.microseconds + 4 * 3_600_000_000)
        let epoch = try #require(try read("1700000000", "%s", zone: zone))
        #expect(epoch.isEpoch && epoch.zoneOffsetMinutes == 0 && epoch.civil.hour == 22)
    }

    @Test func zoneNamesOfTheSourcetypeGoFirst() throws {
        let israel = try TimeZoneRules(tzif: zoneFile(footer: "IST-2IDT,M3.4.4/26,M10.5.0"), name: "Asia/Jerusalem")
        #expect(try read("2023-01-01 00:00:00 IST", "%F %T %Z", zone: israel)?.zoneOffsetMinutes == 120)
        #expect(try read("2023-01-01 00:00:00 IST", "%F %T %Z")?.zoneOffsetMinutes == 330)
    }

    @Test func missingYearsComeFromTheReference() throws {
        func year(_ text: String, near reference: String) throws -> Int? {
            let now = try #require(try read(reference, "%F")).microseconds
            return try read(text, "%b %d %H:%M:%S", reference: now)?.civil.year
        }
        #expect(try year("Nov 23 10:11:12", near: "2026-11-23") == 2026)
        #expect(try year("Dec 31 23:59:59", near: "2026-01-01") == 2025)
        #expect(try year("Jan  1 00:00:01", near: "2026-12-31") == 2027)
        #expect(try year("Feb 29 00:00:00", near: "2026-03-10") == 2024)
        #expect(try year("Nov 23 10:11:12", near: "2026-02-01") == 2025)
        #expect(try year("Feb 30 10:11:12", near: "2026-02-01") == nil)
        let now = try #require(try read("2026-11-23", "%F")).microseconds
        #expect(try read("10:11:12", "%T", reference: now)?.microseconds == now + 36_672_000_000)
    }

    @Test func parsingStartsWhereItIsTold() throws {
        let bytes = Array("time=2023-11-14 22:13:20;".utf8)
        let format = try TimeFormat("%F %T")
        #expect(format.parse(bytes, from: 5, zone: .utc)?.range == 5..<24)
        #expect(format.parse(bytes, from: 4, zone: .utc) == nil)
        #expect(format.parse(bytes, from: 26, zone: .utc) == nil)
        #expect(format.parse(bytes, from: -1, zone: .utc) == nil)
    }

    @Test(arguments: [("%F %K", 3, "%K"), ("%", 0, "%"), ("a%é", 1, "%é"), ("%0N", 0, "%0"), ("%E", 0, "%E")])
    func unknownVariablesAreNamed(_ sample: (format: String, offset: Int, name: String)) throws {
        let error = try #require(throws: TimeFormatError.self) { try TimeFormat(sample.format) }
        #expect(error.offset == sample.offset && error.message.contains("'\(sample.name)'"))
    }

    @Test func whatIsPrintedIsReadBack() throws {
        let zone = try #require(newYork)
        for text in [
            "%Y-%m-%dT%H:%M:%S.%6N%z", "%s.%6N", "%c.%6N %:z", "%m/%d/%Y %I:%M:%S.%6N %p %Z", "%G-%V-%u %T.%f %Ez",
        ] {
            let format = try TimeFormat(text)
            for moment in stride(from: Int64(1), through: 4_000_000_000_000_000, by: 1_234_567_890_123) {
                let printed = format.format(microseconds: moment, zone: zone)
                #expect(format.parse(printed, zone: zone)?.microseconds == moment, "\(text) \(moment)")
            }
        }
    }

    @Test func noBytesCrash() throws {
        var generator = SystemRandomNumberGenerator()
        let formats = try ["%c", "%+", "%FT%T.%9Q%z", "%s%3N", "%G-%V-%u %U %W %j %Ez %p", "%b %d %Y %I %Z %:z"].map(
            TimeFormat.init)
        let alphabet = Array("0123456789 :-+/.TZNovTueAMPME\u{0}ÿ".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            for format in formats {
                if let found = format.parse(bytes, zone: .utc, referenceMicroseconds: 0) {
                    #expect(found.endIndex <= bytes.count)
                }
            }
        }
    }
}
