/// An IPv4 or IPv6 address.
///
/// An IPv4-mapped address (`::ffff:10.0.0.1`) is an IPv6 address: no page of Splunk says that it equals the IPv4 one.
public struct IPAddress: Hashable, Sendable {
    public enum Family: Sendable { case v4, v6 }

    public let family: Family
    /// The address as a number; an IPv4 address takes the upper 32 bits, so that prefixes count alike in both.
    public let bits: UInt128

    /// Reads `192.0.2.1` (no leading zeros: some systems read them as octal) or RFC 4291 text (`2001:db8::1`,
    /// `::ffff:192.0.2.1`, a zone such as `%eth0` is dropped). Nothing may stand before or behind it.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= 64, bytes.count >= 2 else { return nil }
        if let address = IPAddress.v4(bytes) {
            family = .v4
            bits = UInt128(address) << 96
        } else if let address = IPAddress.v6(bytes) {
            family = .v6
            bits = address
        } else {
            return nil
        }
    }

    init(family: Family, bits: UInt128) {
        self.family = family
        self.bits = bits
    }

    public init?(_ bytes: [UInt8]) {
        guard let address = bytes.withUnsafeBytes({ IPAddress($0) }) else { return nil }
        self = address
    }

    private static func v4(_ bytes: UnsafeRawBufferPointer) -> UInt32? {
        guard bytes.count <= 15 else { return nil }
        var address: UInt32 = 0
        var octet: UInt32?
        var octets = 0
        for byte in bytes {
            if byte &- 48 < 10 {
                guard octet != 0 else { return nil }
                let value = (octet ?? 0) * 10 + UInt32(byte &- 48)
                guard value < 256 else { return nil }
                octet = value
            } else {
                guard byte == UInt8(ascii: "."), let value = octet, octets < 3 else { return nil }
                address = address << 8 | value
                octet = nil
                octets += 1
            }
        }
        guard octets == 3, let octet else { return nil }
        return address << 8 | octet
    }

    private static func v6(_ text: UnsafeRawBufferPointer) -> UInt128? {
        let end = text.firstIndex(of: UInt8(ascii: "%")) ?? text.count
        let bytes = UnsafeRawBufferPointer(rebasing: text[..<end])
        // Groups before and after `::`, which stands for the zeros between them.
        var head: UInt128 = 0
        var tail: UInt128 = 0
        var headGroups = 0
        var tailGroups = 0
        var sawGap = false
        var index = 0
        if bytes.count >= 2, bytes[0] == UInt8(ascii: ":") {
            guard bytes[1] == UInt8(ascii: ":") else { return nil }
            sawGap = true
            index = 2
        }
        while index < bytes.count {
            let start = index
            var group: UInt32 = 0
            while index < bytes.count, index - start < 5, let digit = hexDigit(bytes[index]) {
                group = group << 4 | digit
                index += 1
            }
            guard index > start, index - start <= 4 else { return nil }
            var groupBits = 16
            if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
                guard let embedded = v4(UnsafeRawBufferPointer(rebasing: bytes[start...])) else { return nil }
                group = embedded
                groupBits = 32
                index = bytes.count
            }
            if sawGap {
                tail = tail << UInt128(groupBits) | UInt128(group)
                tailGroups += groupBits / 16
            } else {
                head = head << UInt128(groupBits) | UInt128(group)
                headGroups += groupBits / 16
            }
            guard headGroups + tailGroups <= 8 else { return nil }
            if index == bytes.count { break }
            guard bytes[index] == UInt8(ascii: ":") else { return nil }
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
                guard !sawGap else { return nil }
                sawGap = true
                index += 1
            } else if index == bytes.count {
                return nil
            }
        }
        guard sawGap ? headGroups + tailGroups < 8 : headGroups == 8 else { return nil }
        return headGroups == 0 ? tail : head << UInt128(128 - headGroups * 16) | tail
    }

    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        if byte &- 48 < 10 { return UInt32(byte &- 48) }
        let letter = byte | 0x20
        return letter &- 97 < 6 ? UInt32(letter &- 87) : nil
    }
}

/// A block of addresses in CIDR form, such as `10.0.0.0/8` or `2001:db8::/32`.
public struct CIDRBlock: Hashable, Sendable {
    public let family: IPAddress.Family
    private let bits: UInt128
    private let mask: UInt128

    /// Reads `address/length`. Bits behind the prefix are dropped: `10.1.2.3/8` is `10.0.0.0/8`.
    ///
    /// - Returns: nil for anything else, an address without a length too.
    public init?(_ bytes: [UInt8]) {
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")), let address = IPAddress(Array(bytes[..<slash])) else {
            return nil
        }
        let digits = bytes[(slash + 1)...]
        guard (1...3).contains(digits.count), digits.allSatisfy({ $0 &- 48 < 10 }) else { return nil }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        guard length <= (address.family == .v4 ? 32 : 128) else { return nil }
        family = address.family
        mask = length == 0 ? 0 : ~UInt128(0) << UInt128(128 - length)
        bits = address.bits & mask
    }

    var first: IPAddress { IPAddress(family: family, bits: bits) }
    var last: IPAddress { IPAddress(family: family, bits: bits | (family == .v4 ? (~mask >> 96) << 96 : ~mask)) }

    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && address.bits & mask == bits
    }

    /// False for text that is no address.
    ///
    /// Source: Splunk Search Reference, "search", comparing with a CIDR notation.
    public func contains(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let address = IPAddress(bytes) else { return false }
        return contains(address)
    }

    public func contains(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { contains($0) } }
}
