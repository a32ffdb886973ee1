import CMaxMind
public import Columns
import Glibc

/// Where an address is, as far as a database knows; nil for what it does not.
public struct AddressLocation: Hashable, Sendable {
    public var city: Text?
    public var continent: Text?
    public var country: Text?
    public var region: Text?
    public var timeZone: Text?
    public var metroCode: Double?
    /// In degrees.
    public var latitude: Double?
    public var longitude: Double?
}

/// A file in MaxMind's format (`.mmdb`) with the records of a City or Country database, open for as long as this lives.
public final class LocationDatabase: Sendable {
    public let path: String
    // Written by MMDB_open and MMDB_close only; look-ups read the mapped file.
    private nonisolated(unsafe) let handle: UnsafeMutablePointer<MMDB_s>

    public init(path: String) throws(LocationDatabaseError) {
        self.path = path
        let handle = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
        let status = MMDB_open(path, UInt32(MMDB_MODE_MMAP), handle)
        guard status == MMDB_SUCCESS else {
            handle.deallocate()
            throw LocationDatabaseError(path: path, status: status)
        }
        self.handle = handle
    }

    deinit {
        MMDB_close(handle)
        handle.deallocate()
    }

    /// - Parameter languages: of the names (`de`, `pt-BR`), best first, English where the database has none of them; `code`
    ///   stands for the ISO code of a country or region and the code of a continent.
    /// - Returns: nil for an address without a record, as private ones are.
    /// - Throws: when the file is damaged.
    public func location(
        of address: IPAddress, languages: [String] = ["en"]
    ) throws(LocationDatabaseError) -> AddressLocation? {
        guard var entry = try entry(of: address) else { return nil }
        var location = AddressLocation()
        location.city = try name(&entry, ["city"], languages)
        location.continent = try name(&entry, ["continent"], languages)
        location.country = try name(&entry, ["country"], languages)
        location.region = try name(&entry, ["subdivisions", "0"], languages)
        location.timeZone = try text(&entry, ["location", "time_zone"])
        location.metroCode = try number(&entry, ["location", "metro_code"])
        location.latitude = try number(&entry, ["location", "latitude"])
        location.longitude = try number(&entry, ["location", "longitude"])
        return location
    }

    private func entry(of address: IPAddress) throws(LocationDatabaseError) -> MMDB_entry_s? {
        var status = MMDB_SUCCESS
        let result: MMDB_lookup_result_s
        switch address.family {
        case .v4:
            var place = sockaddr_in()
            place.sin_family = sa_family_t(AF_INET)
            place.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.bits >> 96).bigEndian
            result = withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { MMDB_lookup_sockaddr(handle, $0, &status) }
            }
        case .v6:
            var place = sockaddr_in6()
            place.sin6_family = sa_family_t(AF_INET6)
            withUnsafeMutableBytes(of: &place.sin6_addr) { bytes in
                withUnsafeBytes(of: address.bits.bigEndian) { bytes.copyMemory(from: $0) }
            }
            result = withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { MMDB_lookup_sockaddr(handle, $0, &status) }
            }
        }
        // A database of IPv4 addresses alone knows no IPv6 address.
        if status == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR { return nil }
        guard status == MMDB_SUCCESS else { throw LocationDatabaseError(path: path, status: status) }
        return result.found_entry ? result.entry : nil
    }

    private func name(
        _ entry: inout MMDB_entry_s, _ path: [String], _ languages: [String]
    ) throws(LocationDatabaseError) -> Text? {
        for language in languages + ["en"] {
            let steps = language == "code" ? [path == ["continent"] ? "code" : "iso_code"] : ["names", language]
            if let name = try text(&entry, path + steps) { return name }
        }
        return nil
    }

    private func text(_ entry: inout MMDB_entry_s, _ path: [String]) throws(LocationDatabaseError) -> Text? {
        var start: UnsafePointer<CChar>?
        var length: UInt32 = 0
        let status = Self.withPath(path) { accrue_mmdb_text(&entry, $0, &start, &length) }
        guard try found(status), let start else { return nil }
        return Text(UnsafeRawBufferPointer(start: start, count: Int(length)))
    }

    private func number(_ entry: inout MMDB_entry_s, _ path: [String]) throws(LocationDatabaseError) -> Double? {
        var number = 0.0
        let status = Self.withPath(path) { accrue_mmdb_number(&entry, $0, &number) }
        return try found(status) ? number : nil
    }

    private func found(_ status: Int32) throws(LocationDatabaseError) -> Bool {
        if status < 0 { throw LocationDatabaseError(path: path, status: -status) }
        return status > 0
    }

    /// The steps as C strings with a null at the end.
    private static func withPath(
        _ steps: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Int32
    ) -> Int32 {
        let strings = steps.map { strdup($0) }
        defer { for string in strings { free(string) } }
        let pointers = strings.map { UnsafePointer($0) } + [nil]
        return pointers.withUnsafeBufferPointer { $0.baseAddress.map(body) ?? 0 }
    }
}

/// Why a location database cannot be used.
public struct LocationDatabaseError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        case cannotOpen, notADatabase, damaged, outOfMemory
    }

    public let code: Code
    public let message: String

    init(path: String, status: Int32) {
        code =
            switch status {
            case MMDB_FILE_OPEN_ERROR: .cannotOpen
            case MMDB_UNKNOWN_DATABASE_FORMAT_ERROR, MMDB_INVALID_METADATA_ERROR: .notADatabase
            case MMDB_OUT_OF_MEMORY_ERROR: .outOfMemory
            default: .damaged
            }
        message = "location database '\(path)': \(String(cString: MMDB_strerror(status)))"
    }
}
