import Foundation

extension IndexExport {
    func adjustments() throws {
        let condition = "WHERE \(Self.inRange) OR risk_record.id IN (SELECT id FROM named)"
        let rows = try statement(
            """
            \(hasRange ? Self.namedSQL : "")
            SELECT risk_record.key, answered.key, author, note
            FROM adjustment JOIN risk_record ON risk_record.id = adjustment.risk_event_id
            LEFT JOIN risk_record AS answered ON answered.id = answered_event_id
            \(hasRange ? condition : "") ORDER BY risk_record.time, risk_record.key
            """)
        while try rows.step() {
            writer.begin(.adjustment)
            writer.member("risk_event")
            writer.string(rows.text(0))
            if !rows.isNull(1) {
                writer.member("answered")
                writer.string(rows.text(1))
            }
            writer.member("author")
            writer.string(rows.text(2))
            writer.member("note")
            writer.string(rows.text(3))
            try end(.adjustment)
        }
    }

    /// By key, for which there is an index: sorting them by time would write all their texts to a temporary file.
    func storedEvents() throws {
        let inExport = """
            EXISTS (SELECT 1 FROM risk_record WHERE risk_record.firing_id = firing_stored_event.firing_id
                AND (\(Self.inRange) OR risk_record.id IN (SELECT id FROM named)))
            """
        let firings = try statement(
            """
            \(hasRange ? Self.namedSQL : "")
            SELECT firing.key FROM firing_stored_event JOIN firing ON firing.id = firing_id
            WHERE stored_event_id = ?3 \(hasRange ? "AND \(inExport)" : "") ORDER BY firing.key
            """)
        let rows = try statement(
            """
            \(hasRange ? Self.namedSQL : "")
            SELECT key, time, sourcetype, source, host, "index", raw, id FROM stored_event
            \(hasRange ? "WHERE EXISTS (SELECT 1 FROM firing_stored_event WHERE stored_event_id = stored_event.id AND \(inExport))" : "")
            ORDER BY key
            """)
        while try rows.step() {
            firings.bind(rows.integer(7), at: 3)
            var keys: [[UInt8]] = []
            while try firings.step() {
                keys.append(Array(firings.text(0)))
                if keys.count == ExchangeForm.keysPerLine {
                    try storedEvent(rows, firings: keys)
                    keys.removeAll()
                }
            }
            firings.reset()
            if !keys.isEmpty { try storedEvent(rows, firings: keys) }
        }
    }

    private func storedEvent(_ rows: RawStatement, firings: [[UInt8]]) throws {
        writer.begin(.storedEvent)
        writer.member("key")
        writer.string(rows.text(0))
        if !rows.isNull(1) {
            writer.member("time_us")
            writer.integer(rows.integer(1))
        }
        for (column, name) in ["sourcetype", "source", "host", "index"].enumerated() {
            writer.member(name)
            writer.string(rows.text(Int32(column) + 2))
        }
        writer.member("raw")
        writer.string(Data(rows.blob(6)).base64EncodedString())
        writer.member("firings")
        list(of: firings)
        try end(.storedEvent)
    }

    func findingRiskEvents() throws {
        let rows = try statement(
            """
            SELECT finding.key, risk_record.key FROM finding
            JOIN finding_risk_event ON finding_id = finding.id JOIN risk_record ON risk_record.id = risk_event_id
            \(hasRange ? "WHERE finding.time >= ?1 AND finding.time < ?2" : "")
            ORDER BY finding.time, finding.key, position
            """)
        var finding: [UInt8] = []
        var keys: [[UInt8]] = []
        func write() throws {
            guard !keys.isEmpty else { return }
            writer.begin(.findingRiskEvents)
            writer.member("finding")
            finding.withUnsafeBytes { writer.string($0) }
            writer.member("risk_events")
            list(of: keys)
            try end(.findingRiskEvents)
            keys.removeAll(keepingCapacity: true)
        }
        while try rows.step() {
            if !rows.text(0).elementsEqual(finding) {
                try write()
                finding = Array(rows.text(0))
            }
            keys.append(Array(rows.text(1)))
            if keys.count == ExchangeForm.keysPerLine { try write() }
        }
        try write()
    }

    private func list(of keys: [[UInt8]]) {
        writer.beginArray()
        for (position, key) in keys.enumerated() {
            if position > 0 { writer.comma() }
            key.withUnsafeBytes { writer.string($0) }
        }
        writer.endArray()
    }
}
