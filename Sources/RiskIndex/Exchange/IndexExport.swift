import GRDB

/// One export; holds a line, what waits to be handed on, and shared rows that were met lately.
final class IndexExport {
    let database: Database
    private let options: ExportOptions
    private let path: String
    private let body: ([UInt8]) throws -> Void
    var writer = ExchangeWriter()
    private var counts: [ExchangeKind: Int] = [:]
    private var events: EventLines

    var hasRange: Bool { options.startMicroseconds != nil || options.endMicroseconds != nil }

    init(
        _ database: Database, _ options: ExportOptions, path: String, _ body: @escaping ([UInt8]) throws -> Void
    ) throws {
        self.database = database
        self.options = options
        self.path = path
        self.body = body
        events = try EventLines(database, path: path)
    }

    func run() throws -> [(kind: String, count: Int)] {
        try header()
        if hasRange {
            let condition = "WHERE risk_record.id IN (SELECT id FROM named) AND NOT \(Self.inRange)"
            try riskEvents(with: Self.namedSQL, condition)
        }
        try riskEvents(hasRange ? "WHERE \(Self.inRange)" : "")
        try adjustments()
        if options.includesStoredEvents { try storedEvents() }
        for kind in [ExchangeKind.finding, .findingChange] { try rows(of: kind) }
        try findingRiskEvents()
        for kind in [
            ExchangeKind.findingReview, .suppression, .throttledFiring, .run, .runRule, .runSource,
        ] { try rows(of: kind) }
        try flush()
        return ExchangeKind.allCases.compactMap { kind in
            counts[kind].flatMap { kind == .header ? nil : (kind.rawValue, $0) }
        }
    }

    static let inRange = "(risk_record.time >= ?1 AND risk_record.time < ?2)"

    /// Risk events that what is exported names.
    static let namedSQL = """
        WITH member (id) AS MATERIALIZED (
            SELECT risk_event_id FROM finding_risk_event JOIN finding ON finding.id = finding_id
            WHERE finding.time >= ?1 AND finding.time < ?2),
        named (id) AS MATERIALIZED (
            SELECT id FROM member
            UNION SELECT answered_event_id FROM adjustment
            JOIN risk_record ON risk_record.id = adjustment.risk_event_id
            WHERE answered_event_id IS NOT NULL AND (\(inRange) OR risk_record.id IN (SELECT id FROM member)))
        """

    func statement(_ sql: String) throws -> RawStatement {
        let statement = try RawStatement(database, sql)
        if hasRange, sql.contains("?1") {
            statement.bind(options.startMicroseconds ?? .min, at: 1)
            statement.bind(options.endMicroseconds ?? .max, at: 2)
        }
        return statement
    }

    func end(_ kind: ExchangeKind) throws {
        writer.end()
        counts[kind, default: 0] += 1
        if writer.bytes.count >= 1 << 20 { try flush() }
    }

    private func flush() throws {
        guard !writer.bytes.isEmpty else { return }
        try body(writer.bytes)
        writer.removeAll()
    }

    private func header() throws {
        writer.begin(.header)
        writer.member("version")
        writer.integer(ExchangeForm.version)
        if let start = options.startMicroseconds {
            writer.member("start_us")
            writer.integer(start)
        }
        if let end = options.endMicroseconds {
            writer.member("end_us")
            writer.integer(end)
        }
        try end(.header)
    }

    /// - Parameter with: tables of the query's own, which `condition` reads.
    private func riskEvents(with: String = "", _ condition: String) throws {
        let rows = try statement("\(with) \(EventLines.selectSQL) \(condition) ORDER BY \(RiskEventRecord.order)")
        while try rows.step() {
            try events.write(rows, to: &writer)
            try end(.riskEvent)
        }
    }

    private func rows(of kind: ExchangeKind) throws {
        let table = try ExchangeTable(kind, database)
        let rows = try statement(table.selectSQL(hasRange: hasRange))
        while try rows.step() {
            writer.begin(kind)
            var at: Int32 = 0
            if let parent = table.parent {
                writer.member(parent.table)
                writer.string(rows.text(0))
                at = 1
            }
            for column in table.columns {
                if !rows.isNull(at) {
                    writer.member(column.member)
                    try value(rows, at, column, kind)
                }
                at += 1
            }
            try end(kind)
        }
    }

    private func value(
        _ rows: RawStatement, _ at: Int32, _ column: ExchangeTable.Column, _ kind: ExchangeKind
    ) throws {
        var damaged: IndexError {
            IndexError.damagedRecord(path: path, table: "\(kind.rawValue).\(column.name)", key: rows.string(0))
        }
        switch column.form {
        case .text: writer.string(rows.text(at))
        case .integer, .time: writer.integer(rows.integer(at))
        case .real:
            guard rows.double(at).isFinite else { throw damaged }
            writer.double(rows.double(at))
        case .list, .lists, .anyList: try writer.json(rows.text(at), damaged)
        }
    }
}
