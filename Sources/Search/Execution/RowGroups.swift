public import Columns

// Rows that agree in the fields an expression or a lookup reads give the same result, so it is computed once a group.
// Columns of one batch repeat themselves a lot: identities, services, calls.

/// The rows of a batch grouped by the dictionary ids of some columns.
public struct RowGroups {
    /// Group of each row, numbered in order of first appearance.
    public private(set) var groupOfRow: [UInt32] = []
    /// The first row of each group.
    public private(set) var firstRows: [Int] = []

    /// - Parameter columns: all of `rowCount` rows; none makes one group.
    public init(_ columns: [Column], rowCount: Int) {
        guard rowCount > 0 else { return }
        let ids = columns.map(\.ids)
        groupOfRow.reserveCapacity(rowCount)
        var size = 64
        while size < 2 * min(rowCount, 4_096) { size *= 2 }
        var slots = [UInt32](repeating: .max, count: size)
        for row in 0..<rowCount {
            if 2 * firstRows.count >= size {
                size *= 4
                slots = [UInt32](repeating: .max, count: size)
                for (group, first) in firstRows.enumerated() {
                    var slot = Self.hash(ids, first) & (size - 1)
                    while slots[slot] != .max { slot = (slot + 1) & (size - 1) }
                    slots[slot] = UInt32(group)
                }
            }
            var slot = Self.hash(ids, row) & (size - 1)
            while true {
                let group = slots[slot]
                if group == .max {
                    slots[slot] = UInt32(firstRows.count)
                    groupOfRow.append(UInt32(firstRows.count))
                    firstRows.append(row)
                    break
                }
                let first = firstRows[Int(group)]
                if ids.allSatisfy({ $0[first] == $0[row] }) {
                    groupOfRow.append(group)
                    break
                }
                slot = (slot + 1) & (size - 1)
            }
        }
    }

    /// Gives every row its group's value.
    public func spread(_ column: Column) -> Column {
        Column(ids: groupOfRow.map { column.ids[Int($0)] }, values: column.values)
    }

    /// Ids are small consecutive numbers, not chosen by whoever wrote the events, so no collisions can be forced.
    private static func hash(_ ids: [[UInt32]], _ row: Int) -> Int {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for column in ids {
            hash = (hash ^ UInt64(column[row])) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash >> 32
        }
        return Int(truncatingIfNeeded: hash >> 1) & .max
    }
}
