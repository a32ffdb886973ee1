// TZif, the compiled form of the tz database: RFC 8536 sections 3 and 4. Versions 2 and later repeat the data with 64-bit
// times after a 32-bit block, and end in a POSIX rule for the times after the last transition.

extension TimeZoneRules {
    /// Reads a compiled zone file, such as the content of /usr/share/zoneinfo/Europe/Berlin.
    ///
    /// - Throws: for bytes that are no TZif file, are cut short or contradict themselves, and for the `right/` files,
    ///   which count leap seconds: log timestamps do not.
    public init(tzif bytes: [UInt8], name: String) throws(TimeZoneError) {
        guard bytes.count <= 1 << 20 else {
            throw TimeZoneError(code: .notTZif, message: "zone '\(name)' is larger than 1 MiB")
        }
        var reader = ZoneFileReader(bytes: bytes, name: name)
        let first = try reader.header()
        guard first.version >= 2 else {
            self = try reader.block(first, timeSize: 4, hasFooter: false)
            return
        }
        try reader.skip(first.byteCount(timeSize: 4))
        self = try reader.block(reader.header(), timeSize: 8, hasFooter: true)
    }
}

private struct ZoneFileHeader {
    var version: Int
    var utcFlags: Int
    var standardFlags: Int
    var leaps: Int
    var transitions: Int
    var types: Int
    var characters: Int

    func byteCount(timeSize: Int) -> Int {
        transitions * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standardFlags + utcFlags
    }
}

private struct ZoneFileReader {
    let bytes: [UInt8]
    let name: String
    var position = 0

    init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    func fail(_ code: TimeZoneError.Code, _ reason: String) -> TimeZoneError {
        TimeZoneError(code: code, message: "zone '\(name)' \(reason)")
    }

    mutating func skip(_ count: Int) throws(TimeZoneError) {
        guard count <= bytes.count - position else { throw fail(.truncated, "is cut short at byte \(bytes.count)") }
        position += count
    }

    mutating func integer(size: Int) throws(TimeZoneError) -> Int64 {
        let start = position
        try skip(size)
        var value: UInt64 = bytes[start] & 0x80 != 0 ? .max : 0
        for index in start..<position { value = value << 8 | UInt64(bytes[index]) }
        return Int64(bitPattern: value)
    }

    mutating func count() throws(TimeZoneError) -> Int {
        let value = try integer(size: 4)
        guard (0...1 << 20).contains(value) else { throw fail(.inconsistent, "claims \(value) entries") }
        return Int(value)
    }

    mutating func header() throws(TimeZoneError) -> ZoneFileHeader {
        let start = position
        try skip(20)
        guard bytes[start..<start + 4].elementsEqual("TZif".utf8) else {
            throw fail(.notTZif, "does not start with 'TZif'")
        }
        let version = bytes[start + 4]
        return ZoneFileHeader(
            version: version == 0 ? 1 : Int(version) - 48, utcFlags: try count(), standardFlags: try count(),
            leaps: try count(), transitions: try count(), types: try count(), characters: try count())
    }

    mutating func block(
        _ header: ZoneFileHeader, timeSize: Int, hasFooter: Bool
    ) throws(TimeZoneError) -> TimeZoneRules {
        guard header.leaps == 0 else {
            throw fail(.leapSeconds, "counts leap seconds, which log timestamps do not")
        }
        guard (1...256).contains(header.types) else { throw fail(.inconsistent, "has \(header.types) time types") }
        guard header.byteCount(timeSize: timeSize) <= bytes.count - position else {
            throw fail(.truncated, "is cut short at byte \(bytes.count)")
        }
        var transitions: [Int64] = []
        transitions.reserveCapacity(header.transitions)
        for _ in 0..<header.transitions {
            let time = try integer(size: timeSize)
            if let last = transitions.last, last >= time { throw fail(.inconsistent, "has transitions out of order") }
            transitions.append(time)
        }
        let indexes = Array(bytes[position..<position + header.transitions])
        try skip(header.transitions)
        guard indexes.allSatisfy({ Int($0) < header.types }) else {
            throw fail(.inconsistent, "refers to a time type that it does not have")
        }
        var parts: [(offset: Int, isDaylight: Bool, nameStart: Int)] = []
        for _ in 0..<header.types {
            let offset = Int(try integer(size: 4))
            guard abs(offset) <= 26 * 3600 else { throw fail(.inconsistent, "has an offset of \(offset) seconds") }
            parts.append((offset, bytes[position] != 0, Int(bytes[position + 1])))
            try skip(2)
        }
        let names = bytes[position..<position + header.characters]
        try skip(header.characters + header.standardFlags + header.utcFlags)
        var types: [TimeZoneRules.LocalType] = []
        for part in parts {
            guard part.nameStart < names.count else { throw fail(.inconsistent, "has a name out of bounds") }
            let abbreviation = names.dropFirst(part.nameStart).prefix { $0 != 0 }
            types.append(
                TimeZoneRules.LocalType(
                    offsetSeconds: part.offset, isDaylight: part.isDaylight,
                    abbreviation: String(decoding: abbreviation, as: UTF8.self)))
        }
        let footer = hasFooter ? try footer() : nil
        return TimeZoneRules(
            name: name, transitions: transitions, typeIndexes: indexes, types: types, footer: footer)
    }

    /// The line between two newlines; an empty one says that the last type stays in force.
    private mutating func footer() throws(TimeZoneError) -> PosixZoneRule? {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\n"),
            let end = bytes[(position + 1)...].firstIndex(of: UInt8(ascii: "\n"))
        else { throw fail(.badFooter, "has no footer") }
        let line = bytes[position + 1..<end]
        if line.isEmpty { return nil }
        guard let rule = PosixZoneRule(line) else {
            throw fail(.badFooter, "has the footer '\(String(decoding: line, as: UTF8.self))'")
        }
        return rule
    }
}
