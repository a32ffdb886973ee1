import Columns
import Foundation
import Matching
import Testing

struct LocationDatabaseTests {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("fixtures/geoip/places.mmdb").path

    private func location(_ address: String, _ languages: [String] = ["en"]) throws -> AddressLocation? {
        try LocationDatabase(path: Self.path).location(
            of: #require(IPAddress(Array(address.utf8))), languages: languages)
    }

    @Test func addressesAreFound() throws {
        let vienna = try #require(try location("192.0.2.1", ["fr", "de"]))
        #expect(vienna.city == "Wien" && vienna.country == "Österreich" && vienna.region == "Vienna")
        #expect(vienna.latitude == 48.2085 && vienna.longitude == 16.3721 && vienna.metroCode == nil)
        #expect(try location("198.51.100.1")?.metroCode == 648)
        #expect(try location("2001:db8::1")?.country == "Japan")
        let codes = try #require(try location("192.0.2.1", ["code"]))
        #expect(codes.country == "AT" && codes.region == "9" && codes.continent == "EU" && codes.city == "Vienna")
        #expect(try location("10.0.0.1") == nil)
        #expect(try location("2001:db9::1") == nil)
    }

    @Test func whatIsNoDatabaseIsAnError() throws {
        #expect(throws: LocationDatabaseError.self) { try LocationDatabase(path: "/no/such/file") }
        do { _ = try LocationDatabase(path: "/no/such/file") } catch { #expect(error.code == .cannotOpen) }
        do { _ = try LocationDatabase(path: #filePath) } catch { #expect(error.code == .notADatabase) }
    }

    /// A damaged file gives an error or other places, never a trap.
    @Test func damagedDatabasesNeverTrap() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.path)))
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID()).mmdb")
        defer { try? FileManager.default.removeItem(at: file) }
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var damaged = bytes
            damaged[index] ^= 0xFF
            try Data(damaged).write(to: file)
            guard let database = try? LocationDatabase(path: file.path) else { continue }
            for address in ["192.0.2.1", "198.51.100.1", "2001:db8::1"] {
                guard let address = IPAddress(Array(address.utf8)) else { continue }
                _ = try? database.location(of: address)
            }
        }
    }
}
