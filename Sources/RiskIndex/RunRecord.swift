import Formats
import GRDB

/// What one run of the detections saw: which rules ran and with what, which did not and why, and which logs there were.
public struct RunRecord: Sendable, Hashable {
    /// The run's clock.
    public var timeMicroseconds: Int64
    public var profile: String
    /// By search name.
    public var rules: [Rule]
    /// By sourcetype.
    public var sources: [Source]

    public struct Rule: Sendable, Hashable {
        public var searchName: String
        public var matchedEventCount: Int
        public var rowCount: Int
        public var riskEventCount: Int
        /// Rows that the rule's throttling held back.
        public var throttledCount: Int
        /// Rows whose entity field was null, by field, sorted: risk that nobody sees.
        public var lostByField: [Lost]
        /// Why it did not run; nil when it did.
        public var problem: String?

        public init(
            searchName: String, matchedEventCount: Int = 0, rowCount: Int = 0, riskEventCount: Int = 0,
            throttledCount: Int = 0,
            lostByField: [Lost] = [], problem: String? = nil
        ) {
            self.searchName = searchName
            self.matchedEventCount = matchedEventCount
            self.rowCount = rowCount
            self.riskEventCount = riskEventCount
            self.throttledCount = throttledCount
            self.lostByField = lostByField
            self.problem = problem
        }
    }

    public struct Lost: Sendable, Hashable {
        public var field: String
        public var count: Int
        public init(field: String, count: Int) {
            self.field = field
            self.count = count
        }
    }

    public struct Source: Sendable, Hashable {
        public var sourcetype: String
        public var eventCount: Int
        /// Of its events, both inclusive; nil when none has a time.
        public var firstMicroseconds: Int64?
        public var lastMicroseconds: Int64?

        public init(sourcetype: String, eventCount: Int, firstMicroseconds: Int64?, lastMicroseconds: Int64?) {
            self.sourcetype = sourcetype
            self.eventCount = eventCount
            self.firstMicroseconds = firstMicroseconds
            self.lastMicroseconds = lastMicroseconds
        }
    }

    public init(timeMicroseconds: Int64, profile: String, rules: [Rule], sources: [Source]) {
        self.timeMicroseconds = timeMicroseconds
        self.profile = profile
        self.rules = rules
        self.sources = sources
    }

    /// The same run over the same logs is the same record: running again adds none.
    fileprivate var key: String {
        var text = "\(timeMicroseconds) \(profile)"
        for rule in rules {
            text += "\n\(rule.searchName.utf8.count):\(rule.searchName) \(rule.matchedEventCount) \(rule.rowCount) "
            text +=
                "\(rule.riskEventCount) \(rule.throttledCount) \(rule.problem.map { "\($0.utf8.count):\($0)" } ?? "-")"
            text += rule.lostByField.map { " \($0.field.utf8.count):\($0.field) \($0.count)" }.joined()
        }
        for source in sources {
            text += "\n\(source.sourcetype.utf8.count):\(source.sourcetype) \(source.eventCount) "
            text +=
                "\(source.firstMicroseconds.map(String.init) ?? "-") \(source.lastMicroseconds.map(String.init) ?? "-")"
        }
        return SHA256.hexDigest(Array(text.utf8))
    }
}

extension RiskIndex {
    public func add(_ run: RunRecord) throws(IndexError) {
        try writing { database in
            try database.execute(
                sql: "INSERT INTO run (key, time, profile) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
                arguments: [run.key, run.timeMicroseconds, run.profile])
            guard database.changesCount == 1 else { return }
            let id = database.lastInsertedRowID
            for rule in run.rules {
                try database.execute(
                    sql: """
                        INSERT INTO run_rule (run_id, search_name, matched_event_count, row_count, risk_event_count,
                            lost, problem, throttled_count)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        id, StoredText.encode(rule.searchName), rule.matchedEventCount, rule.rowCount,
                        rule.riskEventCount, StringListJSON.encode(rule.lostByField.map { [$0.field, "\($0.count)"] }),
                        rule.problem.map(StoredText.encode), rule.throttledCount,
                    ])
            }
            for source in run.sources {
                try database.execute(
                    sql: "INSERT INTO run_source VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        id, StoredText.encode(source.sourcetype), source.eventCount, source.firstMicroseconds,
                        source.lastMicroseconds,
                    ])
            }
        }
    }

    /// The runs in `start <= time < end` (UTC microseconds of their clocks), by time.
    public func runs(start: Int64?, end: Int64?) throws(IndexError) -> [RunRecord] {
        try reading { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT id, time, profile FROM run WHERE time >= ? AND time < ? ORDER BY time, key",
                arguments: [start ?? .min, end ?? .max])
            return try rows.map { row in
                RunRecord(
                    timeMicroseconds: row[1], profile: row[2], rules: try rules(runID: row[0], database),
                    sources: try sources(runID: row[0], database))
            }
        }
    }

    private func rules(runID: Int64, _ database: Database) throws -> [RunRecord.Rule] {
        let sql = """
            SELECT search_name, matched_event_count, row_count, risk_event_count, lost, problem,
                throttled_count
            FROM run_rule WHERE run_id = ? ORDER BY search_name
            """
        return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: [runID]).map { row in
            guard let lost = StringListJSON.decodeLists(row[4]), lost.allSatisfy({ $0.count == 2 }) else {
                throw IndexError.damagedRecord(path: path, table: "run of rule", key: row[0])
            }
            return RunRecord.Rule(
                searchName: StoredText.decode(row[0]), matchedEventCount: row[1], rowCount: row[2],
                riskEventCount: row[3], throttledCount: row[6],
                lostByField: lost.map { RunRecord.Lost(field: $0[0], count: Int($0[1]) ?? 0) },
                problem: (row[5] as String?).map(StoredText.decode))
        }
    }

    private func sources(runID: Int64, _ database: Database) throws -> [RunRecord.Source] {
        let sql = """
            SELECT sourcetype, event_count, first_time, last_time FROM run_source WHERE run_id = ? ORDER BY sourcetype
            """
        return try Row.fetchAll(database.cachedStatement(sql: sql), arguments: [runID]).map { row in
            RunRecord.Source(
                sourcetype: StoredText.decode(row[0]), eventCount: row[1], firstMicroseconds: row[2],
                lastMicroseconds: row[3])
        }
    }
}
