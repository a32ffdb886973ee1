// What divides `_raw` into terms: major breakers first, then minor ones inside the major segments.
// Source: Splunk Search Manual, "Event segmentation and searching", and segmenters.conf.spec, the default stanza.

/// A place in `_raw` where a term may begin or end.
enum SegmentBreaker {
    enum Level { case major, minor }

    private static let majorBytes = Array("[]<>(){}|!;,'\"*\n\r \t&?+".utf8)
    private static let minorBytes = Array("/:=@.-$#%\\_".utf8)
    /// Breakers of several bytes, all major: URL-encoded punctuation and a double dash.
    private static let longMajors: [[UInt8]] = [
        "%21", "%26", "%2526", "%3B", "%3b", "%7C", "%7c", "%20", "%2B", "%2b", "%3D", "%3d", "--", "%2520", "%5D",
        "%5d",
        "%5B", "%5b", "%3A", "%3a", "%0A", "%0a", "%2C", "%2c", "%28", "%29",
    ].map { Array($0.utf8) }

    /// 2 for a major breaker, 1 for a minor one, 0 for a byte of a term.
    private static let classes: [UInt8] = {
        var classes = [UInt8](repeating: 0, count: 256)
        for byte in majorBytes { classes[Int(byte)] = 2 }
        for byte in minorBytes { classes[Int(byte)] = 1 }
        return classes
    }()

    static func isBreaker(_ byte: UInt8, level: Level) -> Bool {
        classes[Int(byte)] >= (level == .major ? 2 : 1)
    }

    /// Whether a breaker ends at `offset`, or the text begins there.
    static func isBoundary(before offset: Int, in bytes: UnsafeRawBufferPointer, level: Level) -> Bool {
        if offset == 0 || isBreaker(bytes[offset - 1], level: level) { return true }
        func begins(at distance: Int, with byte: UInt8) -> Bool {
            offset >= distance && bytes[offset - distance] == byte
        }
        let percent = UInt8(ascii: "%")
        guard begins(at: 3, with: percent) || begins(at: 5, with: percent) || begins(at: 2, with: UInt8(ascii: "-"))
        else { return false }
        return longMajors.contains { long in
            offset >= long.count && bytes[offset - long.count..<offset].elementsEqual(long)
        }
    }

    /// Whether a breaker begins at `offset`, or the text ends there.
    static func isBoundary(after offset: Int, in bytes: UnsafeRawBufferPointer, level: Level) -> Bool {
        if offset == bytes.count || isBreaker(bytes[offset], level: level) { return true }
        let first = bytes[offset]
        guard first == UInt8(ascii: "%") || first == UInt8(ascii: "-") else { return false }
        return longMajors.contains { bytes[offset...].starts(with: $0) }
    }

    /// The end of the major segment that holds `offset`.
    static func majorSegmentEnd(from offset: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var end = offset
        while end < bytes.count, !isBoundary(after: end, in: bytes, level: .major) { end += 1 }
        return end
    }
}
