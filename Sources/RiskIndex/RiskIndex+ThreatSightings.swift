import GRDB
import GRDBSQLite

/// Threat objects as events name them, as columns of one length. Numbers are those of ``RiskDimensions``.
public struct ThreatSightingColumns: Sendable {
    public var threatObjects: [UInt32] = []
    public var riskObjects: [UInt32] = []
    /// Of the event.
    public var calculatedRiskScores: [Double] = []

    public var count: Int { threatObjects.count }
}

extension RiskIndex {
    /// The threat objects of the events in `start <= _time < end` (UTC microseconds), in batches, by the events' time,
    /// then key. One that an event names twice comes once.
    ///
    /// - Throws: ``IndexError``, and what `body` throws, unchanged.
    public func forEachThreatSighting(
        start: Int64, end: Int64, batchSize: Int = 65_536, body: (ThreatSightingColumns) throws -> Void
    ) throws {
        var bodyError: (any Error)?
        try reading { database in
            let statement = try database.makeStatement(sql: RiskIndex.threatSightingSQL)
            try statement.setArguments([start, end])
            let row = statement.sqliteStatement
            var columns = ThreatSightingColumns()
            var event: Int64?
            var ofEvent: [UInt32] = []
            do {
                while true {
                    let code = sqlite3_step(row)
                    guard code == SQLITE_ROW else {
                        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
                        break
                    }
                    if event != sqlite3_column_int64(row, 0) {
                        event = sqlite3_column_int64(row, 0)
                        ofEvent.removeAll(keepingCapacity: true)
                        if columns.count >= batchSize {
                            try body(columns)
                            columns = ThreatSightingColumns()
                        }
                    }
                    let threat = UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 1))
                    guard !ofEvent.contains(threat) else { continue }
                    ofEvent.append(threat)
                    columns.threatObjects.append(threat)
                    columns.riskObjects.append(UInt32(truncatingIfNeeded: sqlite3_column_int64(row, 2)))
                    columns.calculatedRiskScores.append(sqlite3_column_double(row, 3))
                }
                if columns.count > 0 { try body(columns) }
            } catch let error as DatabaseError {
                throw error
            } catch {
                bodyError = error
            }
        }
        if let bodyError { throw bodyError }
    }

    /// Those of `threatObjects` that an event before `timeMicroseconds` names, in the order given.
    public func threatObjects(
        _ threatObjects: [UInt32], seenBefore timeMicroseconds: Int64
    ) throws(IndexError) -> [UInt32] {
        try reading { database in
            let statement = try RawStatement(database, RiskIndex.threatSeenSQL)
            statement.bind(timeMicroseconds, at: 2)
            return try threatObjects.filter { number in
                statement.bind(Int64(number), at: 1)
                return try statement.integer() == 1
            }
        }
    }

    /// Every threat object that events of these raw names name before `timeMicroseconds`.
    public func threatObjects(
        ofRiskObjects riskObjects: [UInt32], before timeMicroseconds: Int64
    ) throws(IndexError) -> Set<UInt32> {
        try reading { database in
            let statement = try database.makeStatement(sql: RiskIndex.threatOfObjectSQL)
            var found: Set<UInt32> = []
            for number in riskObjects {
                let rows = try Int64.fetchCursor(statement, arguments: [Int64(number), timeMicroseconds])
                while let threat = try rows.next() { found.insert(UInt32(truncatingIfNeeded: threat)) }
            }
            return found
        }
    }

    // CROSS JOIN: the left table outside. Within an event its threat objects come by position.
    static let threatSightingSQL = """
        SELECT risk_record.id, threat_object_id, risk_object_id, calculated_risk_score
        FROM risk_record CROSS JOIN risk_record_threat_object ON risk_event_id = risk_record.id
        WHERE time >= ? AND time < ? ORDER BY time, key_order
        """

    static let threatSeenSQL = """
        SELECT EXISTS (
            SELECT 1 FROM risk_record_threat_object CROSS JOIN risk_record ON risk_record.id = risk_event_id
            WHERE threat_object_id = ? AND time < ?)
        """

    static let threatOfObjectSQL = """
        SELECT DISTINCT threat_object_id
        FROM risk_record CROSS JOIN risk_record_threat_object ON risk_event_id = risk_record.id
        WHERE risk_object_id = ? AND time < ?
        """
}
