// Field text as bytes. Swift's String compares by canonical equivalence ("é" equals "e\u{301}"), which a log engine
// must not do, and costs ten times as much to compare. Text is UTF-8 by convention, never by proof.

/// The bytes of one field value. Equality, order and hash are bytewise.
public struct Text: Hashable, Comparable, Sendable {
    public var bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }
    public init(_ string: String) { bytes = Array(string.utf8) }
    public init(_ buffer: UnsafeRawBufferPointer) { bytes = Array(buffer) }
    public init(_ slice: ArraySlice<UInt8>) { bytes = Array(slice) }

    public var isEmpty: Bool { bytes.isEmpty }
    public var count: Int { bytes.count }

    /// For edges only: messages, JSON, pages. Invalid UTF-8 becomes U+FFFD.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Without the blanks and tabs at its ends.
    public var withoutBlanks: Text {
        guard let first = bytes.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
            let last = bytes.lastIndex(where: { $0 != 0x20 && $0 != 0x09 })
        else { return Text([]) }
        return first == 0 && last == bytes.count - 1 ? self : Text(bytes[first...last])
    }

    public static func == (lhs: Text, rhs: Text) -> Bool { lhs.bytes == rhs.bytes }

    public static func < (lhs: Text, rhs: Text) -> Bool {
        lhs.bytes.withUnsafeBytes { left in
            rhs.bytes.withUnsafeBytes { right in
                Text.compare(left, right) < 0
            }
        }
    }

    public func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// Bytewise three-way comparison: negative, zero or positive.
    static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let common = min(left.count, right.count)
        for index in 0..<common where left[index] != right[index] {
            return Int(left[index]) - Int(right[index])
        }
        return left.count - right.count
    }
}

extension Text: ExpressibleByStringLiteral, CustomStringConvertible {
    public init(stringLiteral value: String) { self.init(value) }
    public var description: String { string }
}
