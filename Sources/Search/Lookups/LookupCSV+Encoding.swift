public import Columns
import Formats

// A table as a CSV file that ``LookupCSV`` reads back. Splunk writes the values of a multivalue cell a second time, as
// `$a$;$b$` in a column `__mv_<name>`, a dollar sign doubled. Source: Splunk Search Reference 9.4, "outputlookup",
// output_format=splunk_mv_csv.

extension LookupCSV {
    static let multivaluePrefix = "__mv_"

    /// Null is an empty cell. The `__mv_` columns stand only where a column has multivalues.
    public static func encoded(_ rows: Batch) -> [UInt8] {
        let multivalued = zip(rows.names, rows.columns).filter { _, column in
            column.values.contains { if case .multivalue = $0 { true } else { false } }
        }
        var writer = CSVWriter()
        writer.record(rows.names.map { Text($0) } + multivalued.map { Text(multivaluePrefix + $0.0) })
        for row in 0..<rows.rowCount {
            writer.record(
                rows.columns.map { cell($0[row]) } + multivalued.map { encodedMultivalue($0.1[row]) })
        }
        return writer.bytes
    }

    private static func cell(_ value: Value) -> Text {
        Text(Array(value.elements.compactMap { $0.printed?.bytes }.joined(separator: [0x0A])))
    }

    private static func encodedMultivalue(_ value: Value) -> Text {
        guard case .multivalue(let values) = value else { return Text([]) }
        let dollar = UInt8(ascii: "$")
        let parts = values.compactMap { $0.printed?.bytes }.map { bytes in
            [dollar] + bytes.flatMap { $0 == dollar ? [dollar, dollar] : [$0] } + [dollar]
        }
        return Text(Array(parts.joined(separator: [UInt8(ascii: ";")])))
    }

    /// - Returns: nil for text that is not of this form.
    static func decodedMultivalue(_ text: Text) -> Value? {
        let dollar = UInt8(ascii: "$"), bytes = text.bytes
        var values: [Value] = []
        var position = 0
        while true {
            guard position < bytes.count, bytes[position] == dollar else { return nil }
            position += 1
            var value: [UInt8] = []
            while position < bytes.count {
                if bytes[position] == dollar {
                    guard position + 1 < bytes.count, bytes[position + 1] == dollar else { break }
                    position += 1
                }
                value.append(bytes[position])
                position += 1
            }
            guard position < bytes.count else { return nil }
            position += 1
            values.append(.text(Text(value)))
            if position == bytes.count { return .list(values) }
            guard bytes[position] == UInt8(ascii: ";") else { return nil }
            position += 1
        }
    }
}
