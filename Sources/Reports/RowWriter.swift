import Columns
import Formats
public import RiskIndex

/// Writes rows of named fields in the formats of `--format`. A field without values is null.
public enum RowWriter {
    /// One object and a newline: keys in the row's order, numbers bare, several values as an array, nulls left out.
    public static func ndjson(_ row: [ResultField]) -> String {
        object(row) + "\n"
    }

    /// An array of the objects of ``ndjson(_:)``, one a line.
    public static func json(_ rows: [[ResultField]]) -> String {
        rows.isEmpty ? "[]\n" : "[\n" + rows.map(object).joined(separator: ",\n") + "\n]\n"
    }

    /// RFC 4180 with a header: CRLF, quotes only where needed. Columns are all names, in order of first appearance;
    /// the values of a multivalue field stand in one cell, a newline apart.
    ///
    /// Text that a spreadsheet would take for a formula is left as it is: this is data, not a sheet.
    public static func csv(_ rows: [[ResultField]]) -> String {
        let names = columnNames(rows)
        guard !names.isEmpty else { return "" }
        var writer = CSVWriter()
        writer.record(names.map { Text($0) })
        for row in rows {
            writer.record(cells(of: row, names: names) { $0.joined(separator: "\n") }.map { Text($0) })
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A ``TextTable`` of all names, in order of first appearance; several values are a comma apart.
    public static func table(_ rows: [[ResultField]], maximumWidth: Int? = nil) -> String {
        let names = columnNames(rows)
        let numeric = numericNames(rows)
        var table = TextTable(names.map { TextTable.Column($0, numeric.contains(Text($0)) ? .right : .left) })
        for row in rows { table.append(cells(of: row, names: names) { $0.joined(separator: ", ") }) }
        return table.text(maximumWidth: maximumWidth)
    }

    private static func object(_ row: [ResultField]) -> String {
        var writer = JSONWriter()
        append(row, to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func append(_ row: [ResultField], to writer: inout JSONWriter) {
        writer.beginObject()
        for field in row { append(field, to: &writer) }
        writer.endObject()
    }

    /// A member; none for a field without values.
    static func append(_ field: ResultField, to writer: inout JSONWriter) {
        guard !field.values.isEmpty else { return }
        writer.key(field.name)
        if field.values.count > 1 { writer.beginArray() }
        for value in field.values { append(value, isNumber: field.isNumber, to: &writer) }
        if field.values.count > 1 { writer.endArray() }
    }

    private static func append(_ value: String, isNumber: Bool, to writer: inout JSONWriter) {
        guard isNumber, let number = NumberText.parse(Array(value.utf8)), number.isFinite else {
            writer.string(value)
            return
        }
        // As printed where that is JSON's form; "007", ".5" and "+1" are not.
        if isJSONNumber(value) { writer.raw(Array(value.utf8)) } else { writer.number(number) }
    }

    /// Of text that is a decimal number already.
    private static func isJSONNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.utf8.dropFirst() : text.utf8[...]
        let whole = digits.prefix { (48...57).contains($0) }
        guard !whole.isEmpty, whole.count == 1 || whole.first != 48 else { return false }
        guard digits.dropFirst(whole.count).first == UInt8(ascii: ".") else { return true }
        return digits.dropFirst(whole.count + 1).first.map { (48...57).contains($0) } ?? false
    }

    private static func columnNames(_ rows: [[ResultField]]) -> [String] {
        var seen: Set<Text> = []
        return rows.joined().map(\.name).filter { seen.insert(Text($0)).inserted }
    }

    private static func numericNames(_ rows: [[ResultField]]) -> Set<Text> {
        var numeric: Set<Text> = []
        var other: Set<Text> = []
        for field in rows.joined() where !field.values.isEmpty {
            if field.isNumber { numeric.insert(Text(field.name)) } else { other.insert(Text(field.name)) }
        }
        return numeric.subtracting(other)
    }

    private static func cells(of row: [ResultField], names: [String], join: ([String]) -> String) -> [String] {
        var values: [Text: [String]] = [:]
        for field in row { values[Text(field.name)] = field.values }
        return names.map { values[Text($0)].map(join) ?? "" }
    }
}
