import Columns

extension CompiledLookup {
    /// At most this many combinations of a multivalue input's values are looked up for one row.
    private static let maximumCombinations = 1_000

    /// Each distinct tuple of input values is looked up once. A row that lacks an input field is left as it is.
    func apply(to batch: inout Batch) {
        let inputs = inputFields.compactMap { batch.column($0) }
        guard inputs.count == inputFields.count else { return }
        let groups = RowGroups(inputs, rowCount: batch.rowCount)
        let found = groups.firstRows.map { row in values(for: inputs.map { $0[row] }) }
        let before = outputFields.map { batch.column($0) }
        var builders = outputFields.map { _ in ColumnBuilder() }
        for row in 0..<batch.rowCount {
            let values = found[Int(groups.groupOfRow[row])]
            let keeps = keepsExisting && before.contains { !($0?[row].isNull ?? true) }
            for index in builders.indices {
                if let values, !keeps {
                    builders[index].append(values[index])
                } else {
                    builders[index].append(before[index]?[row] ?? .null)
                }
            }
        }
        for (index, field) in outputFields.enumerated() { batch.set(field, builders[index].finish()) }
    }

    /// The values of a multivalue input are looked up one by one, and what they give is put together.
    private func values(for inputs: [Value]) -> [Value]? {
        var keys: [[Text]] = [[]]
        for input in inputs {
            let texts = input.elements.compactMap(\.printed)
            guard !texts.isEmpty, keys.count * texts.count <= Self.maximumCombinations else { return nil }
            keys = keys.flatMap { key in texts.map { key + [$0] } }
        }
        var result: [Value]?
        for key in keys {
            guard let found = table.match(key) else { continue }
            result = result.map { zip($0, found).map { .list([$0, $1]) } } ?? found
        }
        return result
    }
}
