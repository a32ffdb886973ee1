// The risk index: one SQLite file behind one GRDB pool for the process's whole life. WAL, so that readers see a steady
// state while a run writes; synchronous FULL, so that a committed firing survives a power cut. What a killed process
// leaves is the last commit: SQLite rolls the rest back on the next open.

import Foundation
import GRDB

/// The stored risk events and findings of one home folder.
public final class RiskIndex: Sendable {
    public let path: String
    /// `index_time` of what this process writes. No result depends on it.
    let indexTimeMicroseconds: Int64
    let pool: DatabasePool

    private init(path: String, indexTimeMicroseconds: Int64, pool: DatabasePool) {
        self.path = path
        self.indexTimeMicroseconds = indexTimeMicroseconds
        self.pool = pool
    }

    /// Opens the index at `path`; creates or upgrades it unless `readOnly`.
    ///
    /// - Parameter now: UTC microseconds, the `index_time` of what is written.
    /// - Throws: a case each for: missing (read-only), not a database or another program's, newer or older schema,
    ///   unwritable file or folder, full disk, locked for more than 5 s, damaged.
    public static func open(path: String, now: Int64, readOnly: Bool) throws(IndexError) -> RiskIndex {
        try open(path: path, now: now, readOnly: readOnly, maximumPageCount: nil)
    }

    /// - Parameter maximumPageCount: makes the disk full at that many pages of 4,096 bytes, for tests.
    static func open(
        path: String, now: Int64, readOnly: Bool, maximumPageCount: Int?
    ) throws(IndexError) -> RiskIndex {
        // Two processes that make one index at once meet in steps for which SQLite does not wait: the switch to WAL, and
        // a reading transaction that turns into a writing one.
        let deadline = ContinuousClock.now + .seconds(5)
        while true {
            do {
                return try openOnce(path: path, now: now, readOnly: readOnly, maximumPageCount: maximumPageCount)
            } catch  where error.code == .locked && ContinuousClock.now < deadline {
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
    }

    private static func openOnce(
        path: String, now: Int64, readOnly: Bool, maximumPageCount: Int?
    ) throws(IndexError) -> RiskIndex {
        do {
            let size = try fileSizeBytes(path: path)
            if readOnly, size ?? 0 == 0 { throw IndexError.missing(path: path) }
            if size == nil { try createFolder(of: path) }
            let configuration = configuration(readOnly: readOnly, maximumPageCount: maximumPageCount)
            // Before the pool: the pool turns any database into WAL mode, also one that is not ours.
            if size ?? 0 > 0 {
                try DatabaseQueue(path: path, configuration: configuration).read { database in
                    try requireIndex(database, path: path)
                }
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            if readOnly {
                guard try pool.read(Migrations.migrator.hasCompletedMigrations) else {
                    // A run that was killed at its very start leaves no table, or those of the first migrations: an
                    // index without events.
                    guard try pool.read(isWithoutEvents) else { throw IndexError.olderSchema(path: path) }
                    try pool.close()
                    _ = try open(path: path, now: now, readOnly: false, maximumPageCount: nil)
                    return try open(path: path, now: now, readOnly: true, maximumPageCount: maximumPageCount)
                }
            } else {
                // Here, not in `configuration`: GRDB's WAL mode sets NORMAL after it has prepared the connection.
                try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
                try migrate(pool)
            }
            return RiskIndex(path: path, indexTimeMicroseconds: now, pool: pool)
        } catch {
            throw IndexError(error, path: path)
        }
    }

    /// Two processes that open a new index at once both find migrations missing; the one that comes second to a
    /// migration fails on its first statement, and finds it done when it looks again.
    private static func migrate(_ pool: DatabasePool) throws {
        for _ in Migrations.all {
            do {
                return try Migrations.migrator.migrate(pool)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
                if try pool.read(Migrations.migrator.hasCompletedMigrations) { return }
            }
        }
        try Migrations.migrator.migrate(pool)
    }

    private static func configuration(readOnly: Bool, maximumPageCount: Int?) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        if let maximumPageCount {
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA max_page_count = \(maximumPageCount)") }
        }
        return configuration
    }

    /// A database without tables of anybody passes: a run that ends right at its start leaves one.
    private static func requireIndex(_ database: Database, path: String) throws {
        let applicationID = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tableCount =
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") ?? 0
        guard applicationID == Migrations.applicationID || (applicationID == 0 && tableCount == 0) else {
            throw IndexError.notAnIndex(path: path, cause: "it is the database of another program")
        }
        let known = Set(Migrations.all.map { $0.name })
        let unknown = try Migrations.migrator.appliedIdentifiers(database).filter { !known.contains($0) }.sorted()
        guard unknown.isEmpty else { throw IndexError.newerSchema(path: path, unknownMigrations: unknown) }
    }

    private static func isWithoutEvents(_ database: Database) throws -> Bool {
        guard try !Migrations.migrator.appliedIdentifiers(database).isEmpty else { return true }
        return try Row.fetchOne(database, sql: "SELECT 1 FROM firing LIMIT 1") == nil
    }

    private static func fileSizeBytes(path: String) throws -> Int? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        if attributes[.type] as? FileAttributeType == .typeDirectory {
            throw IndexError.notAnIndex(path: path, cause: "it is a folder")
        }
        return attributes[.size] as? Int
    }

    private static func createFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw IndexError.unwritable(path: path, cause: "folder '\(folder.path)' cannot be created")
        }
    }
}

extension RiskIndex {
    /// One snapshot of the index.
    func reading<Value>(_ body: (Database) throws -> Value) throws(IndexError) -> Value {
        do { return try pool.read(body) } catch { throw IndexError(error, path: path) }
    }

    /// One transaction: all of `body` or nothing.
    func writing<Value>(_ body: (Database) throws -> Value) throws(IndexError) -> Value {
        do { return try pool.write(body) } catch { throw IndexError(error, path: path) }
    }
}
