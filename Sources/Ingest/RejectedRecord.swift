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
    /// The record's first 200 bytes; what is not printable ASCII or valid UTF-8 as `\xNN`.
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
            } else if byte >= 0x20, byte != 0x7F, let character = String(validating: unit, as: UTF8.self) {
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
}

/// Turns numbers within chunks into numbers within inputs: chunks are decoded in any order, and how many records the
/// earlier ones hold is known only when all are done.
public struct PositionLedger: Sendable {
    private struct Entry {
        var sequence: Int
        var inputIndex: Int
        var recordCount: Int
    }

    private var entries: [Entry] = []

    public init() {}

    public mutating func add(_ events: ChunkEvents) {
        entries.append(
            Entry(sequence: events.sequence, inputIndex: events.inputIndex, recordCount: events.recordCount))
    }

    /// `rejects` in input order, with their numbers counted from the start of their input.
    ///
    /// Every chunk up to the last reject's must have been added.
    public func resolved(_ rejects: [RejectedRecord]) -> [RejectedRecord] {
        var recordsBefore: [Int: Int] = [:]
        var inputIndex = -1
        var count = 0
        for entry in entries.sorted(by: { $0.sequence < $1.sequence }) {
            if entry.inputIndex != inputIndex {
                inputIndex = entry.inputIndex
                count = 0
            }
            recordsBefore[entry.sequence] = count
            count += entry.recordCount
        }
        return rejects.map { reject in
            var reject = reject
            reject.recordNumber += recordsBefore[reject.chunkSequence] ?? 0
            return reject
        }.sorted { ($0.chunkSequence, $0.recordNumber, $0.byteOffset) < ($1.chunkSequence, $1.recordNumber, $1.byteOffset) }
    }
}
