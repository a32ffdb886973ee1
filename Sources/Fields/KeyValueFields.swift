import Columns
import Formats

// What KV_MODE finds in a text besides JSON. Source: Admin Manual 9.3, props.conf, KV_MODE and KV_TRIM_SPACES.

enum KeyValueFields {
    /// KV_MODE = auto and auto_escaped: the first value of a name stays.
    static func addPairs(
        _ text: UnsafeRawBufferPointer, _ rules: FieldRules.AutomaticPairs, row: Int, to fields: inout ExtractedFields
    ) {
        KeyValueText.forEachPair(in: text, honoursEscapes: rules.honoursEscapes) { name, value in
            var value = value
            if rules.trimsSpaces {
                while let first = value.first, text[first] == 0x20 { value = (first + 1)..<value.upperBound }
                while let last = value.last, text[last] == 0x20 { value = value.lowerBound..<last }
            }
            guard !value.isEmpty, let name = KeyValueText.cleanedName(text[name]) else { return true }
            let bytes = UnsafeRawBufferPointer(rebasing: text[value])
            if rules.honoursEscapes, bytes.contains(UInt8(ascii: "\\")) {
                KeyValueText.unescaped(bytes).withUnsafeBytes { fields.addFound(name, $0, row: row) }
            } else {
                fields.addFound(name, bytes, row: row)
            }
            return true
        }
    }

    /// KV_MODE = xml: elements and attributes by their paths, `a.b` and `a.b{@c}`, root included; what repeats is a
    /// multivalue. A text that is no XML gives nothing.
    ///
    /// Source: the names of `spath`; that the root is part of them was seen on a real Splunk.
    static func addXML(_ text: UnsafeRawBufferPointer, row: Int, to fields: inout ExtractedFields) {
        guard text.first(where: { $0 > 0x20 }) == UInt8(ascii: "<"),
            let leaves = try? XMLTree(Array(text)).leaves()
        else { return }
        fields.addRecord(leaves.lazy.map { ($0.path.string, $0.value) }, row: row)
    }

    /// KV_MODE = multi: the columns of the tables in the text, each cell a value.
    ///
    /// The `multikv` command makes a row of each line; an extraction cannot, so here the values of a column lie in one
    /// multivalue, in the order of the lines.
    static func addTables(_ text: UnsafeRawBufferPointer, row: Int, to fields: inout ExtractedFields) {
        let bytes = Array(text)
        var cells: [(String, Text)] = []
        for table in TextTable.all(in: bytes) {
            for line in table.rows {
                for (name, cell) in zip(table.names, line.cells) {
                    if let cell { cells.append((name.string, Text(bytes[cell]))) }
                }
            }
        }
        fields.addRecord(cells, row: row)
    }
}
