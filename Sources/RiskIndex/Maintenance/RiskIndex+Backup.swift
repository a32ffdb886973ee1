import Foundation
import GRDB
import Glibc

/// A copy of the index and what its checks say.
public struct BackupReport: Sendable {
    public var bytes: Int
    public var checks: [IndexCheckResult]
}

extension RiskIndex {
    /// Copies the index as it stands, in one snapshot, while others read and write. The copy is one file without a log;
    /// it has its name only when it is whole.
    ///
    /// - Throws: `fileExists` when there is something at `destination`; ``IndexError`` about that path for what goes
    ///   wrong there.
    public func backup(to destination: String) throws(IndexError) -> BackupReport {
        let partial = destination + ".partial"
        guard !FileManager.default.fileExists(atPath: destination) else {
            throw IndexError.fileExists(path: destination)
        }
        for suffix in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: partial + suffix) }
        defer {
            for suffix in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: partial + suffix)
            }
        }
        do {
            let copy = try DatabaseQueue(path: partial)
            try pool.backup(to: copy)
            try copy.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                _ = try String.fetchOne(database, sql: "PRAGMA journal_mode = DELETE")
            }
            let checks = try Self.verified(path: destination) { body in try copy.read { body($0) } }
            try copy.close()
            try Self.synchronize(partial)
            guard rename(partial, destination) == 0 else {
                throw IndexError.unwritable(path: destination, cause: String(cString: strerror(errno)))
            }
            try Self.synchronize(URL(fileURLWithPath: destination).deletingLastPathComponent().path)
            return BackupReport(bytes: Self.sizeBytes(destination), checks: checks)
        } catch {
            throw IndexError(error, path: destination)
        }
    }

    /// What was written is on the disk after this, a folder's names too.
    private static func synchronize(_ path: String) throws {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw IndexError.unwritable(path: path, cause: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw IndexError.unwritable(path: path, cause: String(cString: strerror(errno)))
        }
    }
}
