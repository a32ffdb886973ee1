import GRDB

/// What the runs of a window tell of rules and log sources, added up.
public struct RunActivity: Sendable, Hashable {
    /// The last clock of the window's runs, UTC microseconds; nil when there was none.
    public var latestMicroseconds: Int64?
    /// By search name.
    public var rules: [Rule] = []
    /// Of all runs that were looked at, by sourcetype; those whose events had times.
    public var sources: [Source] = []

    public struct Rule: Sendable, Hashable {
        public var searchName: String
        /// In some run of the window.
        public var ran: Bool
        /// Why it did not run in the window's last run that had it; nil when it did.
        public var problem: String?
        /// Of the window's runs, those in which it did not run.
        public var problemCount: Int
        /// By field; of all the window's runs.
        public var lostByField: [RunRecord.Lost]
    }

    public struct Source: Sendable, Hashable {
        public var sourcetype: String
        /// Of its last event, UTC microseconds.
        public var lastMicroseconds: Int64
    }

    public init() {}
}

extension RiskIndex {
    /// A run is of the window `start <= time < end` (UTC microseconds) when its clock is, or the times of some source of
    /// its logs are.
    ///
    /// One statement's rows at a time and no record of its own for each: an index may hold a run for every few minutes,
    /// each with all of its rules.
    ///
    /// - Parameter since: runs with earlier clocks are not looked at.
    public func runActivity(since: Int64, start: Int64, end: Int64) throws(IndexError) -> RunActivity {
        try reading { database in
            var sources = SourceTally(start: start, end: end)
            try sources.read(database, since: since)
            var rules = RuleTally(path: path)
            try rules.read(database, runs: sources.runs)
            var activity = RunActivity()
            activity.latestMicroseconds = sources.latest
            activity.sources = sources.sources
            activity.rules = rules.rules
            return activity
        }
    }

    static let runSourceSQL = """
        SELECT run.id, run.time, sourcetype, first_time, last_time FROM run LEFT JOIN run_source ON run_id = run.id
        WHERE run.time >= ? ORDER BY run.time, run.key
        """
    static let runRuleSQL = "SELECT search_name, problem, lost FROM run_rule WHERE run_id = ? ORDER BY search_name"
}

/// Which runs are of the window, and when each source was last heard of.
private struct SourceTally {
    let start: Int64
    let end: Int64
    /// Of the window, by clock.
    private(set) var runs: [Int64] = []
    private(set) var latest: Int64?
    private var names = RepeatedNames()
    private var lastTimes: [Int64?] = []

    init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }

    mutating func read(_ database: Database, since: Int64) throws {
        let row = try RawStatement(database, RiskIndex.runSourceSQL)
        row.bind(since, at: 1)
        while try row.step() {
            let (id, time, first, last) = (
                row.integer(0), row.integer(1), row.optionalInteger(3), row.optionalInteger(4)
            )
            var isOfWindow = time >= start && time < end
            if let first, let last { isOfWindow = isOfWindow || (first < end && last >= start) }
            if isOfWindow, runs.last != id {
                runs.append(id)
                latest = time
            }
            guard let last else { continue }
            let number = names.number(row.text(2))
            if number == lastTimes.count { lastTimes.append(nil) }
            lastTimes[number] = max(lastTimes[number] ?? last, last)
        }
    }

    var sources: [RunActivity.Source] {
        names.sorted.compactMap { number, name in
            lastTimes[number].map { RunActivity.Source(sourcetype: name, lastMicroseconds: $0) }
        }
    }
}

/// How rules fared in the window's runs.
private struct RuleTally {
    private struct Entry {
        var ran = false
        var problem: [UInt8]?
        var problemCount = 0
        var lost: [[UInt8]: Int] = [:]
    }

    private let path: String
    private var names = RepeatedNames()
    private var entries: [Entry] = []

    init(path: String) { self.path = path }

    mutating func read(_ database: Database, runs: [Int64]) throws {
        let row = try RawStatement(database, RiskIndex.runRuleSQL)
        for run in runs {
            row.bind(run, at: 1)
            defer { row.reset() }
            while try row.step() {
                let number = names.number(row.text(0))
                if number == entries.count { entries.append(Entry()) }
                if row.isNull(1) {
                    entries[number].ran = true
                    entries[number].problem = nil
                } else {
                    entries[number].problem = Array(row.text(1))
                    entries[number].problemCount += 1
                }
                // "[]" is none.
                if row.text(2).count > 2 { try add(lost: row.string(2), to: number, row) }
            }
        }
    }

    private mutating func add(lost text: String, to number: Int, _ row: RawStatement) throws {
        guard let lists = StringListJSON.decodeLists(text), lists.allSatisfy({ $0.count == 2 }) else {
            throw IndexError.damagedRecord(path: path, table: "run of rule", key: row.string(0))
        }
        for list in lists {
            guard let count = Int(list[1]), count > 0 else { continue }
            let (sum, isOver) = entries[number].lost[Array(list[0].utf8), default: 0].addingReportingOverflow(count)
            entries[number].lost[Array(list[0].utf8)] = isOver ? .max : sum
        }
    }

    var rules: [RunActivity.Rule] {
        names.sorted.map { number, name in
            let entry = entries[number]
            let lost = entry.lost.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            return RunActivity.Rule(
                searchName: name, ran: entry.ran,
                problem: entry.problem.map { StoredText.decode(String(decoding: $0, as: UTF8.self)) },
                problemCount: entry.problemCount,
                lostByField: lost.map {
                    RunRecord.Lost(field: String(decoding: $0.key, as: UTF8.self), count: $0.value)
                })
        }
    }
}

/// Numbers for names that come in nearly the same order again and again, as one run's rules follow another's: the name
/// that came next the last time is tried first.
private struct RepeatedNames {
    private var names: [[UInt8]] = []
    private var numbers: [[UInt8]: Int] = [:]
    /// By number, the one that came after it.
    private var successors: [Int] = []
    private var last: Int?

    /// As many numbers as names, from 0 on in order of first appearance.
    mutating func number(_ name: UnsafeRawBufferPointer) -> Int {
        let number = guess(name) ?? look(up: name)
        if let last { successors[last] = number }
        last = number
        return number
    }

    private func guess(_ name: UnsafeRawBufferPointer) -> Int? {
        guard let last, successors[last] >= 0 else { return nil }
        let number = successors[last]
        return names[number].withUnsafeBytes { $0.isSame(as: name) } ? number : nil
    }

    private mutating func look(up name: UnsafeRawBufferPointer) -> Int {
        let bytes = Array(name)
        if let number = numbers[bytes] { return number }
        numbers[bytes] = names.count
        names.append(bytes)
        successors.append(-1)
        return names.count - 1
    }

    /// By the bytes that people read.
    var sorted: [(number: Int, name: String)] {
        names.enumerated().map { ($0, StoredText.decode(String(decoding: $1, as: UTF8.self))) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
