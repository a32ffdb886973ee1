import GRDB

extension RiskIndex {
    /// The risk events that match, by time, then key.
    public func riskEvents(_ query: RiskEventQuery) throws(IndexError) -> [RiskEvent] {
        let select = try SelectStatement(query, path: path)
        return try reading { database in try riskEvents(select, database) }
    }

    /// Reads the risk events that match in batches, by time, then key, out of one snapshot of the index.
    ///
    /// - Parameter body: gets 1 to `batchSize` events a call, and is not called when nothing matches.
    /// - Throws: ``IndexError``, and what `body` throws, unchanged.
    public func forEachRiskEvent(
        _ query: RiskEventQuery, batchSize: Int = 4096, body: ([RiskEvent]) throws -> Void
    ) throws {
        precondition(batchSize > 0, "batches of nothing")
        let select = try SelectStatement(query, path: path)
        var bodyError: (any Error)?
        try reading { database in
            var batch: [RiskEvent] = []
            func pass() -> Bool {
                do { try body(batch) } catch { bodyError = error }
                batch.removeAll(keepingCapacity: true)
                return bodyError == nil
            }
            let isComplete = try forEachRiskEvent(select, database) { event in
                batch.append(event)
                return batch.count < batchSize || pass()
            }
            if isComplete, !batch.isEmpty { _ = pass() }
        }
        if let bodyError { throw bodyError }
    }

    /// The risk event whose key begins with `idPrefix`, in either case of the hex digits.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `ambiguousPrefix`, which lists the first candidates, when there are several.
    public func riskEvent(idPrefix: String) throws(IndexError) -> RiskEvent? {
        guard let key = try uniqueKey(of: "risk_record", idPrefix: idPrefix, idLength: 16) else { return nil }
        var select = SelectStatement(
            RiskEventRecord.selection, from: RiskEventRecord.source, order: RiskEventRecord.order)
        select.require("risk_record.key = ?", key)
        return try reading { database in try riskEvents(select, database).first }
    }

    /// The risk events a finding was made of, in its order; empty for an unknown finding.
    public func riskEvents(findingKey: String) throws(IndexError) -> [RiskEvent] {
        var select = SelectStatement(
            RiskEventRecord.selection,
            from: """
                finding JOIN finding_risk_event ON finding_risk_event.finding_id = finding.id
                JOIN risk_record ON risk_record.id = finding_risk_event.risk_event_id
                JOIN firing ON firing.id = risk_record.firing_id
                """, order: "finding_risk_event.position")
        select.require("finding.key = ?", findingKey)
        return try reading { database in try riskEvents(select, database) }
    }

    /// The events stored with a firing, by time, then key, those without a time last; empty for an unknown firing.
    public func storedEvents(firingKey: String) throws(IndexError) -> [StoredEvent] {
        try reading { database in
            let rows = try Row.fetchCursor(
                try database.cachedStatement(sql: RiskIndex.storedEventSQL), arguments: [firingKey])
            var events: [StoredEvent] = []
            while let row = try rows.next() {
                let raw = try row.withUnsafeData(atIndex: 6) { data in data.map(Array.init) ?? [] }
                events.append(
                    StoredEvent(
                        key: row[0], timeMicroseconds: row[1], sourcetype: StoredText.decode(row[2]),
                        source: StoredText.decode(row[3]), host: StoredText.decode(row[4]),
                        index: StoredText.decode(row[5]), raw: raw))
            }
            return events
        }
    }

    static let storedEventSQL = """
        SELECT stored_event.key, stored_event.time, stored_event.sourcetype, stored_event.source, stored_event.host,
            stored_event."index", stored_event.raw
        FROM firing JOIN firing_stored_event ON firing_stored_event.firing_id = firing.id
        JOIN stored_event ON stored_event.id = firing_stored_event.stored_event_id
        WHERE firing.key = ? ORDER BY stored_event.time IS NULL, stored_event.time, stored_event.key
        """

    private func riskEvents(_ select: SelectStatement, _ database: Database) throws -> [RiskEvent] {
        var events: [RiskEvent] = []
        _ = try forEachRiskEvent(select, database) { event in
            events.append(event)
            return true
        }
        return events
    }

    /// - Parameter body: returns false to stop.
    /// - Returns: whether all events were read.
    private func forEachRiskEvent(
        _ select: SelectStatement, _ database: Database, body: (RiskEvent) throws -> Bool
    ) throws -> Bool {
        let threatObjects = try database.cachedStatement(sql: RiskEventRecord.threatObjectSQL)
        let dimensions = DimensionReader(database, path: path)
        let rows = try Row.fetchCursor(database, sql: select.sql, arguments: StatementArguments(select.arguments))
        while let row = try rows.next() {
            guard try body(try RiskEventRecord.decode(row, threatObjects: threatObjects, dimensions)) else {
                return false
            }
        }
        return true
    }
}
