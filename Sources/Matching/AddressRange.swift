/// Addresses as an inventory writes them: one, a block (`10.0.0.0/8`), or the first and the last (`10.0.0.7-10.0.1.9`).
public struct AddressRange: Hashable, Sendable {
    public let first: IPAddress
    public let last: IPAddress
    /// One address, not a block or a range of them.
    public let isAddress: Bool

    /// - Returns: nil for anything else, and for a range that ends before it begins or is of two families.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        if let dash = bytes.firstIndex(of: UInt8(ascii: "-")) {
            guard let first = IPAddress(Array(bytes[..<dash].filter { $0 != 0x20 })),
                let last = IPAddress(Array(bytes[(dash + 1)...].filter { $0 != 0x20 })), first.family == last.family,
                first.bits <= last.bits
            else { return nil }
            self.first = first
            self.last = last
            isAddress = false
        } else if let block = CIDRBlock(bytes) {
            first = block.first
            last = block.last
            isAddress = false
        } else {
            guard let address = IPAddress(bytes) else { return nil }
            first = address
            last = address
            isAddress = true
        }
    }

    /// The fewest blocks that hold just these addresses, in order, each with the length of its prefix.
    ///
    /// At most 62 for IPv4, 254 for IPv6.
    public var blocks: [(text: String, length: Int)] {
        let width = Self.width(first.family)
        return prefixes.map { first, length in
            ("\(Self.text(first.bits >> UInt128(128 - width), width))/\(length)", length)
        }
    }

    /// Those blocks, each by its first address.
    var prefixes: [(first: IPAddress, length: Int)] {
        let width = Self.width(first.family)
        let shift = UInt128(128 - width)
        var start = first.bits >> shift
        let end = last.bits >> shift
        var prefixes: [(first: IPAddress, length: Int)] = []
        while true {
            var bits = min(width, start == 0 ? width : start.trailingZeroBitCount)
            // The largest block that begins here and does not pass the end.
            while bits > 0, end - start < Self.mask(bits) { bits -= 1 }
            prefixes.append((IPAddress(family: first.family, bits: start << shift), width - bits))
            let (next, isOver) = start.addingReportingOverflow(Self.mask(bits))
            guard !isOver, next < end else { return prefixes }
            start = next + 1
        }
    }

    /// How many addresses these are, but no more than `limit`.
    public func addressCount(upTo limit: Int) -> Int {
        let beyondFirst = (last.bits - first.bits) >> UInt128(128 - Self.width(first.family))
        return beyondFirst >= UInt128(max(1, limit) - 1) ? limit : Int(beyondFirst) + 1
    }

    static func width(_ family: IPAddress.Family) -> Int { family == .v4 ? 32 : 128 }

    /// The last `bits` bits set.
    private static func mask(_ bits: Int) -> UInt128 { bits >= 128 ? .max : (UInt128(1) << UInt128(bits)) - 1 }

    private static func text(_ number: UInt128, _ width: Int) -> String {
        if width == 32 { return (0..<4).map { String(number >> UInt128(24 - 8 * $0) & 0xFF) }.joined(separator: ".") }
        return (0..<8).map { String(number >> UInt128(112 - 16 * $0) & 0xFFFF, radix: 16) }.joined(separator: ":")
    }
}
