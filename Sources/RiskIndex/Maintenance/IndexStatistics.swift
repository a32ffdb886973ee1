import Foundation
import GRDB

/// What the index holds and how much room that takes.
public struct IndexStatistics: Sendable, Hashable {
    public struct Table: Sendable, Hashable {
        public var name: String
        public var rowCount: Int
        /// Without its indexes; nil where SQLite cannot tell (built without `dbstat`).
        public var bytes: Int?
        /// By name.
        public var indexes: [Index]
    }

    public struct Index: Sendable, Hashable {
        public var name: String
        public var bytes: Int?
    }

    public struct Setting: Sendable, Hashable {
        public var name: String
        public var value: String
    }

    /// Name of the last migration, such as `0003_finding_lives`.
    public var schemaVersion: String
    public var fileBytes: Int
    /// What is written and not yet moved into the file.
    public var logBytes: Int
    /// Pages of the file that hold nothing; `compact` gives them back.
    public var freeBytes: Int
    /// `_time` of the first and the last risk event, UTC microseconds, both inclusive.
    public var firstMicroseconds: Int64?
    public var lastMicroseconds: Int64?
    public var entityCount: Int
    /// Rules by `search_name`; the table `rule` has a row for each of their versions.
    public var ruleCount: Int
    /// By name.
    public var tables: [Table]
    /// What the index remembers of its content, such as versions of identity lists; by name.
    public var settings: [Setting]
}

extension RiskIndex {
    /// Counts every row and looks at every page: seconds for a file of gigabytes.
    public func statistics() throws(IndexError) -> IndexStatistics {
        try reading { database in
            func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
            let pageBytes = try number("PRAGMA page_size")
            return IndexStatistics(
                schemaVersion: try Migrations.migrator.appliedIdentifiers(database).max() ?? "",
                fileBytes: try number("PRAGMA page_count") * pageBytes, logBytes: Self.sizeBytes(path + "-wal"),
                freeBytes: try number("PRAGMA freelist_count") * pageBytes,
                firstMicroseconds: try Int64.fetchOne(database, sql: RiskIndex.firstTimeSQL),
                lastMicroseconds: try Int64.fetchOne(database, sql: RiskIndex.lastTimeSQL),
                entityCount: try number("SELECT count(*) FROM entity"),
                ruleCount: try number("SELECT count(DISTINCT search_name) FROM rule"),
                tables: try Self.tables(database),
                settings: try Row.fetchAll(database, sql: "SELECT name, value FROM setting ORDER BY name").map {
                    IndexStatistics.Setting(name: $0[0], value: $0[1])
                })
        }
    }

    private static func tables(_ database: Database) throws -> [IndexStatistics.Table] {
        let bytes = try bytesByName(database)
        let names = try String.fetchAll(
            database,
            sql: """
                SELECT name FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations' ORDER BY name
                """)
        return try names.map { name in
            let indexes = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? ORDER BY name",
                arguments: [name])
            let rowCount = try Int.fetchOne(database, sql: "SELECT count(*) FROM \(name.quotedDatabaseIdentifier)")
            return IndexStatistics.Table(
                name: name, rowCount: rowCount ?? 0, bytes: bytes?[name],
                indexes: indexes.map { IndexStatistics.Index(name: $0, bytes: bytes?[$0]) })
        }
    }

    /// Nil where SQLite was built without `dbstat`.
    private static func bytesByName(_ database: Database) throws -> [String: Int]? {
        let sql = "SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE"
        guard let statement = try? database.makeStatement(sql: sql) else { return nil }
        let rows = try Row.fetchAll(statement).map { (name: $0[0] as String, bytes: $0[1] as Int) }
        return Dictionary(rows.map { ($0.name, $0.bytes) }, uniquingKeysWith: +)
    }

    static func sizeBytes(_ path: String) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
    }

    /// The file and its log.
    var bytesOnDisk: Int { Self.sizeBytes(path) + Self.sizeBytes(path + "-wal") }
}
