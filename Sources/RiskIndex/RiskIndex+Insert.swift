import Foundation
import GRDB

extension RiskIndex {
    /// Adds firings in one transaction. A risk event or contributing event whose key is known stays as it was.
    ///
    /// - Parameter throttleStarts: those of the firings, written with them; a known one stays as it was.
    /// - Throws: ``IndexError`` with nothing written: a full disk, a lock held for more than 5 s, a score that is not
    ///   a finite number.
    public func insert(
        _ firings: [Firing], throttleStarts: [ThrottleStart] = []
    ) throws(IndexError) -> InsertCount {
        try writing { database in
            for start in throttleStarts { try start.insert(database) }
            var writer = try FiringWriter(database, indexTimeMicroseconds: indexTimeMicroseconds, path: path)
            var count = InsertCount(newEvents: 0, knownEvents: 0)
            for firing in firings {
                let newEvents = try writer.insert(firing)
                count.newEvents += newEvents
                count.knownEvents += firing.events.count - newEvents
            }
            return count
        }
    }
}

/// The statements that store one firing, prepared once a transaction.
struct FiringWriter {
    private let database: Database
    private let indexTimeMicroseconds: Int64
    private let path: String
    private var dimensions: DimensionWriter
    private let insertFiring: Statement
    private let selectFiring: Statement
    private let insertEvent: Statement
    private let insertThreatObject: Statement
    private let insertStoredEvent: Statement
    private let linkStoredEvent: Statement

    init(_ database: Database, indexTimeMicroseconds: Int64, path: String) throws {
        self.database = database
        self.indexTimeMicroseconds = indexTimeMicroseconds
        self.path = path
        dimensions = DimensionWriter(database)
        insertFiring = try database.cachedStatement(
            sql: "INSERT INTO firing (key, index_time) VALUES (?, ?) ON CONFLICT (key) DO NOTHING")
        selectFiring = try database.cachedStatement(sql: "SELECT id FROM firing WHERE key = ?")
        insertEvent = try database.cachedStatement(sql: RiskEventRecord.insertSQL)
        insertThreatObject = try database.cachedStatement(
            sql: """
                INSERT INTO risk_record_threat_object (risk_event_id, position, threat_object_id)
                VALUES (?, ?, ?)
                """)
        insertStoredEvent = try database.cachedStatement(
            sql: """
                INSERT INTO stored_event (key, time, sourcetype, source, host, "index", raw)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING
                """)
        linkStoredEvent = try database.cachedStatement(
            sql: """
                INSERT INTO firing_stored_event (firing_id, stored_event_id)
                SELECT ?, id FROM stored_event WHERE key = ? ON CONFLICT DO NOTHING
                """)
    }

    /// - Returns: how many of its risk events are new.
    mutating func insert(_ firing: Firing) throws -> Int {
        try insertFiring.execute(arguments: [firing.key, indexTimeMicroseconds])
        guard let firingID = try Int64.fetchOne(selectFiring, arguments: [firing.key]) else {
            throw IndexError.damagedRecord(path: path, table: "firing", key: firing.key)
        }
        var newEventCount = 0
        for event in firing.events where try insert(event, of: firing.key, firingID: firingID) { newEventCount += 1 }
        for event in firing.contributing {
            try insertStoredEvent.execute(arguments: [
                event.key, event.timeMicroseconds, StoredText.encode(event.sourcetype), StoredText.encode(event.source),
                StoredText.encode(event.host), StoredText.encode(event.index), Data(event.raw),
            ])
            try linkStoredEvent.execute(arguments: [firingID, event.key])
        }
        return newEventCount
    }

    private mutating func insert(_ event: RiskEvent, of firingKey: String, firingID: Int64) throws -> Bool {
        precondition(event.firingKey == firingKey, "risk event of another firing")
        guard event.riskScore.isFinite, event.calculatedRiskScore.isFinite else {
            throw IndexError.invalidRecord("the score of risk event '\(event.key)' is not a finite number", path: path)
        }
        let references = RiskEventRecord.References(
            firing: firingID, rule: try dimensions.ruleID(of: event),
            riskObject: try dimensions.riskObjectID(of: event))
        try insertEvent.execute(
            arguments: RiskEventRecord.arguments(event, references, indexTimeMicroseconds: indexTimeMicroseconds))
        guard database.changesCount == 1 else { return false }
        let eventID = database.lastInsertedRowID
        for (position, threatObject) in event.threatObjects.enumerated() {
            try insertThreatObject.execute(
                arguments: [eventID, position, try dimensions.threatObjectID(threatObject)])
        }
        return true
    }
}
