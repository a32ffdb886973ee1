import Columns
import Formats

/// A CSV file read once, shared by all definitions that name it.
struct LookupCSV: Sendable {
    private(set) var names: [String] = []
    private(set) var position: [String: Int] = [:]
    /// Every row is as wide as the header.
    private(set) var rows: [[Text]] = []
    /// What is left out, at most `maximumProblems`.
    private(set) var problems: [(line: Int, message: String, hint: String?)] = []

    private static let maximumRows = 5_000_000
    private static let maximumProblems = 20

    /// Reads a whole file; blanks around names and cells are dropped. Never fails: see ``problems``.
    init(_ csv: [UInt8]) {
        var reader: CSVReader
        do {
            reader = try CSVReader(csv)
        } catch {
            report(error)
            return
        }
        for cell in reader.header {
            let name = Self.trimmed(cell).string
            if position[name] == nil { position[name] = names.count }
            names.append(name)
        }
        while rows.count < Self.maximumRows {
            do {
                guard let record = try reader.next() else { return }
                rows.append(record.fields.map { Self.trimmed($0) })
            } catch {
                report(error)
            }
        }
        problems.append((0, "lookup table has more than \(Self.maximumRows) rows; the rest is ignored", nil))
    }

    private mutating func report(_ error: CSVError) {
        if problems.count < Self.maximumProblems { problems.append((error.line, error.message, error.hint)) }
    }

    private static func trimmed(_ text: Text) -> Text {
        let bytes = text.bytes
        guard let first = bytes.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }),
            let last = bytes.lastIndex(where: { $0 != 0x20 && $0 != 0x09 })
        else { return Text([]) }
        return first == 0 && last == bytes.count - 1 ? text : Text(bytes[first...last])
    }
}
