// What goes with a risk event: its threat links, its place in the table of entries by hand, its firing when that has no
// other event, and log events that no other firing has. What shared rows lose their last event stay for `compact`.
//
// An event and the entries by hand that answer it go together, when the last of them is old enough and no finding names
// any of them: an event without its answers would count in full again, an answer without its event against nothing. So
// no sum of a window that begins at the bound or later changes.

import GRDB

/// What expiry takes away, or would.
public struct ExpiryCount: Sendable, Hashable {
    public var riskEvents = 0
    public var firings = 0
    public var storedEvents = 0
    public var findings = 0
    /// Records of runs, with what they say of rules and sources.
    public var runs = 0
    /// Risk events of that age that stay, for a finding names them, or an entry by hand that is not of that age.
    public var keptRiskEvents = 0

    public init() {}
}

extension RiskIndex {
    /// Deletes risk events before a time, in transactions of about 2,000. Stopped at any point it leaves a sound index,
    /// and doing it again does the rest.
    ///
    /// - Parameters:
    ///   - timeMicroseconds: exclusive: an event of that very time stays.
    ///   - includesFindings: findings before that time go too, first, with their changes and reviews.
    public func expire(before timeMicroseconds: Int64, includesFindings: Bool) throws(IndexError) -> ExpiryCount {
        var count = ExpiryCount()
        while includesFindings {
            let gone = try writing { database in
                try Expiry(database, before: timeMicroseconds).deleteFindings(limit: 500)
            }
            count.findings += gone
            if gone == 0 { break }
        }
        while true {
            let gone = try writing { database in
                try Expiry(database, before: timeMicroseconds).deleteRuns(limit: 20)
            }
            count.runs += gone
            if gone == 0 { break }
        }
        var place: Expiry.Place? = Expiry.start
        while let from = place {
            place = try writing { database in
                try Expiry(database, before: timeMicroseconds).deleteEvents(from: from, limit: 2_000, &count)
            }
        }
        count.keptRiskEvents = try reading { database in
            try Int.fetchOne(
                database, sql: "SELECT count(*) FROM risk_record WHERE time < ?", arguments: [timeMicroseconds]) ?? 0
        }
        return count
    }

    /// What ``expire(before:includesFindings:)`` would delete now.
    public func expirable(before timeMicroseconds: Int64, includesFindings: Bool) throws(IndexError) -> ExpiryCount {
        try reading { database in
            let row = try Row.fetchOne(
                database, sql: Expiry.previewSQL(includesFindings: includesFindings), arguments: [timeMicroseconds])
            var count = ExpiryCount()
            guard let row else { return count }
            count.findings = row[0]
            count.riskEvents = row[1]
            count.keptRiskEvents = row[2]
            count.firings = row[3]
            count.storedEvents = row[4]
            count.runs = row[5]
            return count
        }
    }
}

/// The statements of one transaction of expiry.
struct Expiry {
    /// Behind the last event looked at.
    struct Place {
        var timeMicroseconds: Int64
        var keyOrder: Int64
        var id: Int64
    }

    static let start = Place(timeMicroseconds: .min, keyOrder: .min, id: .min)

    private let database: Database
    private let timeMicroseconds: Int64

    init(_ database: Database, before timeMicroseconds: Int64) {
        self.database = database
        self.timeMicroseconds = timeMicroseconds
    }

    /// Named by a finding that stays, or answered by an entry that one names or that is not old; or an answer, which goes
    /// with its event only. Argument 1 is the bound.
    private static let stays = """
        (EXISTS (SELECT 1 FROM finding_risk_event WHERE risk_event_id = risk_record.id)
        OR EXISTS (SELECT 1 FROM adjustment JOIN risk_record AS entry ON entry.id = adjustment.risk_event_id
            WHERE answered_event_id = risk_record.id AND (entry.time >= ?1
                OR EXISTS (SELECT 1 FROM finding_risk_event WHERE risk_event_id = entry.id)))
        OR EXISTS (SELECT 1 FROM adjustment
            WHERE risk_event_id = risk_record.id AND answered_event_id IS NOT NULL))
        """

    func deleteFindings(limit: Int) throws -> Int {
        try gather(
            "gone_finding", "SELECT id FROM finding WHERE time < ? ORDER BY time, key LIMIT \(limit)",
            [timeMicroseconds])
        for table in ["finding_risk_event", "finding_change", "finding_review"] {
            try database.execute(
                sql: "DELETE FROM \(table) WHERE finding_id IN (SELECT id FROM temp.gone_finding)")
        }
        try database.execute(sql: "DELETE FROM finding WHERE id IN (SELECT id FROM temp.gone_finding)")
        return database.changesCount
    }

    func deleteRuns(limit: Int) throws -> Int {
        try gather(
            "gone_run", "SELECT id FROM run WHERE time < ? ORDER BY time, key LIMIT \(limit)", [timeMicroseconds])
        try delete("run_rule", "run_id", in: "gone_run")
        try delete("run_source", "run_id", in: "gone_run")
        return try delete("run", "id", in: "gone_run")
    }

