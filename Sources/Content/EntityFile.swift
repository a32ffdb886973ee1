import Columns
import Formats
import SPL

/// The rows of one CSV file of entities, and what is wrong with it. A bad row costs that row only.
struct EntityFile: Sendable {
    struct Row: Sendable {
        var line: Int
        /// By column; cells without text are left out, blanks around values dropped.
        var cells: [String: String]

        /// The values of a cell that holds several, `|` between them; each once.
        func values(_ column: String) -> [String] {
            guard let cell = cells[column] else { return [] }
            guard cell.utf8.contains(UInt8(ascii: "|")) else { return [cell] }
            var seen: Set<String> = []
            return cell.utf8.split(separator: UInt8(ascii: "|")).map { Text(Array($0)).withoutBlanks.string }.filter {
                !$0.isEmpty && seen.insert($0).inserted
            }
        }
    }

    let file: String
    private(set) var rows: [Row] = []
    private(set) var problems = EntityProblems()

    /// - Parameter keys: columns of which the header must have one.
    init(_ file: String, _ csv: [UInt8], keys: [String]) {
        self.file = file
        var reader: CSVReader
        do {
            reader = try CSVReader(csv)
        } catch {
            problems.add(file, error.line, error.message, hint: error.hint, severity: .error)
            return
        }
        let names = reader.header.map { $0.withoutBlanks.string }
        guard !Set(names).isDisjoint(with: keys) else {
            problems.add(
                file, 1, "no column is \(keys.joined(separator: ", ")): no row has a name",
                hint: "name the columns in line 1", severity: .error)
            return
        }
        while rows.count < EntityTables.maximumRows {
            do {
                guard let record = try reader.next() else { return }
                guard record.fields.allSatisfy({ String(validating: $0.bytes, as: UTF8.self) != nil }) else {
                    problems.add(file, record.line, "row is not UTF-8", hint: "save the file as UTF-8")
                    continue
                }
                var row = Row(line: record.line, cells: [:])
                for (name, cell) in zip(names, record.fields) where !name.isEmpty && row.cells[name] == nil {
                    let text = cell.withoutBlanks.string
                    if !text.isEmpty { row.cells[name] = text }
                }
                if !row.cells.isEmpty { rows.append(row) }
            } catch {
                problems.add(file, error.line, error.message, hint: error.hint)
            }
        }
        problems.add(file, 0, "more than \(EntityTables.maximumRows) rows; the rest is ignored")
    }
}

/// Problems of entity files: of one kind and file only so many, then how many more there are.
struct EntityProblems: Sendable {
    private var problems: [ContentProblem] = []
    private var unlisted: [String: Int] = [:]
    private var listed: [String: Int] = [:]
    private static let limit = 100

    mutating func add(
        _ file: String, _ line: Int, _ message: String, hint: String? = nil,
        code: String = ContentCode.malformedEntity, severity: Diagnostic.Severity = .warning
    ) {
        guard listed[file, default: 0] < Self.limit else {
            unlisted[file, default: 0] += 1
            return
        }
        listed[file, default: 0] += 1
        problems.append(
            ContentProblem(
                file: file, position: TextPosition(line: max(1, line), column: 1),
                diagnostic: Diagnostic(code, message, hint: hint, severity: severity)))
    }

    mutating func merge(_ other: EntityProblems) {
        problems += other.problems
        listed.merge(other.listed, uniquingKeysWith: +)
        unlisted.merge(other.unlisted, uniquingKeysWith: +)
    }

    var all: [ContentProblem] {
        problems
            + unlisted.map { file, count in
                ContentProblem(
                    file: file, position: TextPosition(line: 1, column: 1),
                    diagnostic: Diagnostic(
                        ContentCode.malformedEntity,
                        "\(count) more rows or values of this file are not taken as written",
                        severity: .warning))
            }
    }
}
