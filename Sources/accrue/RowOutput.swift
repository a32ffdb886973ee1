import Columns
import Reports
import Risk
import RiskIndex

/// Rows on stdout, in one of the row forms.
struct RowOutput {
    static let forms: [OutputForm] = [.table, .ndjson, .json, .csv]

    let form: OutputForm

    func write(_ batch: Batch) {
        write((0..<batch.rowCount).map { batch.resultFields($0) }, columns: batch.names)
    }

    /// - Parameter columns: the schema, for the forms that show a column even when no row fills it.
    func write(_ rows: [[ResultField]], columns: [String] = []) {
        switch form {
        case .ndjson: for row in rows { Console.output(RowWriter.ndjson(row)) }
        case .csv: Console.output(RowWriter.csv(rows))
        case .json: Console.output(RowWriter.json(rows))
        default:
            if rows.isEmpty {
                Console.output(
                    columns.isEmpty ? "no rows\n" : "no rows (columns: \(columns.joined(separator: ", ")))\n")
            } else {
                Console.output(RowWriter.table(rows.map { $0.map(Self.readable) }))
            }
        }
    }

    /// Epoch seconds of Splunk's own time fields as a date, for people.
    private static func readable(_ field: ResultField) -> ResultField {
        guard ["_time", "info_min_time", "info_max_time", "info_search_time"].contains(field.name), field.isNumber
        else { return field }
        let values = field.values.map { text in
            Double(text).map { TimeText.iso8601(Int64(($0 * 1_000_000).rounded())) } ?? text
        }
        return ResultField(name: field.name, values: values, isNumber: false)
    }
}

extension ResultField {
    /// A record's fields, led by what kind of record it is.
    static func rows(_ fields: [(name: String, value: Value)], kind: String? = nil) -> [ResultField] {
        (kind.map { [ResultField("kind", .text($0))] } ?? []) + row(fields)
    }
}
