/// Blocks of addresses, each with a value; finds the smallest block that an address is in.
///
/// A search is one dictionary lookup for each length of prefix that occurs: at most 33 for IPv4 and 129 for IPv6, however
/// many blocks there are.
public struct AddressBlockTable<Value: Sendable>: Sendable {
    private struct Key: Hashable {
        var family: IPAddress.Family
        var length: Int
        var bits: UInt128
    }

    private var values: [Key: Value] = [:]
    /// The lengths of prefixes that occur, longest first.
    private var lengths: [IPAddress.Family: [Int]] = [:]

    public init() {}

    public var isEmpty: Bool { values.isEmpty }

    /// Adds the blocks that `range` is made of. One that is there already keeps its value.
    public mutating func insert(_ range: AddressRange, _ value: Value) {
        for (first, length) in range.prefixes {
            let key = Key(family: first.family, length: length, bits: first.bits)
            guard values[key] == nil else { continue }
            values[key] = value
            var known = lengths[first.family] ?? []
            guard !known.contains(length) else { continue }
            known.append(length)
            lengths[first.family] = known.sorted(by: >)
        }
    }

    /// The value of the smallest block that holds `address`, with the length of its prefix.
    public func smallest(holding address: IPAddress) -> (value: Value, length: Int)? {
        for length in lengths[address.family] ?? [] {
            let mask = length == 0 ? 0 : ~UInt128(0) << UInt128(128 - length)
            let key = Key(family: address.family, length: length, bits: address.bits & mask)
            if let value = values[key] { return (value, length) }
        }
        return nil
    }
}
