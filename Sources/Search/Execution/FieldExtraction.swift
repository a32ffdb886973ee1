import Columns
import SPL

/// The fields found in one value, in order of first appearance; several values of one name become a multivalue.
struct FoundFields {
    private(set) var fields: [(name: Text, values: [Value])] = []
    private var position: [Text: Int] = [:]

    func contains(_ name: Text) -> Bool { position[name] != nil }

    mutating func add(_ name: Text, _ value: Text) {
        guard !name.isEmpty else { return }
        if let index = position[name] {
            fields[index].values.append(.text(value))
        } else {
            position[name] = fields.count
            fields.append((name, [.text(value)]))
        }
    }
}

/// Finds fields in the text of another field: the part of `spath`, `extract`, `xmlkv`, `fromjson` that differs.
protocol FieldExtractor {
    /// - Parameter text: one value of the field; a multivalue comes value by value, into the same `found`.
    mutating func extract(
        _ text: Text, into found: inout FoundFields, _ context: inout ExecutionContext
    ) throws(SearchError)
}

/// Adds the fields that an extractor finds in one field: once per distinct value of it, then one column a name.
///
/// Rows in which nothing is found stay as they are. At most `SearchLimits.extractedFields` names: data make them.
struct ExtractionOperator<Extractor: FieldExtractor>: Operator {
    /// What becomes of a value that the row has already.
    enum Merge: Sendable { case replaces, keepsExisting, appends }

    let field: String
    let merge: Merge
    let command: String
    /// The one field that there may be, where it is known: its column is there even when nothing is found.
    let output: String?
    var extractor: Extractor
    private var known: Set<Text> = []

    init(_ extractor: Extractor, field: String, merge: Merge, command: String, output: String? = nil) {
        self.extractor = extractor
        self.field = field
        self.merge = merge
        self.command = command
        self.output = output
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var result = batch
        if let output, batch.column(output) == nil { result.set(output, .nulls(rowCount: batch.rowCount)) }
        guard batch.rowCount > 0, let input = batch.column(field) else { return result }
        var columns: [(name: Text, ids: [UInt32], values: [Value])] = []
        var position: [Text: Int] = [:]
        var cells = [[(column: Int, id: UInt32)]?](repeating: nil, count: input.values.count)
        var heldBytes = 0
        defer { context.release(heldBytes) }
        for (row, id) in input.ids.enumerated() where id != 0 {
            if cells[Int(id)] == nil {
                var found = FoundFields()
                for element in input.values[Int(id)].elements {
                    if let text = element.printed { try extractor.extract(text, into: &found, &context) }
                }
                var fresh: [(column: Int, id: UInt32)] = []
                for (name, values) in found.fields where isKept(name, &context) {
                    if position[name] == nil {
                        try context.hold(4 * batch.rowCount)
                        heldBytes += 4 * batch.rowCount
                        position[name] = columns.count
                        columns.append((name, [UInt32](repeating: 0, count: batch.rowCount), [.null]))
                    }
                    guard let column = position[name] else { continue }
                    fresh.append((column, UInt32(columns[column].values.count)))
                    columns[column].values.append(.list(values))
                }
                cells[Int(id)] = fresh
            }
            for cell in cells[Int(id)] ?? [] { columns[cell.column].ids[row] = cell.id }
        }
        for (name, ids, values) in columns {
            let name = name.string
            result.set(name, merged(Column(ids: ids, values: values), batch.column(name)))
        }
        return result
    }

    private mutating func isKept(_ name: Text, _ context: inout ExecutionContext) -> Bool {
        if known.contains(name) { return true }
        guard known.count < context.limits.extractedFields else {
            context.warn(
                "W323",
                "\(command) finds more than \(context.limits.extractedFields) different fields, the rest is left out",
                hint: "name the fields you need with a path, or filter before \(command)")
            return false
        }
        known.insert(name)
        return true
    }

    private func merged(_ found: Column, _ existing: Column?) -> Column {
        guard let existing, existing.hasValues else { return found }
        var builder = ColumnBuilder()
        for row in 0..<found.rowCount {
            let old = existing[row]
            let new = found[row]
            switch merge {
            case .replaces: builder.append(new.isNull ? old : new)
            case .keepsExisting: builder.append(old.isNull ? new : old)
            case .appends: builder.append(.list([old, new]))
            }
        }
        return builder.finish()
    }
}
