import SPL

/// Identities or assets as Enterprise Security's lookups have them: each cell holds any number of values.
public struct EntityTable: Sendable {
    /// Of every row, in order.
    public private(set) var columns: [String]
    /// Each as many cells as there are columns.
    public private(set) var rows: [[[String]]] = []

    init(columns: [String]) { self.columns = columns }

    /// Values of columns that the table does not have yet make it wider: ES takes fields of one's own.
    mutating func append(_ values: [String: [String]]) {
        let known = Set(columns)
        for name in values.keys.sorted() where !known.contains(name) {
            columns.append(name)
            for row in rows.indices { rows[row].append([]) }
        }
        rows.append(columns.map { values[$0] ?? [] })
    }

    /// Stable: rows for which `rank` is equal keep their order.
    mutating func sort(by rank: [Int]) {
        rows = rows.indices.sorted { (rank[$0], $0) < (rank[$1], $1) }.map { rows[$0] }
    }
}

/// The identity and asset lists of all content folders, as the lookups that Enterprise Security makes of its own:
/// `identity_lookup_expanded`, `asset_lookup_by_str`, `asset_lookup_by_cidr`.
///
/// One row an identity or asset, whose key column holds all its names; one row a block in the last. A name belongs to one
/// of them only: to that of the folder loaded last, there to the first in the file. Rows are not merged.
/// Source: Splunk ES 5.0 and 6.3, "Asset and identity fields after processing".
public struct EntityTables: Sendable {
    public var identities: EntityTable
    public var assetsByName: EntityTable
    public var assetsByBlock: EntityTable
    /// What is not taken as written, by file and line.
    public var problems: [ContentProblem]

    /// Rows beyond this are left out, with a problem.
    static let maximumRows = 1_000_000

    public var isEmpty: Bool { identities.rows.isEmpty && assetsByName.rows.isEmpty && assetsByBlock.rows.isEmpty }
}

/// Gathers the files of `entities/` folders.
public struct EntityLoader: Sendable {
    private var identityFiles: [EntityFile] = []
    private var assetFiles: [EntityFile] = []
    private var problems: [ContentProblem] = []

    public init() {}

    /// - Parameter file: its last component is `identities.csv` or `assets.csv`; another is reported and not read.
    public mutating func add(file: String, csv: [UInt8]) {
        switch file.split(separator: "/").last {
        case "identities.csv": identityFiles.append(EntityFile(file, csv, keys: ["identity", "email"]))
        case "assets.csv": assetFiles.append(EntityFile(file, csv, keys: ["ip", "mac", "nt_host", "dns"]))
        default:
            problems.append(
                ContentProblem(
                    file: file, position: .start,
                    diagnostic: Diagnostic(
                        ContentCode.malformedEntity, "file is not read", hint: "name it identities.csv or assets.csv",
                        severity: .warning)))
        }
    }

    public func tables() -> EntityTables {
        // A later folder's names go before those of earlier ones.
        let identities = IdentityTable(identityFiles.reversed())
        let assets = AssetTable(assetFiles.reversed())
        return EntityTables(
            identities: identities.table, assetsByName: assets.byName, assetsByBlock: assets.byBlock,
            problems: (problems + identities.problems + assets.problems).sorted())
    }
}
