import GRDB
import GRDBSQLite

// SQLite's own functions, not GRDB's rows: a window of the 24-hour rule may hold hundreds of thousands of events, and a
// row of GRDB costs more than the step that found it.

extension RiskIndex {
    /// Reads risk events as columns, in batches, by time, then key, out of one snapshot of the index.
    ///
    /// - Parameters:
    ///   - query: its `limit` counts events.
    ///   - begin: gets what the events share, before the first batch; without it that is not read.
    ///   - body: gets 1 to `batchSize` events a call.
    /// - Throws: ``IndexError``, and what the closures throw, unchanged.
    public func forEachRiskColumns(
        _ query: RiskEventQuery, _ parts: RiskColumnParts = [], batchSize: Int = 65_536,
        begin: ((RiskDimensions) throws -> Void)? = nil, body: (RiskColumns) throws -> Void
    ) throws {
        precondition(batchSize > 0, "batches of nothing")
        let select = try RiskColumnReader.select(query, parts, path: path)
        var bodyError: (any Error)?
        try reading { database in
            do {
                if let begin { try begin(try RiskDimensions.read(database, path: path)) }
                var reader = try RiskColumnReader(database, select, parts, path: path)
                while let batch = try reader.next(batchSize) { try body(batch) }
            } catch let error as DatabaseError {
                throw error
            } catch {
                bodyError = error
            }
        }
        if let bodyError { throw bodyError }
    }

    /// All of the query's events at once. What their numbers mean: ``riskDimensions()``, read after this.
    public func riskColumns(_ query: RiskEventQuery, _ parts: RiskColumnParts = []) throws(IndexError) -> RiskColumns {
        let select = try RiskColumnReader.select(query, parts, path: path)
        return try reading { database in
            var reader = try RiskColumnReader(database, select, parts, path: path)
            return try reader.next(.max) ?? RiskColumns()
        }
    }

    /// What events share. Numbers are never given to something else while a process runs.
    public func riskDimensions() throws(IndexError) -> RiskDimensions {
        try reading { database in try RiskDimensions.read(database, path: path) }
    }
}

extension RiskDimensions {
    static func read(_ database: Database, path: String) throws -> RiskDimensions {
        let reader = DimensionReader(database, path: path)
        // Ids are given one after the other; one far from the others was never given.
        let highestNumber = 1 << 27
        /// Rows by id; the id is the last column.
        func all<Element>(
            _ sql: String, idColumn: Int32, _ decode: (RawStatement) throws -> Element
        ) throws -> [Element?] {
            var elements: [Element?] = []
            let row = try RawStatement(database, sql + " ORDER BY id")
            while try row.step() {
                let id = Int(row.integer(idColumn))
                guard id >= elements.count, id <= highestNumber else {
                    throw IndexError.damagedRecord(path: path, table: "dimension", key: String(id))
                }
                while elements.count < id { elements.append(nil) }
                elements.append(try decode(row))
            }
            return elements
        }
        return RiskDimensions(
            rules: try all(DimensionReader.ruleSQL, idColumn: 6) { try reader.decodeRule($0) },
            riskObjects: try all("SELECT * FROM (\(DimensionReader.riskObjectSQL))", idColumn: 7) {
                DimensionReader.decodeRiskObject($0)
            },
            threatObjects: try all(DimensionReader.threatObjectSQL, idColumn: 2) {
                DimensionReader.decodeThreatObject($0)
            })
    }
}

/// Steps through one SELECT and fills columns.
struct RiskColumnReader {
    private let statement: Statement
    private let threatStatement: Statement?
    private let parts: RiskColumnParts
    private let path: String
    private let wantsRecordIDs: Bool
    private var isDone = false
    private var factorIDs: [String: UInt32] = [:]
    private var factorLists: [(additions: [String], multiplications: [String])] = []
    private var threatListIDs: [[UInt32]: UInt32] = [:]
    private var threatLists: [[UInt32]] = []
    private var messageIDs: [Int64: UInt32] = [:]
    private var messages: [String] = []

    static func select(
        _ query: RiskEventQuery, _ parts: RiskColumnParts, path: String
    ) throws(IndexError) -> SelectStatement {
        var selection = "risk_record.time, risk_object_id, rule, calculated_risk_score"
        if parts.contains(.scores) { selection += ", risk_score, risk_factor_add, risk_factor_mult, risk_factors" }
        if parts.contains(.firings) { selection += ", firing_id" }
        if parts.contains(.firingIDs) {
            selection += ", (SELECT substr(key, 1, 16) FROM firing WHERE firing.id = firing_id)"
        }
        if parts.contains(.messageHashes) { selection += ", message_hash" }
        if parts.contains(.keyOrders) { selection += ", key_order" }
        if parts.contains(.messages) { selection += ", message_hash, risk_message" }
        if parts.contains(.keys) { selection += ", risk_record.key" }
        if parts.contains(.rowFields) { selection += ", risk_record.fields" }
        if parts.contains(.threatObjects) { selection += ", risk_record.id" }
        // The key's own order beyond its first 15 digits is left out: it would cost a look at every event.
        return try SelectStatement(
            query, selection, from: "risk_record", order: "risk_record.time, risk_record.key_order", path: path)
    }

