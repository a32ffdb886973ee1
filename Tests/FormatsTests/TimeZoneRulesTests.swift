import Formats
import Glibc
import Testing

/// The system's zone file; nil where the machine has no tz database.
func systemZone(_ name: String) throws -> TimeZoneRules? {
    guard let file = fopen("/usr/share/zoneinfo/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&bytes, 1, bytes.count, file)
    return try TimeZoneRules(tzif: Array(bytes.prefix(count)), name: name)
}

/// A version 2 file without transitions, whose footer holds all the rules.
func zoneFile(footer: String, version: Character = "2") -> [UInt8] {
    func block() -> [UInt8] {
        var bytes = Array("TZif\(version)".utf8) + [UInt8](repeating: 0, count: 15)
        for count in [0, 0, 0, 0, 1, 4] as [UInt8] { bytes += [0, 0, 0, count] }
        return bytes + [0, 0, 0, 0, 0, 0] + Array("STD\0".utf8)
    }
    return block() + block() + Array("\n\(footer)\n".utf8)
}

private func utc(_ text: String) throws -> Int64 {
    let format = try TimeFormat("%Y-%m-%d %H:%M:%S")
    return try #require(format.parse(Array(text.utf8), zone: .utc)).microseconds / 1_000_000
}

struct TimeZoneRulesTests {
    @Test func fixedZonesHaveOneOffset() {
        let zone = TimeZoneRules.fixed(offsetSeconds: 19_800, name: "IST")
        #expect(zone.offsetSeconds(atUTC: 0) == 19_800)
        #expect(zone.abbreviation(atUTC: 0) == "IST")
        #expect(zone.utcSeconds(fromLocal: 19_800) == 0)
        #expect(TimeZoneRules.utc.utcSeconds(fromLocal: -5) == -5)
    }

    @Test func footerRulesApply() throws {
        let zone = try TimeZoneRules(tzif: zoneFile(footer: "EST5EDT,M3.2.0,M11.1.0"), name: "test")
        #expect(zone.offsetSeconds(atUTC: try utc("2026-03-08 06:59:59")) == -18_000)
        #expect(zone.offsetSeconds(atUTC: try utc("2026-03-08 07:00:00")) == -14_400)
        #expect(zone.abbreviation(atUTC: try utc("2026-07-01 00:00:00")) == "EDT")
        #expect(zone.offsetSeconds(atUTC: try utc("2026-11-01 05:59:59")) == -14_400)
        #expect(zone.offsetSeconds(atUTC: try utc("2026-11-01 06:00:00")) == -18_000)
    }

    @Test func southernSummerSpansTheNewYear() throws {
        let zone = try TimeZoneRules(tzif: zoneFile(footer: "AEST-10AEDT,M10.1.0,M4.1.0/3"), name: "test")
        #expect(zone.abbreviation(atUTC: try utc("2026-01-01 00:00:00")) == "AEDT")
        #expect(zone.abbreviation(atUTC: try utc("2026-07-01 00:00:00")) == "AEST")
        #expect(zone.offsetSeconds(atUTC: try utc("2026-12-31 23:59:59")) == 39_600)
    }

    @Test func quotedNamesAndOddTimesAreRead() throws {
        let zone = try TimeZoneRules(tzif: zoneFile(footer: "<-02>2<-01>,M3.5.0/-1,M10.5.0/0"), name: "Nuuk")
        #expect(zone.offsetSeconds(atUTC: try utc("2026-03-29 00:59:59")) == -7200)
        #expect(zone.offsetSeconds(atUTC: try utc("2026-03-29 01:00:00")) == -3600)
        #expect(zone.abbreviation(atUTC: try utc("2026-07-01 00:00:00")) == "-01")
        let julian = try TimeZoneRules(tzif: zoneFile(footer: "AAA0BBB,J60/0,299"), name: "x")
        #expect(julian.offsetSeconds(atUTC: try utc("2024-03-01 00:00:00")) == 3600)
        #expect(julian.offsetSeconds(atUTC: try utc("2024-02-29 23:59:59")) == 0)
    }

    @Test func gapsGoForwardAndOverlapsTakeTheFirst() throws {
        let zone = try TimeZoneRules(tzif: zoneFile(footer: "CET-1CEST,M3.5.0,M10.5.0/3"), name: "Berlin")
        #expect(zone.utcSeconds(fromLocal: try utc("2026-03-29 02:30:00")) == (try utc("2026-03-29 01:30:00")))
        #expect(zone.utcSeconds(fromLocal: try utc("2026-03-29 03:00:00")) == (try utc("2026-03-29 01:00:00")))
        #expect(zone.utcSeconds(fromLocal: try utc("2026-10-25 02:30:00")) == (try utc("2026-10-25 00:30:00")))
        #expect(zone.utcSeconds(fromLocal: try utc("2026-10-25 03:00:00")) == (try utc("2026-10-25 02:00:00")))
    }

    @Test func systemZonesAgreeWithKnownOffsets() throws {
        guard let newYork = try systemZone("America/New_York"), let apia = try systemZone("Pacific/Apia"),
            let dublin = try systemZone("Europe/Dublin")
        else { return }
        #expect(newYork.offsetSeconds(atUTC: -3_000_000_000) == -17_762)
        #expect(newYork.offsetSeconds(atUTC: 1_700_000_000) == -18_000)
        #expect(newYork.offsetSeconds(atUTC: 4_118_000_000) == -14_400)
        #expect(newYork.abbreviation(atUTC: 1_690_000_000) == "EDT")
        // Samoa left out 30 December 2011.
        #expect(apia.offsetSeconds(atUTC: try utc("2011-12-30 09:59:59")) == -36_000)
        #expect(apia.offsetSeconds(atUTC: try utc("2011-12-30 10:00:00")) == 50_400)
        #expect(dublin.abbreviation(atUTC: 1_690_000_000) == "IST")
        #expect(dublin.offsetSeconds(atUTC: 4_118_000_000) == 3600)
    }

    @Test func everyInstantComesBackFromItsLocalTimeOrIsAmbiguous() throws {
        guard let zone = try systemZone("America/New_York") else { return }
        for seconds in stride(from: Int64(-4_000_000_000), through: 6_000_000_000, by: 1_700_003) {
            let local = seconds + Int64(zone.offsetSeconds(atUTC: seconds))
            let back = zone.utcSeconds(fromLocal: local)
            #expect(back + Int64(zone.offsetSeconds(atUTC: back)) == local)
            #expect(back <= seconds)
        }
    }

    @Test func brokenFilesAreRefused() throws {
        let good = zoneFile(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        for count in 0..<good.count {
            #expect(throws: TimeZoneError.self) { try TimeZoneRules(tzif: Array(good.prefix(count)), name: "cut") }
        }
        for footer in ["CET", "C-1", "CET-1CEST", "CET-1CEST,M13.1.0,M3.1.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-200"]
        {
            #expect(throws: TimeZoneError.self) { try TimeZoneRules(tzif: zoneFile(footer: footer), name: "bad") }
        }
        #expect(throws: TimeZoneError.self) { try TimeZoneRules(tzif: Array("not a zone".utf8), name: "text") }
    }

    @Test func changedBytesNeverCrash() throws {
        var generator = SystemRandomNumberGenerator()
        let good = zoneFile(footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            guard let zone = try? TimeZoneRules(tzif: bytes, name: "fuzz") else { continue }
            for seconds in [-99_999_999_999, 0, 1_700_000_000, 99_999_999_999] as [Int64] {
                #expect(abs(zone.offsetSeconds(atUTC: seconds)) <= 200 * 3600)
                _ = zone.utcSeconds(fromLocal: seconds)
            }
        }
    }
}
