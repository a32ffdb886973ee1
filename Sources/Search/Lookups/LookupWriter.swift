import Columns
import SPL

/// What a table holds after rows were written to it.
struct LookupWriter {
    let transform: LookupTransform
    let options: OutputLookupCommand.Options

    /// - Parameter base: the rows that stay; nil where the written ones take their place.
    func table(_ rows: Batch, behind base: Batch?, _ context: inout ExecutionContext) -> Batch {
        if case .collection(_, let fields) = transform.store { return records(rows, fields, base) }
        var columns = Batch(rowCount: rows.rowCount)
        for (name, column) in zip(rows.names, rows.columns) { columns.set(name, column.mapped(cell)) }
        guard let base, !base.names.isEmpty else { return columns }
        let left = columns.names.filter { !base.contains($0) }
        if !left.isEmpty {
            context.warn(
                "W333",
                "lookup table '\(transform.tableName)' does not have \(left.map { "'\($0)'" }.joined(separator: ", ")): "
                    + "not written",
                hint: "append=t writes the columns that the table has")
        }
        return joined(base, columns.selecting(base.names))
    }

    private func joined(_ first: Batch, _ second: Batch) -> Batch {
        var builder = BatchBuilder()
        builder.append(first)
        builder.append(second)
        return builder.finish()
    }

    /// As a CSV file gives it back.
    private func cell(_ value: Value) -> Value {
        if case .multivalue(let values) = value, options.keepsMultivalues { return .list(values.map(cell)) }
        guard let text = value.printed, !text.isEmpty else { return .null }
        return .text(text)
    }

    /// Records of a collection: its fields and `_key`, each key once, in the order in which keys first came.
    private func records(_ rows: Batch, _ fields: [String], _ base: Batch?) -> Batch {
        let names =
            fields.isEmpty
            ? (base?.names.filter { $0 != "_key" } ?? [])
                + rows.names.filter { name in
                    !name.hasPrefix("_") && base?.contains(name) != true
                }
            : fields.filter { $0 != "_key" }
        let keyField = options.keyField ?? "_key"
        var keys: [Text] = []
        var rowOfKey: [Text: (batch: Int, row: Int)] = [:]
        for row in 0..<(base?.rowCount ?? 0) {
            guard let key = base?["_key", row].printed else { continue }
            if rowOfKey[key] == nil { keys.append(key) }
            rowOfKey[key] = (0, row)
        }
        let known = Set(keys)
        var number = 0
        for row in 0..<rows.rowCount {
            let key = rows[keyField, row].printed ?? freeKey(&number, rowOfKey)
            if rowOfKey[key] == nil {
                keys.append(key)
            } else if !options.allowsUpdates, known.contains(key) {
                continue
            }
            rowOfKey[key] = (1, row)
        }
        var builders = names.map { _ in ColumnBuilder() }
        for key in keys {
            guard let place = rowOfKey[key] else { continue }
            for (index, name) in names.enumerated() {
                builders[index].append((place.batch == 0 ? base?[name, place.row] : rows[name, place.row]) ?? .null)
            }
        }
        var table = Batch(rowCount: keys.count)
        table.set("_key", Column(keys.map { .text($0) }))
        for (name, builder) in zip(names, builders) { table.set(name, builder.finish()) }
        return table
    }

    /// Splunk makes 24 hexadecimal digits up; ours count, so that equal runs give equal keys.
    private func freeKey(_ number: inout Int, _ taken: [Text: (batch: Int, row: Int)]) -> Text {
        while true {
            number += 1
            let digits = String(number, radix: 16)
            let key = Text(String(repeating: "0", count: max(0, 24 - digits.utf8.count)) + digits)
            if taken[key] == nil { return key }
        }
    }
}