    init(_ database: Database, _ select: SelectStatement, _ parts: RiskColumnParts, path: String) throws {
        statement = try database.makeStatement(sql: select.sql)
        try statement.setArguments(StatementArguments(select.arguments))
        wantsRecordIDs = parts.contains(.threatObjects)
        threatStatement = wantsRecordIDs ? try database.makeStatement(sql: RiskEventRecord.threatObjectSQL) : nil
        self.parts = parts
        self.path = path
    }

    /// - Returns: nil behind the last event.
    mutating func next(_ count: Int) throws -> RiskColumns? {
        guard !isDone else { return nil }
        var columns = RiskColumns()
        let row = statement.sqliteStatement
        while columns.count < count {
            let code = sqlite3_step(row)
            guard code == SQLITE_ROW else {
                isDone = true
                guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
                break
            }
            columns.timesMicroseconds.append(sqlite3_column_int64(row, 0))
            columns.riskObjects.append(UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 1)))
            columns.rules.append(UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 2)))
            columns.calculatedRiskScores.append(sqlite3_column_double(row, 3))
            if parts.rawValue != 0 { try appendParts(row, to: &columns) }
        }
        guard columns.count > 0 else { return nil }
        columns.factorLists = factorLists
        columns.messages = messages
        columns.threatLists = threatLists
        return columns
    }

    private mutating func appendParts(_ row: SQLiteStatement, to columns: inout RiskColumns) throws {
        var position: Int32 = 4
        if parts.contains(.scores) {
            columns.riskScores.append(sqlite3_column_double(row, position))
            columns.riskFactorAdds.append(sqlite3_column_double(row, position + 1))
            columns.riskFactorMults.append(sqlite3_column_double(row, position + 2))
            columns.factorIDs.append(try factorID(text(row, position + 3)))
            position += 4
        }
        if parts.contains(.firings) {
            columns.firings.append(sqlite3_column_int64(row, position))
            position += 1
        }
        if parts.contains(.firingIDs) {
            columns.firingIDs.append(text(row, position))
            position += 1
        }
        if parts.contains(.messageHashes) {
            columns.messageHashes.append(sqlite3_column_int64(row, position))
            position += 1
        }
        if parts.contains(.keyOrders) {
            columns.keyOrders.append(sqlite3_column_int64(row, position))
            position += 1
        }
        if parts.contains(.messages) {
            let hash = sqlite3_column_int64(row, position)
            if let known = messageIDs[hash] {
                columns.messageIDs.append(known)
            } else {
                let id = UInt32(messages.count)
                messages.append(StoredText.decode(text(row, position + 1)))
                messageIDs[hash] = id
                columns.messageIDs.append(id)
            }
            position += 2
        }
        if parts.contains(.keys) {
            columns.keys.append(text(row, position))
            position += 1
        }
        if parts.contains(.rowFields) {
            columns.rowFields.append(bytes(row, position))
            position += 1
        }
        if wantsRecordIDs { columns.threatListIDs.append(try threatListID(sqlite3_column_int64(row, position))) }
    }

    private func text(_ row: SQLiteStatement, _ position: Int32) -> String {
        String(decoding: bytes(row, position), as: UTF8.self)
    }

    private func bytes(_ row: SQLiteStatement, _ position: Int32) -> [UInt8] {
        guard let start = sqlite3_column_text(row, position) else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, position))))
    }

    private mutating func factorID(_ json: String) throws -> UInt32 {
        if let known = factorIDs[json] { return known }
        guard let lists = StringListJSON.decodeLists(json), lists.count == 2 else {
            throw IndexError.damagedRecord(path: path, table: "risk factors", key: json)
        }
        let id = UInt32(factorLists.count)
        factorLists.append((lists[0], lists[1]))
        factorIDs[json] = id
        return id
    }

    private mutating func threatListID(_ recordID: Int64) throws -> UInt32 {
        guard let threatStatement else { return 0 }
        let ids = try Int64.fetchAll(threatStatement, arguments: [recordID]).map { UInt32(truncatingIfNeeded: $0) }
        if let known = threatListIDs[ids] { return known }
        let id = UInt32(threatLists.count)
        threatLists.append(ids)
        threatListIDs[ids] = id
        return id
    }
}
