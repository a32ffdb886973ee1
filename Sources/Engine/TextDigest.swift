import Formats

/// The first sixteen bytes of a text's SHA-256: its place among events of the same time, whatever order they come in.
struct TextDigest: Hashable, Comparable, Sendable {
    let high: UInt64
    let low: UInt64

    init(_ text: UnsafeRawBufferPointer) {
        let digits = SHA256.hexDigest(text)
        high = UInt64(digits.prefix(16), radix: 16) ?? 0
        low = UInt64(digits.dropFirst(16).prefix(16), radix: 16) ?? 0
    }

    static func < (lhs: TextDigest, rhs: TextDigest) -> Bool {
        lhs.high != rhs.high ? lhs.high < rhs.high : lhs.low < rhs.low
    }
}
