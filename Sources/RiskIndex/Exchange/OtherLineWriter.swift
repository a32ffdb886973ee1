import Formats
import GRDB

/// Writes lines of all kinds but risk events. What a line names must be in the index by then.
final class OtherLineWriter {
    private let database: Database
    private let parser = JSONParser()
    private var tables: [ExchangeKind: RowWriter] = [:]
    private let riskEventID: RawStatement
    private let firingID: RawStatement
    private let findingID: RawStatement
    private let runID: RawStatement

    /// A table and the statement that adds a row: the parent's id first, where there is one, then the columns, each
    /// followed by its folded form.
    private struct RowWriter {
        var table: ExchangeTable
        var insert: RawStatement
    }

    init(_ database: Database, indexTimeMicroseconds: Int64) throws {
        self.database = database
        func idByKey(_ table: String) throws -> RawStatement {
            try RawStatement(database, "SELECT id FROM \(table) WHERE key = ?")
        }
        riskEventID = try idByKey("risk_record")
        firingID = try idByKey("firing")
        findingID = try idByKey("finding")
        runID = try idByKey("run")
        storedEvents = try StoredEventStatements(database)
        adjustments = try AdjustmentStatements(database)
        findingEvents = try FindingEventStatements(database)
        setState = try RawStatement(
            database,
            """
            UPDATE finding SET (state, state_time) = (
                SELECT state, last_time FROM finding_change WHERE finding_id = finding.id
                ORDER BY position DESC LIMIT 1) WHERE id = ?
            """)
    }

    private let storedEvents: StoredEventStatements
    private let adjustments: AdjustmentStatements
    private let findingEvents: FindingEventStatements
    private let setState: RawStatement

    /// - Returns: whether it changed anything.
    /// - Throws: ``ImportReject``, with nothing of the line written; what SQLite throws otherwise.
    func write(_ kind: ExchangeKind, _ text: UnsafeRawBufferPointer) throws -> Bool {
        let line = try ExchangeLine(text, parser: parser)
        switch kind {
        case .header, .riskEvent: return false
        case .adjustment: return try adjustment(line)
        case .storedEvent: return try storedEvent(line)
        case .findingRiskEvents: return try findingRiskEvents(line)
        default: return try row(kind, line)
        }
    }

    private func id(_ statement: RawStatement, _ key: [UInt8], _ what: String) throws -> Int64 {
        statement.bind(copy: key, at: 1)
        guard let id = try statement.integer() else {
            let shown = String(decoding: key.prefix(16), as: UTF8.self)
            throw ImportReject(.missingRecord, "names \(what) \(shown), which the index does not hold")
        }
        return id
    }

    // MARK: Rows of plain tables

    private func row(_ kind: ExchangeKind, _ line: ExchangeLine) throws -> Bool {
        let writer = try tables[kind] ?? makeRowWriter(kind)
        tables[kind] = writer
        let table = writer.table
        try line.requireOnly(table.columns.map(\.member) + (table.parent.map { [$0.table] } ?? []))
        var position: Int32 = 1
        var parentID: Int64?
        if let parent = table.parent {
            let statement = parent.table == "finding" ? findingID : runID
            parentID = try id(statement, line.key(parent.table), parent.table)
            writer.insert.bind(parentID, at: position)
            position += 1
        }
        for column in table.columns {
            try bind(column, of: line, to: writer.insert, at: &position)
        }
        let isNew: Bool
        do { isNew = try writer.insert.execute() > 0 } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CONSTRAINT
        {
            throw ImportReject(.badMember, "breaks a rule of the schema: \(error.message ?? "")")
        }
        if kind == .findingChange, isNew, let parentID {
            setState.bind(parentID, at: 1)
            try setState.execute()
        }
        return isNew
    }

    private func bind(
        _ column: ExchangeTable.Column, of line: ExchangeLine, to statement: RawStatement, at position: inout Int32
    ) throws {
        defer { position += column.isFolded ? 2 : 1 }
        guard line.token(column.member) != nil else {
            guard !column.isRequired else { throw ImportReject.badMember(column.member, "is missing") }
            statement.bindNull(at: position)
            return
        }
        switch column.form {
        case .integer: statement.bind(try line.integer(column.member), at: position)
        case .time: statement.bind(try line.time(column.member), at: position)
        case .real: statement.bind(try line.double(column.member), at: position)
        case .text:
            let isKey = column.name == "key"
            let text = isKey ? try line.key(column.member) : try line.text(column.member)
            statement.bind(copy: text, at: position)
            if column.isFolded {
                statement.bind(copy: text.withUnsafeBytes { StoredText.folded($0) }.utf8, at: position + 1)
            }
        case .list, .lists, .anyList:
            statement.bind(copy: try line.list(column.member, column.form), at: position)
        }
    }

    private func makeRowWriter(_ kind: ExchangeKind) throws -> RowWriter {
        let table = try ExchangeTable(kind, database)
        var names: [String] = []
        var values: [String] = []
        if let parent = table.parent {
            names.append(parent.column)
            values.append("?1")
        }
        for column in table.columns {
            let number = values.count + 1
            names.append(column.name)
            values.append(column.defaultSQL.map { "coalesce(?\(number), \($0))" } ?? "?\(number)")
            if column.isFolded {
                names.append(column.name + "_folded")
                values.append("?\(number + 1)")
            }
        }
        // A step that goes on in the lines is later than the same step here; all else stays as it is.
        let update =
            kind == .findingChange
            ? """
            (finding_id, position) DO UPDATE SET \(names.map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
            WHERE excluded.last_time > finding_change.last_time
            """ : "DO NOTHING"
        let sql = """
            INSERT INTO \(table.name) (\(names.map { "\"\($0)\"" }.joined(separator: ", ")))
            VALUES (\(values.joined(separator: ", "))) ON CONFLICT \(update)
            """
        return RowWriter(table: table, insert: try RawStatement(database, sql))
    }

    // MARK: Lines of their own shape

    private func adjustment(_ line: ExchangeLine) throws -> Bool {
        try line.requireOnly(["risk_event", "answered", "author", "note"])
        let event = try id(riskEventID, line.key("risk_event"), "risk event")
        let answered = try line.token("answered") == nil ? nil : id(riskEventID, line.key("answered"), "risk event")
        if let answered, try adjustments.isEntry(answered) || answered == event {
            throw ImportReject.badMember("answered", "is an entry by hand itself")
        }
        return try adjustments.insert(event, answered, author: line.text("author"), note: line.text("note"))
    }

    private func storedEvent(_ line: ExchangeLine) throws -> Bool {
        try line.requireOnly(["key", "time_us", "sourcetype", "source", "host", "index", "raw", "firings"])
        let firings = try line.keys("firings").map { try id(firingID, $0, "firing") }
        return try storedEvents.insert(
            key: line.key("key"), time: line.token("time_us") == nil ? nil : line.time("time_us"),
            texts: ["sourcetype", "source", "host", "index"].map { try line.text($0) }, raw: line.base64("raw"),
            firings: firings)
    }

    private func findingRiskEvents(_ line: ExchangeLine) throws -> Bool {
        try line.requireOnly(["finding", "risk_events"])
        let finding = try id(findingID, line.key("finding"), "finding")
        let events = try line.keys("risk_events").map { try id(riskEventID, $0, "risk event") }
        return try findingEvents.link(finding, events)
    }
}
