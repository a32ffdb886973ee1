// What can go wrong between us and the file. SQLite's result codes are folded into the few cases that have different
// ways out: a reader needs to know whether to wait, to free space, to upgrade or to look at the path.
// Source of the result codes: sqlite.org/rescode.html.

import GRDB

/// Why the risk index cannot be opened, read or written.
public struct IndexError: Error, Sendable, Hashable {
    /// Stable; numbers are never reused.
    public enum Code: String, Sendable, CaseIterable {
        case missing = "E601"
        case notAnIndex = "E602"
        case newerSchema = "E603"
        case unwritable = "E604"
        case diskFull = "E605"
        case locked = "E606"
        case corrupt = "E607"
        case ambiguousPrefix = "E608"
        case invalidRecord = "E609"
        case inputOutput = "E610"
        case olderSchema = "E611"
        case invalidQuery = "E612"
        case doesNotHold = "E613"
        case fileExists = "E614"
        case unknownEntity = "E615"
        case ambiguousEntity = "E616"
        case badAnswer = "E617"
    }

    public var code: Code
    /// Lower case, present tense; names the path.
    public var message: String
    /// The way out.
    public var hint: String

    public init(code: Code, message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension IndexError: CustomStringConvertible {
    public var description: String { "error[\(code.rawValue)]: \(message): \(hint)" }
}

extension IndexError {
    static func missing(path: String) -> IndexError {
        IndexError(
            code: .missing, message: "no risk index at '\(path)'",
            hint: "run `accrue run` first, or point --home at the folder that holds risk.sqlite")
    }

    static func notAnIndex(path: String, cause: String) -> IndexError {
        IndexError(
            code: .notAnIndex, message: "'\(path)' is not a risk index: \(cause)",
            hint: "point --home at another folder, or move that file away and run `accrue run`")
    }

    static func newerSchema(path: String, unknownMigrations: [String]) -> IndexError {
        IndexError(
            code: .newerSchema,
            message:
                "risk index '\(path)' is of a newer version: it has '\(unknownMigrations.joined(separator: "', '"))'",
            hint: "use the version of accrue that wrote it, or a newer one")
    }

    static func olderSchema(path: String) -> IndexError {
        IndexError(
            code: .olderSchema, message: "risk index '\(path)' is of an older version and is opened for reading only",
            hint: "run `accrue run` once: it upgrades the index and keeps its contents")
    }

    static func unwritable(path: String, cause: String) -> IndexError {
        IndexError(
            code: .unwritable, message: "risk index '\(path)' cannot be opened or written: \(cause)",
            hint: "check the owner and permissions of the file and of its folder, or choose another --home")
    }

    static func damagedRecord(path: String, table: String, key: String) -> IndexError {
        IndexError(
            code: .corrupt, message: "risk index '\(path)' holds a damaged record: \(table) '\(key)'",
            hint: "restore the file from a backup, or move it away and run `accrue run` on the same input")
    }

    static func invalidRecord(_ cause: String, path: String) -> IndexError {
        IndexError(
            code: .invalidRecord, message: "\(cause); nothing of this batch is written to '\(path)'",
            hint: "look at the rule that made the record")
    }

    /// Sorts a failure of SQLite into our cases; an ``IndexError`` passes through.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as IndexError: self = error
        case let error as DatabaseError: self = IndexError(sqlite: error, path: path)
        default:
            self = IndexError(
                code: .inputOutput, message: "risk index '\(path)' fails: \(error)", hint: "try again")
        }
    }

    private init(sqlite error: DatabaseError, path: String) {
        let cause = error.message ?? "SQLite result code \(error.extendedResultCode.rawValue)"
        // The file that processes share beside the log cannot grow: SQLite calls a full disk so there.
        let isFull = error.extendedResultCode == .SQLITE_IOERR_SHMSIZE
        switch isFull ? .SQLITE_FULL : error.resultCode {
        case .SQLITE_NOTADB:
            self = .notAnIndex(path: path, cause: cause)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self = .unwritable(path: path, cause: cause)
        case .SQLITE_FULL:
            self.init(
                code: .diskFull, message: "no space left to write risk index '\(path)'",
                hint: "free some space and run again: what was committed is kept, the rest is completed")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                code: .locked, message: "risk index '\(path)' is locked by another process for more than 5 seconds",
                hint: "wait until the other accrue is done, then run again")
        case .SQLITE_CORRUPT:
            self.init(
                code: .corrupt, message: "risk index '\(path)' is damaged: \(cause)",
                hint: "restore the file from a backup, or move it away and run `accrue run` on the same input")
        case .SQLITE_CONSTRAINT:
            self = .invalidRecord("a record breaks a rule of the schema (\(cause))", path: path)
        default:
            self.init(
                code: .inputOutput, message: "risk index '\(path)' fails: \(cause)",
                hint: "check the disk that holds the file")
        }
    }
}
