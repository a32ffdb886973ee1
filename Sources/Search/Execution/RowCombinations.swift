import Columns

/// Remembers the result of each combination of values that some columns have in a row.
///
/// Where most combinations are new, as with ids and times, it stops remembering: it then only knows the row before.
struct RowCombinations {
    private let columns: [Column]
    /// Numbers of combinations of the first n + 2 columns: of one of n + 1 columns, and the value in the next.
    private var numbers: [[UInt64: UInt32]]
    /// By number of the whole combination.
    private var results: [UInt32] = []
    private var rowCount = 0
    private var previous: (row: Int, result: UInt32)?
    private var wanted: Int?
    private var isRemembering = true

    /// Rows after which most must have been seen before.
    private static let trialRows = 512

    init(_ columns: [Column]) {
        self.columns = columns
        numbers = Array(repeating: [:], count: max(0, columns.count - 1))
        // With one column its ids are the combinations, with none there is one.
        if columns.count < 2 { isRemembering = false }
    }

    /// Rows are asked in ascending order; where the answer is nil, ``keep(_:)`` must follow.
    mutating func result(ofRow row: Int) -> UInt32? {
        if let previous, columns.allSatisfy({ $0.ids[row] == $0.ids[previous.row] }) { return previous.result }
        defer { wanted = row }
        guard isRemembering else { return nil }
        rowCount += 1
        if rowCount == Self.trialRows, results.count > Self.trialRows / 2 {
            isRemembering = false
            numbers = []
            results = []
            return nil
        }
        var number = columns[0].ids[row]
        for index in numbers.indices {
            let pair = UInt64(number) << 32 | UInt64(columns[index + 1].ids[row])
            if let known = numbers[index][pair] {
                number = known
            } else {
                number = UInt32(numbers[index].count)
                numbers[index][pair] = number
            }
        }
        guard Int(number) < results.count else { return nil }
        previous = (row, results[Int(number)])
        return results[Int(number)]
    }

    /// The result of the row that was asked last, which was not known.
    mutating func keep(_ result: UInt32) {
        guard let row = wanted else { return }
        previous = (row, result)
        if isRemembering { results.append(result) }
    }
}
