import Columns

/// Records with fields of their own, one after the other, as columns: only those that a search needs, in order of first
/// appearance.
struct RecordRows {
    private let needed: FieldSet
    private var rowCount = 0
    private var names: [String] = []
    private var builders: [ColumnBuilder] = []
    private var position: [String: Int] = [:]
    private var isNeeded: [String: Bool] = [:]

    init(needed: FieldSet) { self.needed = needed }

    /// A name that comes twice in one record keeps its first value.
    mutating func append(_ fields: [(name: String, value: Value)]) {
        for (name, value) in fields where isWanted(name) {
            let index: Int
            if let known = position[name] {
                index = known
            } else {
                index = names.count
                position[name] = index
                names.append(name)
                builders.append(ColumnBuilder())
            }
            guard builders[index].rowCount <= rowCount else { continue }
            builders[index].padNulls(to: rowCount)
            builders[index].append(value)
        }
        rowCount += 1
    }

    consuming func finish() -> Batch {
        var batch = Batch(rowCount: rowCount)
        for index in names.indices {
            builders[index].padNulls(to: rowCount)
            batch.set(names[index], builders[index].finish())
        }
        return batch
    }

    private mutating func isWanted(_ name: String) -> Bool {
        if let known = isNeeded[name] { return known }
        let wanted = needed.contains(name)
        isNeeded[name] = wanted
        return wanted
    }
}
