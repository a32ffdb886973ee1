import Formats
import SPL

// What Enterprise Security does to values of both lists. Source: ES 5.0, "Asset and identity fields after processing".

/// A name that is a record's in its zone.
struct ClaimedName {
    var text: String
    /// False for one that a record of another zone has in lookups.
    var isInLookups: Bool
}

/// Turns the rows of entity files into rows of lookups, with whose each name is.
struct EntityValues {
    private(set) var problems = EntityProblems()
    /// Names that are taken, folded, and by whom.
    private var owners: [String: Owner] = [:]
    /// Names that are taken by a record of one zone while `owners` has one of another, by zone and name.
    private var zoneOwners: [[String]: Owner] = [:]

    private struct Owner: Equatable {
        var file: String
        var line: Int
        var zone: String
    }

    private static let priorities: Set = ["unknown", "informational", "low", "medium", "high", "critical"]
    private static let yes: Set = ["true", "t", "yes", "y", "1"]
    private static let no: Set = ["false", "f", "no", "n", "0"]

    init(_ files: [EntityFile]) {
        for file in files { problems.merge(file.problems) }
    }

    mutating func report(_ file: String, _ row: EntityFile.Row, _ message: String, hint: String? = nil) {
        problems.add(file, row.line, message, hint: hint)
    }

    /// The names of `wanted` that nobody of the row's zone had before; they are this row's then.
    ///
    /// - Parameter isQuiet: a name that is only derived is left to whoever has it.
    mutating func claim(
        _ wanted: [String], _ file: String, _ row: EntityFile.Row, isQuiet: Bool = false
    ) -> [ClaimedName] {
        let claimant = Owner(
            file: file, line: row.line, zone: row.cells["cim_entity_zone"]?.lowercased() ?? "")
        var got: [ClaimedName] = []
        for name in wanted {
            let folded = name.lowercased()
            guard let owner = owners[folded] else {
                owners[folded] = claimant
                got.append(ClaimedName(text: name, isInLookups: true))
                continue
            }
            if owner == claimant { continue }
            if owner.zone == claimant.zone {
                if !isQuiet { reportTaken(name, by: owner, file, row) }
            } else if let owner = zoneOwners[[claimant.zone, folded]] {
                if owner != claimant, !isQuiet { reportTaken(name, by: owner, file, row) }
            } else {
                zoneOwners[[claimant.zone, folded]] = claimant
                got.append(ClaimedName(text: name, isInLookups: false))
                if !isQuiet {
                    problems.add(
                        file, row.line,
                        "'\(shortened(name))' is also a name of \(place(owner, from: file)), of another zone;"
                            + " lookups, which know no zones, give that",
                        code: ContentCode.sharedKey, severity: .note)
                }
            }
        }
        return got
    }

    private mutating func reportTaken(_ name: String, by owner: Owner, _ file: String, _ row: EntityFile.Row) {
        problems.add(
            file, row.line, "'\(shortened(name))' is a name of \(place(owner, from: file)) already, which keeps it",
            hint: "remove it from one of them", code: ContentCode.sharedKey)
    }

    private func place(_ owner: Owner, from file: String) -> String {
        owner.file == file ? "line \(owner.line)" : "\(owner.file):\(owner.line)"
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
        var bytes: [UInt8] = []
        for part in parts {
            bytes += "\(part.count):".utf8
            for value in part {
                bytes += "\(value.utf8.count):".utf8
                bytes += value.utf8
            }
        }
        return String(SHA256.hexDigest(bytes).prefix(32))
    }
}
