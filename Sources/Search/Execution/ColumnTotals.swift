import Columns
import SPL

/// Sums of numeric columns, for the last row of `addtotals` and `addcoltotals`. Null where a column has no number.
///
/// Internal fields are left out. Multivalues and text that is no number count nothing.
struct ColumnTotals: Sendable {
    let patterns: [String]
    let labelField: String?
    let label: String
    private var order: [String] = []
    private var sums: [String: Double] = [:]
    private var origins: [UInt32]?

    init(patterns: [String], labelField: String?, label: String) {
        self.patterns = patterns
        self.labelField = labelField
        self.label = label
    }

    static func isSummed(_ name: String, _ patterns: [String]) -> Bool {
        patterns.isEmpty
            ? !name.hasPrefix("_")
            : patterns.contains { name == $0 || (FieldSet.matches($0, name) && !name.hasPrefix("_")) }
    }

    /// - Parameter always: a column that is summed whatever the patterns say.
    mutating func add(_ batch: Batch, always: String? = nil) {
        for (name, column) in zip(batch.names, batch.columns) {
            if sums[name] == nil, !order.contains(name) { order.append(name) }
            guard name == always || Self.isSummed(name, patterns) else { continue }
            let numbers = column.values.map(\.numeric)
            for id in column.ids { if let number = numbers[Int(id)] { sums[name, default: 0] += number } }
        }
        if let more = batch.origins { origins = (origins ?? []) + more.joined() }
    }

    /// The row of sums.
    func row() -> Batch {
        var row = Batch(rowCount: 1)
        for name in order { row.set(name, Column([sums[name].map { .number($0) } ?? .null])) }
        if let labelField { row.set(labelField, Column([.text(label)])) }
        if let origins { row.origins = [origins] }
        return row
    }
}
