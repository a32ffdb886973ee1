// Cutting a stream of bytes into records. This runs under the reader's lock, one window after the other; whatever can
// be done with a whole record alone is done later, by ChunkDecoder, on a worker.

import Columns
import Glibc

/// What comes behind a window.
enum WindowEnd: Sendable {
    case more
    case end
    /// The input broke off (damaged archive, read error): what has no end in the window never had one.
    case broken
}

/// One record of a window.
struct FramedRecord: Hashable, Sendable {
    var range: Range<Int>
    /// Set where it is clear without decoding that the record cannot be read.
    var fault: Fault?

    enum Fault: Hashable, Sendable {
        case tooLarge
        case truncated
        case unclosedDocument
        case textOutsideOfEvent
        /// No record to report, but one that counts: a header or a comment of a table.
        case header
    }
}

struct FrameCut: Sendable {
    /// Bytes dealt with; the rest is shown again at the start of the next window.
    var consumed: Int
    /// Whole lines, still to be split, before all of `records`.
    var lines: Range<Int> = 0..<0
    var records: [FramedRecord] = []
    /// The header lines of a table, each with the record from which on it holds.
    var headers: [(record: Int, text: Text)] = []
}

/// Finds records in windows of a stream. The records found do not depend on where the windows end.
protocol Framer: Sendable {
    mutating func frame(_ window: UnsafeRawBufferPointer, _ end: WindowEnd) -> FrameCut
}

extension UnsafeRawBufferPointer {
    func firstIndex(of byte: UInt8, from start: Int) -> Int? {
        guard start < count, let base = baseAddress else { return nil }
        guard let found = memchr(base + start, CInt(byte), count - start) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    func lastIndex(of byte: UInt8, from start: Int) -> Int? {
        var at = count
        while at > start {
            at -= 1
            if self[at] == byte { return at }
        }
        return nil
    }

    /// The first carriage return in `range` that is not the last byte before its end, where a newline follows.
    func firstReturn(in range: Range<Int>) -> Int? {
        let line = UnsafeRawBufferPointer(rebasing: self[..<range.upperBound])
        guard let found = line.firstIndex(of: UInt8(ascii: "\r"), from: range.lowerBound),
            found + 1 < range.upperBound
        else { return nil }
        return found
    }

    func firstRange(of pattern: StaticString, from start: Int) -> Range<Int>? {
        let length = pattern.utf8CodeUnitCount
        var from = start
        while let found = firstIndex(of: pattern.utf8Start.pointee, from: from) {
            if hasBytes(pattern, at: found) { return found..<found + length }
            from = found + 1
        }
        return nil
    }

    func hasBytes(_ pattern: StaticString, at start: Int) -> Bool {
        let length = pattern.utf8CodeUnitCount
        guard start >= 0, start + length <= count, let base = baseAddress else { return false }
        return memcmp(base + start, pattern.utf8Start, length) == 0
    }

    /// `range` without blanks at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound, upper = range.upperBound
        while lower < upper, self[lower].isBlank { lower += 1 }
        while upper > lower, self[upper - 1].isBlank { upper -= 1 }
        return lower..<upper
    }
}

extension UInt8 {
    /// Space, tab, line feed or carriage return.
    var isBlank: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
