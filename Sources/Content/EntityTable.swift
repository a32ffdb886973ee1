import Columns
import SPL

/// A record of a list: the file as the loader got it, and the line on which it begins.
public struct EntityPlace: Sendable, Hashable, Comparable {
    public var file: String
    public var line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    public static func < (lhs: EntityPlace, rhs: EntityPlace) -> Bool {
        (Text(lhs.file), lhs.line) < (Text(rhs.file), rhs.line)
    }
}

/// What a table's row is made of.
public struct EntityOrigin: Sendable, Hashable {
    public var place: EntityPlace
    /// So many names of the key column, the first ones, are written in the record; the others are made of its addresses
    /// of e-mail.
    public var writtenNameCount: Int
}

/// Identities or assets as Enterprise Security's lookups have them: each cell holds any number of values.
public struct EntityTable: Sendable {
    /// Of every row, in order.
    public private(set) var columns: [String]
    /// Each as many cells as there are columns.
    public private(set) var rows: [[[String]]] = []
    /// Of each row.
    public private(set) var origins: [EntityOrigin] = []
    /// Records with names that `rows`, which knows no zones, gives to a record of another zone: here with all that are
    /// theirs in their own.
    private var zonedRows: [[[String]]] = []
    private var zonedOrigins: [EntityOrigin] = []
    private var known: Set<String>

    init(columns: [String]) {
        self.columns = columns
        known = Set(columns)
    }

    /// Values of columns that the table does not have yet make it wider: ES takes fields of one's own.
    ///
    /// - Parameter isZoned: for ``forEachRecord(_:)`` only, in place of the record's other rows.
    mutating func append(_ values: [String: [String]], _ origin: EntityOrigin, isZoned: Bool = false) {
        var foundCount = 0
        var row = columns.map { column in
            guard let cell = values[column] else { return [String]() }
            foundCount += 1
            return cell
        }
        if foundCount < values.count {
            for name in values.keys.filter({ !known.contains($0) }).sorted() {
                columns.append(name)
                known.insert(name)
                for row in rows.indices { rows[row].append([]) }
                for row in zonedRows.indices { zonedRows[row].append([]) }
                row.append(values[name] ?? [])
            }
        }
        if isZoned {
            zonedRows.append(row)
            zonedOrigins.append(origin)
        } else {
            rows.append(row)
            origins.append(origin)
        }
    }

    /// Stable: rows for which `rank` is equal keep their order.
    mutating func sort(by rank: [Int]) {
        let order = rows.indices.sorted { (rank[$0], $0) < (rank[$1], $1) }
        rows = order.map { rows[$0] }
        origins = order.map { origins[$0] }
    }

    /// The rows as a reader takes them who keeps zones apart. Without zones these are `rows`.
    public func forEachRecord(_ body: (EntityOrigin, [[String]]) -> Void) {
        let zoned = Set(zonedOrigins.map(\.place))
        for (origin, row) in zip(origins, rows) where zoned.isEmpty || !zoned.contains(origin.place) {
            body(origin, row)
        }
        for (origin, row) in zip(zonedOrigins, zonedRows) { body(origin, row) }
    }
}

/// The identity and asset lists of all content folders, as the lookups that Enterprise Security makes of its own:
/// `identity_lookup_expanded`, `asset_lookup_by_str`, `asset_lookup_by_cidr`.
///
/// One row an identity or asset, whose key column holds all its names; one row a block in the last. A name belongs to one
/// of them only: to that of the folder loaded last, there to the first in the file. Rows are not merged. Records of
/// different `cim_entity_zone` may share names; as the lookups know no zones, they give such a name to one of them.
/// Source: Splunk ES 5.0 and 6.3, "Asset and identity fields after processing".
public struct EntityTables: Sendable {
    public var identities: EntityTable
    public var assetsByName: EntityTable
    public var assetsByBlock: EntityTable
    /// Names that never tell who an entity is.
    public var stopValues: StopValueList
    /// What is not taken as written, by file and line.
    public var problems: [ContentProblem]

    /// Rows beyond this are left out, with a problem.
    static let maximumRows = 1_000_000
    /// A record with more names than this merges nothing, and one whose blocks hold more addresses nothing by address: so
    /// many names are seldom those of one person or machine, and one entity of them all would hide everyone.
    public static let maximumMergedNames = 200

    public var isEmpty: Bool { identities.rows.isEmpty && assetsByName.rows.isEmpty && assetsByBlock.rows.isEmpty }
}

/// Gathers the files of `entities/` folders.
public struct EntityLoader: Sendable {
    private var identityFiles: [EntityFile] = []
    private var assetFiles: [EntityFile] = []
    private var stopValueFiles: [EntityFile] = []
    private var problems: [ContentProblem] = []

    public init() {}

    /// - Parameter file: its last component is `identities.csv`, `assets.csv` or `stop_values.csv`; another is reported
    ///   and not read.
    public mutating func add(file: String, csv: [UInt8]) {
        switch file.split(separator: "/").last {
        case "identities.csv": identityFiles.append(EntityFile(file, csv, keys: ["identity", "email"]))
        case "assets.csv": assetFiles.append(EntityFile(file, csv, keys: ["ip", "mac", "nt_host", "dns"]))
        case "stop_values.csv": stopValueFiles.append(EntityFile(file, csv, keys: ["value"]))
        default:
            problems.append(
                ContentProblem(
                    file: file, position: .start,
                    diagnostic: Diagnostic(
                        ContentCode.malformedEntity, "file is not read",
                        hint: "name it identities.csv, assets.csv or stop_values.csv", severity: .warning)))
        }
    }

    public func tables() -> EntityTables {
        // A later folder's names go before those of earlier ones.
        let identities = IdentityTable(identityFiles.reversed())
        let assets = AssetTable(assetFiles.reversed())
        let stopValues = StopValueList(stopValueFiles.reversed())
        var tables = EntityTables(
            identities: identities.table, assetsByName: assets.byName, assetsByBlock: assets.byBlock,
            stopValues: stopValues, problems: [])
        tables.problems =
            (problems + identities.problems + assets.problems + stopValues.problems.all
            + EntityNameCheck.problems(of: tables)).sorted()
        return tables
    }
}
