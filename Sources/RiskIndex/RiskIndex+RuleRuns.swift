import GRDB

/// How one rule fared in the runs of a window.
public struct RuleRuns: Sendable, Hashable {
    public var searchName: String
    /// Runs that had it, whether it ran or not.
    public var runCount: Int
    /// Clock of the last run in which it ran, UTC microseconds; nil when it ran in none.
    public var lastRunMicroseconds: Int64?
    /// Result rows, of all these runs.
    public var rowCount: Int
    /// Rows without an entity, of all these runs.
    public var lostCount: Int
    /// Rows that its throttling held back, of all these runs.
    public var throttledCount: Int
    /// Why it did not run in the last run that had it; nil when it did.
    public var problem: String?

    public init(
        searchName: String, runCount: Int, lastRunMicroseconds: Int64?, rowCount: Int, lostCount: Int,
        throttledCount: Int, problem: String?
    ) {
        self.searchName = searchName
        self.runCount = runCount
        self.lastRunMicroseconds = lastRunMicroseconds
        self.rowCount = rowCount
        self.lostCount = lostCount
        self.throttledCount = throttledCount
        self.problem = problem
    }
}

extension RiskIndex {
    /// Of the runs in `start <= time < end` (UTC microseconds of their clocks), by rule. A run over logs that an earlier
    /// run has read counts again.
    public func ruleRuns(start: Int64, end: Int64) throws(IndexError) -> [RuleRuns] {
        try reading { database in
            // By bytes: names that only look alike are two rules.
            var runs: [[UInt8]: RuleRuns] = [:]
            let rows = try Row.fetchCursor(database, sql: RiskIndex.ruleRunSQL, arguments: [start, end])
            while let row = try rows.next() {
                let name: String = row[0]
                let problem = (row[2] as String?).map(StoredText.decode)
                let key = Array(name.utf8)
                var rule =
                    runs.removeValue(forKey: key)
                    ?? RuleRuns(
                        searchName: StoredText.decode(name), runCount: 0, lastRunMicroseconds: nil, rowCount: 0,
                        lostCount: 0, throttledCount: 0, problem: nil)
                rule.runCount += 1
                rule.problem = problem
                if problem == nil { rule.lastRunMicroseconds = row[1] }
                rule.throttledCount += row[4] as Int
                rule.rowCount += row[5] as Int
                let lost: String = row[3]
                if lost != "[]" {
                    guard let lists = StringListJSON.decodeLists(lost) else {
                        throw IndexError.damagedRecord(path: path, table: "run of rule", key: name)
                    }
                    rule.lostCount += lists.reduce(0) { $0 + ($1.last.flatMap { Int($0) } ?? 0) }
                }
                runs[key] = rule
            }
            return runs.values.sorted { $0.searchName.utf8.lexicographicallyPrecedes($1.searchName.utf8) }
        }
    }

    static let ruleRunSQL = """
        SELECT search_name, run.time, problem, lost, throttled_count, row_count FROM run JOIN run_rule ON run_id = run.id
        WHERE run.time >= ? AND run.time < ? ORDER BY run.time, run.key
        """
}
