import Columns

extension CompiledLookup {
    /// At most this many combinations of a multivalue input's values are looked up for one row.
    private static let maximumCombinations = 1_000

    /// Each distinct tuple of input values is looked up once. A row that lacks an input field is left as it is.
    func apply(to batch: inout Batch) {
        let inputs = inputFields.map { batch.column($0) }
        guard !inputs.contains(where: { $0 == nil }) else { return }
        let columns = inputs.compactMap { $0 }
        let before = outputFields.map { batch.column($0) }
        var builders = outputFields.map { _ in ColumnBuilder() }
        var known: [[UInt32]: [Value]?] = [:]
        for row in 0..<batch.rowCount {
            let ids = columns.map { $0.ids[row] }
            let found: [Value]?
            if let cached = known[ids] {
                found = cached
            } else {
                found = values(for: zip(columns, ids).map { $0.values[Int($1)] })
                known[ids] = .some(found)
            }
            let existing = before.map { $0?[row] ?? .null }
            let writes = found != nil && !(keepsExisting && existing.contains { !$0.isNull })
            for index in builders.indices {
                builders[index].append(writes ? (found?[index] ?? .null) : existing[index])
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
