import Columns

/// Numbers by name, looked up by the bytes of an event: no text is made for a name that was met before.
struct NameCache {
    private var slots: [(name: [UInt8], number: Int)?] = Array(repeating: nil, count: 256)
    private var count = 0

    /// Hostile events may make names up: past this many they are read anew each time.
    private static let maximumCount = 8_192
    private static let maximumProbes = 16

    subscript(_ name: UnsafeRawBufferPointer) -> Int? {
        var slot = Int(truncatingIfNeeded: name.contentHash) & (slots.count - 1)
        for _ in 0..<Self.maximumProbes {
            guard let entry = slots[slot] else { return nil }
            if entry.name.count == name.count, entry.name.withUnsafeBytes({ $0.holdsSameBytes(as: name) }) {
                return entry.number
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    mutating func set(_ name: UnsafeRawBufferPointer, _ number: Int) {
        guard count < Self.maximumCount else { return }
        if count * 2 >= slots.count { grow() }
        insert(Array(name), number)
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: slots.count * 4)
        count = 0
        for case let entry? in old { insert(entry.name, entry.number) }
    }

    private mutating func insert(_ name: [UInt8], _ number: Int) {
        var slot = name.withUnsafeBytes { Int(truncatingIfNeeded: $0.contentHash) } & (slots.count - 1)
        for _ in 0..<Self.maximumProbes {
            if slots[slot] == nil {
                slots[slot] = (name, number)
                count += 1
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
    }
}