    /// - Returns: where to go on; nil at the end.
    func deleteEvents(from place: Place, limit: Int, _ count: inout ExpiryCount) throws -> Place? {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, time, key_order, \(Self.stays) FROM risk_record
                WHERE (time, key_order, id) > (?2, ?3, ?4) AND time >= ?2 AND time < ?1
                ORDER BY time, key_order, id LIMIT \(limit)
                """,
            arguments: [timeMicroseconds, place.timeMicroseconds, place.keyOrder, place.id])
        guard let last = rows.last else { return nil }
        try gather("gone_event", "SELECT NULL WHERE FALSE", [])
        let insert = try database.makeStatement(sql: "INSERT OR IGNORE INTO temp.gone_event VALUES (?)")
        for row in rows where !(row[3] as Bool) { try insert.execute(arguments: [row[0] as Int64]) }
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO temp.gone_event SELECT risk_event_id FROM adjustment
                WHERE answered_event_id IN (SELECT id FROM temp.gone_event)
                """)
        try deleteGathered(&count)
        return Place(timeMicroseconds: last[1], keyOrder: last[2], id: last[0])
    }

    private func deleteGathered(_ count: inout ExpiryCount) throws {
        try gather(
            "gone_firing",
            "SELECT DISTINCT firing_id FROM risk_record WHERE id IN (SELECT id FROM temp.gone_event)", [])
        try delete("adjustment", "risk_event_id", in: "gone_event")
        try delete("risk_record_threat_object", "risk_event_id", in: "gone_event")
        count.riskEvents += try delete("risk_record", "id", in: "gone_event")
        try database.execute(
            sql: """
                DELETE FROM temp.gone_firing
                WHERE EXISTS (SELECT 1 FROM risk_record WHERE firing_id = gone_firing.id)
                """)
        try gather(
            "gone_stored",
            """
            SELECT DISTINCT stored_event_id FROM firing_stored_event
            WHERE firing_id IN (SELECT id FROM temp.gone_firing)
            """, [])
        try delete("firing_stored_event", "firing_id", in: "gone_firing")
        try database.execute(
            sql: """
                DELETE FROM temp.gone_stored
                WHERE EXISTS (SELECT 1 FROM firing_stored_event WHERE stored_event_id = gone_stored.id)
                """)
        count.storedEvents += try delete("stored_event", "id", in: "gone_stored")
        count.firings += try delete("firing", "id", in: "gone_firing")
    }

    /// Fills a table of ids that lives on the connection only.
    private func gather(_ table: String, _ select: String, _ arguments: StatementArguments) throws {
        try database.execute(sql: "CREATE TEMP TABLE IF NOT EXISTS \(table) (id INTEGER PRIMARY KEY)")
        try database.execute(sql: "DELETE FROM temp.\(table)")
        try database.execute(sql: "INSERT INTO temp.\(table) \(select)", arguments: arguments)
    }

    @discardableResult
    private func delete(_ table: String, _ column: String, in ids: String) throws -> Int {
        try database.execute(sql: "DELETE FROM \(table) WHERE \(column) IN (SELECT id FROM temp.\(ids))")
        return database.changesCount
    }

    /// One row: findings, risk events, those that stay, firings, stored events, runs.
    static func previewSQL(includesFindings: Bool) -> String {
        let staying = includesFindings ? "JOIN finding ON finding.id = finding_id WHERE finding.time >= ?1" : ""
        let findings = includesFindings ? "SELECT count(*) FROM finding WHERE time < ?1" : "SELECT 0"
        return """
            WITH named (id) AS MATERIALIZED (
                SELECT risk_event_id FROM finding_risk_event \(staying)
                UNION SELECT answered_event_id FROM adjustment JOIN risk_record ON risk_record.id = risk_event_id
                WHERE answered_event_id IS NOT NULL AND (time >= ?1
                    OR risk_event_id IN (SELECT risk_event_id FROM finding_risk_event \(staying)))
                UNION SELECT risk_event_id FROM adjustment WHERE answered_event_id IS NOT NULL),
            old (id) AS MATERIALIZED (
                SELECT id FROM risk_record WHERE time < ?1 AND id NOT IN (SELECT id FROM named)),
            gone (id) AS MATERIALIZED (
                SELECT id FROM old
                UNION SELECT risk_event_id FROM adjustment WHERE answered_event_id IN (SELECT id FROM old)),
            gone_firing (id) AS MATERIALIZED (
                SELECT DISTINCT firing_id FROM risk_record WHERE id IN (SELECT id FROM gone)
                    AND NOT EXISTS (SELECT 1 FROM risk_record AS other
                        WHERE other.firing_id = risk_record.firing_id AND other.id NOT IN (SELECT id FROM gone))),
            gone_link (id) AS (
                SELECT DISTINCT stored_event_id FROM firing_stored_event
                WHERE firing_id IN (SELECT id FROM gone_firing)
                    AND NOT EXISTS (SELECT 1 FROM firing_stored_event AS other
                        WHERE other.stored_event_id = firing_stored_event.stored_event_id
                            AND other.firing_id NOT IN (SELECT id FROM gone_firing)))
            SELECT (\(findings)), (SELECT count(*) FROM gone),
                (SELECT count(*) FROM risk_record WHERE time < ?1 AND id NOT IN (SELECT id FROM gone)),
                (SELECT count(*) FROM gone_firing), (SELECT count(*) FROM gone_link),
                (SELECT count(*) FROM run WHERE time < ?1)
            """
    }
}
