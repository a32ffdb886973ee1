import GRDB
import GRDBSQLite

/// A prepared statement through SQLite's own functions: for rows by the million, where a row of GRDB costs more than the
/// step that found it. Texts go in and out as bytes.
///
/// For use inside one access to its database only; arguments count from 1, columns from 0, as SQLite counts them.
final class RawStatement {
    private let statement: Statement
    private let handle: SQLiteStatement

    init(_ database: Database, _ sql: String) throws {
        statement = try database.makeStatement(sql: sql)
        handle = statement.sqliteStatement
    }

    /// - Returns: whether there is a row.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
            sqlite3_reset(handle)
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }

    /// For the next run; the arguments stay.
    func reset() { sqlite3_reset(handle) }

    /// Runs a statement that gives no rows. - Returns: how many rows it changed.
    @discardableResult
    func execute() throws -> Int {
        defer { sqlite3_reset(handle) }
        while try step() {}
        return Int(sqlite3_changes(sqlite3_db_handle(handle)))
    }

    /// The first column of the first row, an integer; nil without a row, or where it is null.
    func integer() throws -> Int64? {
        defer { sqlite3_reset(handle) }
        return try step() && !isNull(0) ? integer(0) : nil
    }

    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(sqlite3_db_handle(handle)) }

    // MARK: Columns

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    /// Of a text; valid until the next step.
    func text(_ column: Int32) -> UnsafeRawBufferPointer {
        guard let start = sqlite3_column_text(handle, column) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    /// Of a blob; valid until the next step.
    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    func string(_ column: Int32) -> String { String(decoding: text(column), as: UTF8.self) }

    // MARK: Arguments

    func bind(_ value: Int64, at position: Int32) { sqlite3_bind_int64(handle, position, value) }
    func bind(_ value: Double, at position: Int32) { sqlite3_bind_double(handle, position, value) }
    func bindNull(at position: Int32) { sqlite3_bind_null(handle, position) }

    func bind(_ value: Int64?, at position: Int32) {
        if let value { bind(value, at: position) } else { bindNull(at: position) }
    }

    /// SQLite keeps the address, not the bytes: they must stay where they are until the argument has another value.
    func bind(text: UnsafeRawBufferPointer, at position: Int32) {
        // A null address would be NULL.
        let start = text.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) } ?? Self.emptyText
        sqlite3_bind_text(handle, position, start, Int32(text.count), nil)
    }

    /// SQLite takes a copy.
    func bind(copy text: some Collection<UInt8>, at position: Int32) {
        let bytes = Array(text)
        bytes.withUnsafeBytes { room in
            let start = room.baseAddress.map { $0.assumingMemoryBound(to: CChar.self) } ?? Self.emptyText
            sqlite3_bind_text(handle, position, start, Int32(room.count), Self.transient)
        }
    }

    func bind(copyOfBlob bytes: [UInt8], at position: Int32) {
        if bytes.isEmpty {
            sqlite3_bind_zeroblob(handle, position, 0)
        } else {
            bytes.withUnsafeBytes { room in
                _ = sqlite3_bind_blob(handle, position, room.baseAddress, Int32(room.count), Self.transient)
            }
        }
    }

    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    nonisolated(unsafe) private static let emptyText: UnsafePointer<CChar> = {
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        text.initialize(to: 0)
        return UnsafePointer(text)
    }()
}
