import GRDB
import GRDBSQLite

/// How widespread one threat object is.
public struct ThreatPrevalence: Sendable, Hashable {
    public var threatObject: ThreatObject
    public var entityCount: Int
    public var ruleCount: Int
    public var riskEventCount: Int
    public var firstMicroseconds: Int64
    public var lastMicroseconds: Int64

    public init(
        threatObject: ThreatObject, entityCount: Int, ruleCount: Int, riskEventCount: Int, firstMicroseconds: Int64,
        lastMicroseconds: Int64
    ) {
        self.threatObject = threatObject
        self.entityCount = entityCount
        self.ruleCount = ruleCount
        self.riskEventCount = riskEventCount
        self.firstMicroseconds = firstMicroseconds
        self.lastMicroseconds = lastMicroseconds
    }
}

extension RiskIndex {
    /// All threat objects of the risk events in `start <= time < end` (UTC microseconds), by value, then type.
    ///
    /// Events and their threat objects are read once each in the order in which they lie and joined in memory, at 24
    /// bytes an event: a look-up an event costs four times as much.
    public func threatPrevalences(start: Int64, end: Int64) throws(IndexError) -> [ThreatPrevalence] {
        try reading { database in
            let dimensions = try RiskDimensions.read(database, path: path)
            let events = try SlimEvent.read(database, start, end)
            guard let first = events.first, let last = events.last else { return [] }
            var tallies = [ThreatTally](repeating: ThreatTally(), count: dimensions.threatObjectBound)
            var entityPairs: [UInt64] = []
            var rulePairs: [UInt64] = []
            var position = 0
            try database.step(RiskIndex.threatLinkSQL, [first.id, last.id]) { row in
                let id = sqlite3_column_int64(row, 0)
                while position < events.count, events[position].id < id { position += 1 }
                guard position < events.count, events[position].id == id else { return }
                let threat = Int(sqlite3_column_int64(row, 1))
                let event = events[position]
                tallies[threat].count += 1
                tallies[threat].first = min(tallies[threat].first, event.time)
                tallies[threat].last = max(tallies[threat].last, event.time)
                let entity = dimensions.riskObject(Int(event.riskObject))?.entityID ?? 0
                entityPairs.append(UInt64(threat) << 32 | UInt64(UInt32(truncatingIfNeeded: entity)))
                rulePairs.append(UInt64(threat) << 32 | UInt64(dimensions.ruleGroup(event.rule)))
            }
            entityPairs.countDistinct { tallies[Int($0)].entityCount += 1 }
            rulePairs.countDistinct { tallies[Int($0)].ruleCount += 1 }
            return RiskIndex.prevalences(tallies, dimensions)
        }
    }

    private static func prevalences(_ tallies: [ThreatTally], _ dimensions: RiskDimensions) -> [ThreatPrevalence] {
        tallies.indices.compactMap { number -> ThreatPrevalence? in
            let tally = tallies[number]
            guard tally.count > 0, let object = dimensions.threatObject(number) else { return nil }
            return ThreatPrevalence(
                threatObject: object, entityCount: tally.entityCount, ruleCount: tally.ruleCount,
                riskEventCount: tally.count, firstMicroseconds: tally.first, lastMicroseconds: tally.last)
        }.sorted {
            $0.threatObject.value.utf8.elementsEqual($1.threatObject.value.utf8)
                ? $0.threatObject.type.utf8.lexicographicallyPrecedes($1.threatObject.type.utf8)
                : $0.threatObject.value.utf8.lexicographicallyPrecedes($1.threatObject.value.utf8)
        }
    }

    static let threatLinkSQL = """
        SELECT risk_event_id, threat_object_id FROM risk_record_threat_object WHERE risk_event_id BETWEEN ? AND ?
        ORDER BY risk_event_id
        """
}

private struct ThreatTally {
    var count = 0
    var entityCount = 0
    var ruleCount = 0
    var first = Int64.max
    var last = Int64.min
}

/// A risk event, as little of it as the join needs.
private struct SlimEvent {
    var id: Int64
    var time: Int64
    var riskObject: UInt32
    var rule: UInt32

    /// By id. All of it stands in the index by time.
    static func read(_ database: Database, _ start: Int64, _ end: Int64) throws -> [SlimEvent] {
        var events: [SlimEvent] = []
        try database.step(RiskIndex.slimEventSQL, [start, end]) { row in
            events.append(
                SlimEvent(
                    id: sqlite3_column_int64(row, 0), time: sqlite3_column_int64(row, 1),
                    riskObject: UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 2)),
                    rule: UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 3))))
        }
        events.sort { $0.id < $1.id }
        return events
    }
}

extension RiskIndex {
    static let slimEventSQL = "SELECT id, time, risk_object_id, rule FROM risk_record WHERE time >= ? AND time < ?"
}

extension [UInt64] {
    /// Calls `body` with the upper half of each distinct element.
    fileprivate mutating func countDistinct(_ body: (UInt64) -> Void) {
        sort()
        var last: UInt64?
        for pair in self where pair != last {
            body(pair >> 32)
            last = pair
        }
    }
}

extension Database {
    /// Steps through a SELECT with SQLite's own functions: a row of GRDB costs more than the step that found it.
    func step(_ sql: String, _ arguments: [Int64], _ body: (SQLiteStatement) throws -> Void) throws {
        let statement = try cachedStatement(sql: sql)
        try statement.setArguments(StatementArguments(arguments))
        let row = statement.sqliteStatement
        var code = sqlite3_step(row)
        while code == SQLITE_ROW {
            try body(row)
            code = sqlite3_step(row)
        }
        sqlite3_reset(row)
        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
