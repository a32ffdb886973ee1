import Columns

extension AggregateFunction {
    static let count = AggregateFunction(
        "count", summary: "Rows; with an argument, values that are not null (true ones, for a boolean expression).",
        needsArgument: false
    ) { CountAggregate() }
}

/// Source: Splunk Search Reference 9.4, "Aggregate functions"; each value of a multivalue counts (practice).
private struct CountAggregate: Aggregate {
    private var counts: [Int] = []

    mutating func add(_ column: Column?, groups: [Int], groupCount: Int, times: Column?) {
        counts.append(contentsOf: repeatElement(0, count: groupCount - counts.count))
        guard let column else { return }
        let weights = column.values.map { value in
            value == .boolean(false) ? 0 : value.elements.count
        }
        for (row, group) in groups.enumerated() { counts[group] += weights[Int(column.ids[row])] }
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        .number(Double(counts.indices.contains(group) ? counts[group] : 0))
    }
}
