import Formats
import Testing

private let reference: Int64 = 1_795_429_000_000_000  // 2026-11-23

private func scan(_ text: String, lookahead: Int = 128) throws -> (String, String, Int?)? {
    let bytes = Array(text.utf8)
    let scanner = TimestampScanner(lookaheadBytes: lookahead)
    guard let found = scanner.firstTimestamp(in: bytes, zone: .utc, referenceMicroseconds: reference) else {
        return nil
    }
    let printed = try TimeFormat("%F %T.%6N").format(microseconds: found.microseconds, zone: .utc)
    return (
        String(decoding: printed, as: UTF8.self), String(decoding: bytes[found.range], as: UTF8.self),
        found.zoneOffsetMinutes
    )
}

struct TimestampScannerTests {
    @Test(
        arguments: [
            ("2026-11-23T10:11:12Z x", "2026-11-23 10:11:12.000000", "2026-11-23T10:11:12Z", 0),
            (
                "{\"t\":\"2026-11-23T10:11:12.345678901+01:30\"}", "2026-11-23 08:41:12.345678",
                "2026-11-23T10:11:12.345678901+01:30", 90
            ),
            (
                "at 2026-11-23 10:11:12,345 +0100 INFO", "2026-11-23 09:11:12.345000", "2026-11-23 10:11:12,345 +0100",
                60
            ),
            ("2026/11/23 10:11:12 item", "2026-11-23 10:11:12.000000", "2026/11/23 10:11:12", nil),
            ("2026-11-23 10:11:12 -10 degrees", "2026-11-23 10:11:12.000000", "2026-11-23 10:11:12", nil),
            ("<14>1 2024-02-22T12:33:50-05:00 HOST", "2024-02-22 17:33:50.000000", "2024-02-22T12:33:50-05:00", -300),
            ("20261123T101112Z", "2026-11-23 10:11:12.000000", "20261123T101112Z", 0),
            ("12/04/2020 09:24:11 AM\nLogName=System", "2020-12-04 09:24:11.000000", "12/04/2020 09:24:11 AM", nil),
            ("12/04/2020 12:24:11 am", "2020-12-04 00:24:11.000000", "12/04/2020 12:24:11 am", nil),
            ("23/11/2026 10:11:12", "2026-11-23 10:11:12.000000", "23/11/2026 10:11:12", nil),
            (
                "Audit:[timestamp=06-03-2022 17:33:05.868, user=x", "2022-06-03 17:33:05.868000",
                "06-03-2022 17:33:05.868", nil
            ),
            (
                "127.0.0.1 - admin [05/Oct/2022:14:45:10.810 +0000] \"GET", "2022-10-05 14:45:10.810000",
                "05/Oct/2022:14:45:10.810 +0000", 0
            ),
            ("Date: Mon, 23 Nov 2026 10:11:12 GMT", "2026-11-23 10:11:12.000000", "23 Nov 2026 10:11:12 GMT", 0),
            ("Nov 23 10:11:12 host sshd[1]:", "2026-11-23 10:11:12.000000", "Nov 23 10:11:12", nil),
            ("Dec  1 10:11:12 host", "2025-12-01 10:11:12.000000", "Dec  1 10:11:12", nil),
            ("Mon Nov 23 10:11:12 EST 2020", "2020-11-23 15:11:12.000000", "Nov 23 10:11:12 EST 2020", -300),
            ("Nov 23 2020 10:11:12.5: %ASA", "2020-11-23 10:11:12.500000", "Nov 23 2020 10:11:12.5", nil),
            ("Jan 16 03:48:22.200 CET: %SISF", "2026-01-16 02:48:22.200000", "Jan 16 03:48:22.200 CET", 60),
            ("type=X msg=audit(1604996384.965:93777)", "2020-11-10 08:19:44.965000", "1604996384.965", 0),
            ("{\"created_at\": 1621305118553}", "2021-05-18 02:31:58.553000", "1621305118553", 0),
            ("{\"at\": 1621305118553123}", "2021-05-18 02:31:58.553123", "1621305118553123", 0),
            ("2026-11-23T10:11:65Z", "2026-11-23 10:12:05.000000", "2026-11-23T10:11:65Z", 0),
            ("20261123T101165Z", "2026-11-23 10:12:05.000000", "20261123T101165Z", 0),
            ("1,2022/05/10 11:08:38,013201004583,THREAT", "2022-05-10 11:08:38.000000", "2022/05/10 11:08:38", nil),
            (
                "date=2024-08-06 time=12:00:01 devname=fw", "2024-08-06 12:00:01.000000",
                "2024-08-06 time=12:00:01", nil
            ),
            ("id=1604996384 time=2026-11-23 10:11:12", "2026-11-23 10:11:12.000000", "2026-11-23 10:11:12", nil),
        ] as [(String, String, String, Int?)])
    func formsOfLogsAreRecognised(_ sample: (text: String, time: String, range: String, zone: Int?)) throws {
        let found = try #require(try scan(sample.text))
        #expect(found.0 == sample.time && found.1 == sample.range && found.2 == sample.zone)
    }

    @Test(arguments: [
        "", "no time here", "2026-11-23", "version 1.2.3.4", "phone 0301234567", "2026-13-23 10:11:12", "10:11:12",
        "1604996384a", "12345678901234567890", "a1604996384", "hash 3799024366", "Nov 23", "Novel 23 10:11",
        "uuid 1604996384-aaaa", "1621305118553123456", "16213051185531", "2026-11-23T10:11:70Z",
    ])
    func textWithoutATimestampHasNone(_ text: String) throws {
        #expect(try scan(text) == nil)
    }

    @Test func lookaheadBounds() throws {
        let text = String(repeating: "x", count: 20) + " 2026-11-23 10:11:12"
        #expect(try scan(text, lookahead: 21) == nil)
        #expect(try scan(text, lookahead: 22) != nil)
    }

    @Test func withoutAReferenceAYearIsNeeded() {
        let bytes = Array("Nov 23 10:11:12 host".utf8)
        #expect(TimestampScanner().firstTimestamp(in: bytes, zone: .utc) == nil)
    }

    @Test func noBytesCrash() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("0123456789 :-+/.,TZNovAMPMEST[\u{0}ÿ".utf8)
        for _ in 0..<50_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            if let found = TimestampScanner().firstTimestamp(in: bytes, zone: .utc, referenceMicroseconds: reference) {
                #expect(found.range.upperBound <= bytes.count && !found.range.isEmpty)
            }
        }
    }
}
