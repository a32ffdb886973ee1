import Glibc

/// Bytes of a group's arena.
struct ByteSlice: Sendable {
    var start: UInt32
    var count: UInt32

    func bytes(in arena: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: arena[Int(start)..<Int(start) + Int(count)])
    }
}

/// Lines of an import, checked and taken apart: what one transaction writes. What events share stands here once and is
/// named by number.
public struct ImportGroup: Sendable {
    /// Where all texts lie, as their columns will hold them.
    var arena: [UInt8] = []
    var events: [ImportEvent] = []
    /// ``SharedText``s.
    var rules: [ByteSlice] = []
    var riskObjects: [ByteSlice] = []
    /// `["value","type"]`
    var threatObjects: [ByteSlice] = []
    /// Keys.
    var firings: [ByteSlice] = []
    /// Numbers of the events' threat objects, event by event.
    var threatLinks: [UInt32] = []
    /// Lines of all other kinds, as they came.
    var others: [OtherLine] = []
    public internal(set) var lineCount = 0
    /// The input they came from.
    public internal(set) var inputIndex = 0
    public internal(set) var rejects: [ImportReject] = []
    public internal(set) var rejectCount = 0

    struct OtherLine: Sendable {
        var kind: ExchangeKind
        var lineNumber: Int
        var text: ByteSlice
    }

    /// Rejects beyond this are counted, not listed.
    static let listedRejects = 1_000

    mutating func add(_ reject: ImportReject) {
        rejectCount += 1
        if rejects.count < Self.listedRejects { rejects.append(reject) }
    }
}

/// A risk event of a group: its own columns, and numbers of what it shares.
struct ImportEvent: Sendable {
    var key: ByteSlice
    var keyOrder: Int64
    var firing: UInt32
    var rule: UInt32
    var riskObject: UInt32
    var timeMicroseconds: Int64
    /// Nil takes the clock of the import.
    var indexTimeMicroseconds: Int64?
    var windowStartMicroseconds: Int64?
    var windowEndMicroseconds: Int64?
    var searchTimeMicroseconds: Int64
    var entityField: ByteSlice
    var riskScore: Double
    var riskFactorAdd: Double
    var riskFactorMult: Double
    var factors: ByteSlice
    var calculatedRiskScore: Double
    var message: ByteSlice
    var messageHash: Int64
    var contributingEventCount: Int64
    var fields: ByteSlice
    var threatStart: Int
    var threatCount: Int
}

/// Several texts in a row, each behind its length: the key by which rows that events share are told apart.
enum SharedText {
    private static let absentLength = UInt32.max

    static func append(_ text: UnsafeRawBufferPointer?, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(text?.count ?? Int(absentLength)).littleEndian) { bytes.append(contentsOf: $0) }
        if let text { bytes.append(contentsOf: text) }
    }

    /// - Returns: nil for a text that was not given.
    static func texts(_ bytes: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer?] {
        var texts: [UnsafeRawBufferPointer?] = []
        var at = 0
        while at < bytes.count {
            let length = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            at += 4
            guard length != absentLength else {
                texts.append(nil)
                continue
            }
            texts.append(UnsafeRawBufferPointer(rebasing: bytes[at..<at + Int(length)]))
            at += Int(length)
        }
        return texts
    }
}

/// Numbers for texts, from 0 as they come. The texts lie in a group's arena.
struct SharedNumbers {
    private(set) var texts: [ByteSlice] = []
    private var hashes: [Int] = []
    /// By hash, then whatever is free; -1 is free. A power of two, at most half full.
    private var table = [Int32](repeating: -1, count: 1_024)

    mutating func number(of text: UnsafeRawBufferPointer, in arena: inout [UInt8]) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(bytes: text)
        let hash = hasher.finalize()
        var place = hash & (table.count - 1)
        while table[place] >= 0 {
            let number = Int(table[place])
            if hashes[number] == hash, isText(number, text, arena) { return UInt32(number) }
            place = (place + 1) & (table.count - 1)
        }
        table[place] = Int32(texts.count)
        texts.append(ByteSlice(start: UInt32(arena.count), count: UInt32(text.count)))
        hashes.append(hash)
        arena.append(contentsOf: text)
        if texts.count * 2 > table.count { grow() }
        return UInt32(texts.count - 1)
    }

    private func isText(_ number: Int, _ text: UnsafeRawBufferPointer, _ arena: [UInt8]) -> Bool {
        guard Int(texts[number].count) == text.count else { return false }
        return arena.withUnsafeBytes { bytes in text.isSame(as: texts[number].bytes(in: bytes)) }
    }

    private mutating func grow() {
        table = [Int32](repeating: -1, count: table.count * 2)
        for (number, hash) in hashes.enumerated() {
            var place = hash & (table.count - 1)
            while table[place] >= 0 { place = (place + 1) & (table.count - 1) }
            table[place] = Int32(number)
        }
    }

}

extension UnsafeRawBufferPointer {
    func isSame(as other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let base = baseAddress, let otherBase = other.baseAddress else { return true }
        return memcmp(base, otherBase, count) == 0
    }

    func precedes(_ other: UnsafeRawBufferPointer) -> Bool {
        let common = Swift.min(count, other.count)
        if common > 0, let base = baseAddress, let otherBase = other.baseAddress {
            let order = memcmp(base, otherBase, common)
            if order != 0 { return order < 0 }
        }
        return count < other.count
    }
}
