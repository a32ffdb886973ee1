/// What the first bytes of an input say of its encoding and packing.
enum InputEncoding {
    enum Compression: Hashable, Sendable {
        case none, gzip, zstd
    }

    static func compression(_ start: [UInt8]) -> Compression {
        if start.starts(with: [0x1F, 0x8B]) { return .gzip }
        if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        // A skippable frame: RFC 8878, section 3.1.2.
        if start.count >= 4, start[0] & 0xF0 == 0x50, start[1...3] == [0x2A, 0x4D, 0x18] { return .zstd }
        return .none
    }

    private static let foreignFormats: [(magic: [UInt8], name: String, hint: String)] = [
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "unpack it first: xz -dc FILE | accrue ... -"),
        (Array("BZh".utf8), "bzip2", "unpack it first: bzip2 -dc FILE | accrue ... -"),
        ([0x50, 0x4B, 0x03, 0x04], "a zip archive", "unpack it first: unzip FILE"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive", "unpack it first"),
        (
            Array("ElfFile\0".utf8), "a binary Windows event log (EVTX)",
            "export it as XML: wevtutil qe FILE /lf:true /f:xml"
        ),
        (Array("PAR1".utf8), "Parquet", "export it as NDJSON"),
        (Array("SQLite format 3\0".utf8), "an SQLite database", "export the rows as NDJSON or CSV"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program", "name a log file"),
    ]

    /// Why an input that starts so cannot be read as text; nil where it can.
    static func refusal(_ start: [UInt8], path: String) -> InputError? {
        for (magic, name, hint) in foreignFormats where start.starts(with: magic) {
            return InputError(code: .unsupportedFormat, path: path, message: "'\(path)' is \(name)", hint: hint)
        }
        if start.count >= 262, start[257..<262].elementsEqual("ustar".utf8) {
            return InputError(
                code: .unsupportedFormat, path: path, message: "'\(path)' is a tar archive",
                hint: "unpack it and name the folder")
        }
        guard let encoding = wideEncoding(start) else { return nil }
        return InputError(
            code: .unsupportedEncoding, path: path, message: "'\(path)' is \(encoding) text, not UTF-8",
            hint: "convert it: iconv -f \(encoding) -t UTF-8 FILE | accrue ... -")
    }

    /// UTF-16 or UTF-32 by its byte order mark, or by a zero in every other byte.
    private static func wideEncoding(_ start: [UInt8]) -> String? {
        if start.starts(with: [0xFF, 0xFE, 0, 0]) || start.starts(with: [0, 0, 0xFE, 0xFF]) { return "UTF-32" }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
        let sample = start.prefix(256)
        guard sample.count >= 8 else { return nil }
        var zeros = [0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { zeros[index & 1] += 1 }
        let half = sample.count / 2
        if zeros[1] * 10 >= half * 8, zeros[0] * 10 <= half { return "UTF-16LE" }
        if zeros[0] * 10 >= half * 8, zeros[1] * 10 <= half { return "UTF-16BE" }
        return nil
    }
}
