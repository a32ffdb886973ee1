import Columns

// A column of texts that lie in the event buffer: a value that was seen before costs a hash and a compare, no allocation.

/// Builds one column from byte ranges, rows in ascending order.
struct TextColumnBuilder {
    private var ids: [UInt32] = []
    private var values: [Value] = [.null]
    /// Open addressing; entries index `values`, 0 is free.
    private var slots = [UInt32](repeating: 0, count: 64)
    /// Rows with more than one value, in row order.
    private var lists: [Int: [Value]] = [:]

    /// Hostile values may collide: after this many steps a value is stored again, which a column allows.
    private static let maximumProbes = 32

    init() {}

    var rowCount: Int { ids.count }

    /// Whether `row` has a value so far.
    func has(row: Int) -> Bool { ids.count > row && ids[row] != 0 }

    /// The first value of `row`.
    func text(row: Int) -> [UInt8]? {
        guard ids.count > row, case .text(let text) = values[Int(ids[row])] else { return nil }
        return text.bytes
    }

    /// Gives `row` a value; a second one makes it multivalue.
    mutating func append(_ bytes: UnsafeRawBufferPointer, row: Int) {
        if ids.count > row, ids[row] != 0 {
            var list = lists[row] ?? [values[Int(ids[row])]]
            list.append(.text(Text(bytes)))
            lists[row] = list
            return
        }
        pad(to: row)
        let id = intern(bytes)
        if ids.count > row { ids[row] = id } else { ids.append(id) }
    }

    mutating func pad(to rowCount: Int) {
        while ids.count < rowCount { ids.append(0) }
    }

    mutating func finish(rowCount: Int) -> Column {
        pad(to: rowCount)
        for row in lists.keys.sorted() {
            guard let list = lists[row] else { continue }
            ids[row] = UInt32(values.count)
            values.append(.list(list))
        }
        return Column(ids: ids, values: values)
    }

    private mutating func intern(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        if values.count * 2 >= slots.count { grow() }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: bytes.contentHash) & mask
        for _ in 0..<Self.maximumProbes {
            let id = slots[slot]
            if id == 0 {
                let fresh = store(bytes)
                slots[slot] = fresh
                return fresh
            }
            if case .text(let text) = values[Int(id)], text.bytes.count == bytes.count,
                text.bytes.withUnsafeBytes({ $0.holdsSameBytes(as: bytes) })
            {
                return id
            }
            slot = (slot + 1) & mask
        }
        return store(bytes)
    }

    private mutating func store(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        values.append(.text(Text(bytes)))
        return UInt32(values.count - 1)
    }

    private mutating func grow() {
        let size = slots.count * 4
        slots = [UInt32](repeating: 0, count: size)
        for id in 1..<values.count {
            guard case .text(let text) = values[id] else { continue }
            var slot = text.bytes.withUnsafeBytes { Int(truncatingIfNeeded: $0.contentHash) } & (size - 1)
            for _ in 0..<Self.maximumProbes {
                if slots[slot] == 0 {
                    slots[slot] = UInt32(id)
                    break
                }
                slot = (slot + 1) & (size - 1)
            }
        }
    }
}
