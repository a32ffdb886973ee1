/// A record that could not be read: where it is, why, and how it begins.
public struct RejectedRecord: Hashable, Sendable {
    /// Stable codes, never reused.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        case invalidJSON = "E520"
        case truncated = "E521"
        case tooDeep = "E522"
        case wrongEncoding = "E523"
        case tooLarge = "E524"
        case notAnObject = "E525"
        case noEvent = "E526"
        case badEnvelope = "E527"
        case columnCount = "E528"
        case badQuoting = "E529"
        case outsideOfRecords = "E530"
        case nulByte = "E531"
    }

    /// What `recordNumber` counts.
    public enum Unit: String, Hashable, Sendable {
        case line, record, row, event
    }

    public var path: String
    /// The chunk it came in, for ``PositionLedger``.
    public var chunkSequence: Int
    /// From 1; counted within the chunk until ``PositionLedger/resolved(_:)`` makes it the number within the input.
    public var recordNumber: Int
    public var unit: Unit
    /// Byte of the input, decompressed, where the record begins.
    public var byteOffset: Int
    public var code: Code
    /// Lower case; names the byte within the record where there is one.
    public var cause: String
    /// The record's first 200 bytes; control characters and what is not UTF-8 as `\xNN`, a backslash doubled.
    public var excerpt: String

    static let excerptBytes = 200

    static func excerpt(of text: UnsafeRawBufferPointer) -> String {
        var rest = UnsafeRawBufferPointer(rebasing: text.prefix(excerptBytes))
        var excerpt = ""
        while let byte = rest.first {
            let width = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            let unit = UnsafeRawBufferPointer(rebasing: rest.prefix(width))
            if byte == UInt8(ascii: "\\") {
                excerpt += "\\\\"
            } else if let character = String(validating: unit, as: UTF8.self), !isControl(character) {
                excerpt += character
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                excerpt += "\\x" + (digits.count == 1 ? "0" : "") + digits
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
                continue
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(width))
        }
        return excerpt
    }

    /// C0, DEL and C1: they would steer a terminal.
    private static func isControl(_ text: String) -> Bool {
        text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
    }
}
