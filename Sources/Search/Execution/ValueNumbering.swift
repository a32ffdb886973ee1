import Columns

/// Numbers the values of one field by their printed form, over any number of batches: equal numbers, equal values. A
/// multivalue equals another when all its values do, in order; null is 0.
struct ValueNumbering {
    private var known: [[Text]: Int] = [:]

    /// The number of each row.
    mutating func numbers(_ column: Column?, rowCount: Int) -> [Int] {
        guard let column else { return [Int](repeating: 0, count: rowCount) }
        var numberOfEntry = [Int](repeating: -1, count: column.values.count)
        return column.ids.map { id in
            let index = Int(id)
            if numberOfEntry[index] < 0 { numberOfEntry[index] = number(column.values[index]) }
            return numberOfEntry[index]
        }
    }

    private mutating func number(_ value: Value) -> Int {
        let key = value.elements.compactMap(\.printed)
        if key.isEmpty { return 0 }
        if let number = known[key] { return number }
        let number = known.count + 1
        known[key] = number
        return number
    }
}
