public import Columns
import Formats

/// A CSV table read once, shared by all lookups that name it.
public struct LookupCSV: Sendable {
    /// The columns of the header in order; of equal names the first, and none without a name.
    public var names: [String] { rows.names }
    /// Cells are text without the blanks around it; an empty cell is null. A column `__mv_<name>` has the values of the
    /// multivalue cells of `<name>`.
    public private(set) var rows = Batch()
    /// What is left out, at most `maximumProblems`.
    public private(set) var problems: [(line: Int, message: String, hint: String?)] = []

    private static let maximumRows = 5_000_000
    private static let maximumProblems = 20

    /// A table that searches or tests made.
    init(rows: Batch) { self.rows = rows }

    /// Reads a whole file; blanks around names and cells are dropped. Never fails: see ``problems``.
    public init(_ csv: [UInt8]) {
        var reader: CSVReader
        do {
            reader = try CSVReader(csv)
        } catch {
            report(error)
            return
        }
        var columns: [(name: String, position: Int)] = []
        var multivalues: [String: Int] = [:]
        for (position, cell) in reader.header.enumerated() {
            let name = cell.withoutBlanks.string
            if name.hasPrefix(Self.multivaluePrefix) {
                multivalues[String(name.dropFirst(Self.multivaluePrefix.count))] = position
            } else if !name.isEmpty, !columns.contains(where: { $0.name == name }) {
                columns.append((name, position))
            }
        }
        let valuesOfColumn = columns.map { multivalues[$0.name] }
        var builders = columns.map { _ in ColumnBuilder() }
        var rowCount = 0
        defer {
            rows = Batch(
                rowCount: rowCount, columns: zip(columns, builders).map { ($0.name, $1.finish()) })
        }
        while rowCount < Self.maximumRows {
            do {
                guard let record = try reader.next() else { return }
                for (index, column) in columns.enumerated() {
                    let cell = record.fields[column.position].withoutBlanks
                    let values = valuesOfColumn[index].flatMap { Self.decodedMultivalue(record.fields[$0]) }
                    builders[index].append(values ?? (cell.isEmpty ? .null : .text(cell)))
                }
                rowCount += 1
            } catch {
                report(error)
            }
        }
        problems.append((0, "lookup table has more than \(Self.maximumRows) rows; the rest is ignored", nil))
    }

    private mutating func report(_ error: CSVError) {
        if problems.count < Self.maximumProblems { problems.append((error.line, error.message, error.hint)) }
    }
}
