import Formats
import SPL

// What Enterprise Security does to values of both lists. Source: ES 5.0, "Asset and identity fields after processing".

/// Turns the rows of entity files into rows of lookups, with whose each name is.
struct EntityValues {
    private(set) var problems = EntityProblems()
    /// Names that are taken, folded, and where.
    private var owners: [String: (file: String, line: Int)] = [:]

    private static let priorities: Set = ["unknown", "informational", "low", "medium", "high", "critical"]
    private static let yes: Set = ["true", "t", "yes", "y", "1"]
    private static let no: Set = ["false", "f", "no", "n", "0"]

    init(_ files: [EntityFile]) {
        for file in files { problems.merge(file.problems) }
    }

    mutating func report(_ file: String, _ row: EntityFile.Row, _ message: String, hint: String? = nil) {
        problems.add(file, row.line, message, hint: hint)
    }

    /// The names of `wanted` that nobody had before; they are this row's then.
    ///
    /// - Parameter isQuiet: a name that is only derived is left to whoever has it.
    mutating func claim(_ wanted: [String], _ file: String, _ row: EntityFile.Row, isQuiet: Bool = false) -> [String] {
        var got: [String] = []
        for name in wanted {
            let folded = name.lowercased()
            guard let owner = owners[folded] else {
                owners[folded] = (file, row.line)
                got.append(name)
                continue
            }
            if isQuiet || owner == (file, row.line) { continue }
            let place = owner.file == file ? "line \(owner.line)" : "\(owner.file):\(owner.line)"
            problems.add(
                file, row.line, "'\(shortened(name))' is a name of \(place) already, which keeps it",
                hint: "remove it from one of them", code: ContentCode.sharedKey)
        }
        return got
    }

    /// `true` or `false`; nil, and a problem, for what is neither.
    mutating func boolean(_ column: String, _ file: String, _ row: EntityFile.Row) -> [String] {
        guard let text = row.cells[column]?.lowercased() else { return [] }
        if Self.yes.contains(text) { return ["true"] }
        if Self.no.contains(text) { return ["false"] }
        report(file, row, "\(column) '\(shortened(text))' is neither true nor false", hint: "write true or false")
        return []
    }

    /// Latitude or longitude in degrees.
    mutating func degrees(_ column: String, _ bound: Double, _ file: String, _ row: EntityFile.Row) -> [String] {
        guard let text = row.cells[column] else { return [] }
        if let number = Double(text), abs(number) <= bound { return [text] }
        report(file, row, "\(column) '\(shortened(text))' is no number of degrees")
        return []
    }

    /// Any text; one that is no level of ES is kept, and reported.
    mutating func priority(_ file: String, _ row: EntityFile.Row) -> [String] {
        guard let text = row.cells["priority"] else { return [] }
        let folded = text.lowercased()
        if Self.priorities.contains(folded) { return [folded] }
        report(
            file, row, "priority '\(shortened(text))' is none of ES's",
            hint: "unknown, informational, low, medium, high, critical")
        return [text]
    }

    /// `cardholder` is `pci` too.
    func categories(_ row: EntityFile.Row) -> [String] {
        let values = row.values("category")
        let isCardholder = values.contains { $0.lowercased().contains("cardholder") }
        return isCardholder && !values.contains("pci") ? values + ["pci"] : values
    }

    /// The same for the same texts, on every machine.
    static func key(_ parts: [[String]]) -> String {
        let text = parts.map { "\($0.count):" + $0.map { "\($0.utf8.count):\($0)" }.joined() }.joined()
        return String(SHA256.hexDigest(Array(text.utf8)).prefix(32))
    }
}
