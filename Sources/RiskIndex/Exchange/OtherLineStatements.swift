import GRDB

/// Log events and which firings they stand behind.
struct StoredEventStatements {
    private let insert: RawStatement
    private let select: RawStatement
    private let insertLink: RawStatement

    init(_ database: Database) throws {
        insert = try RawStatement(
            database,
            """
            INSERT INTO stored_event (key, time, sourcetype, source, host, "index", raw) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO NOTHING
            """)
        select = try RawStatement(database, "SELECT id FROM stored_event WHERE key = ?")
        insertLink = try RawStatement(
            database,
            "INSERT INTO firing_stored_event (firing_id, stored_event_id) VALUES (?, ?) ON CONFLICT DO NOTHING")
    }

    func insert(
        key: [UInt8], time: Int64?, texts: [[UInt8]], raw: [UInt8], firings: [Int64]
    ) throws -> Bool {
        insert.bind(copy: key, at: 1)
        insert.bind(time, at: 2)
        for (position, text) in texts.enumerated() { insert.bind(copy: text, at: Int32(position) + 3) }
        insert.bind(copyOfBlob: raw, at: 7)
        var changes = try insert.execute()
        select.bind(copy: key, at: 1)
        guard let id = try select.integer() else { throw DatabaseError(message: "a stored event is lost") }
        insertLink.bind(id, at: 2)
        for firing in firings {
            insertLink.bind(firing, at: 1)
            changes += try insertLink.execute()
        }
        return changes > 0
    }
}

/// Entries by hand.
struct AdjustmentStatements {
    private let insertEntry: RawStatement
    private let selectEntry: RawStatement

    init(_ database: Database) throws {
        insertEntry = try RawStatement(
            database,
            """
            INSERT INTO adjustment (risk_event_id, answered_event_id, author, note) VALUES (?, ?, ?, ?)
            ON CONFLICT (risk_event_id) DO NOTHING
            """)
        selectEntry = try RawStatement(database, "SELECT risk_event_id FROM adjustment WHERE risk_event_id = ?")
    }

    func isEntry(_ riskEventID: Int64) throws -> Bool {
        selectEntry.bind(riskEventID, at: 1)
        return try selectEntry.integer() != nil
    }

    func insert(_ riskEventID: Int64, _ answeredID: Int64?, author: [UInt8], note: [UInt8]) throws -> Bool {
        insertEntry.bind(riskEventID, at: 1)
        insertEntry.bind(answeredID, at: 2)
        insertEntry.bind(copy: author, at: 3)
        insertEntry.bind(copy: note, at: 4)
        return try insertEntry.execute() > 0
    }
}

/// Which risk events a finding names.
struct FindingEventStatements {
    private let select: RawStatement
    private let insert: RawStatement

    init(_ database: Database) throws {
        select = try RawStatement(
            database, "SELECT 1 FROM finding_risk_event WHERE risk_event_id = ? AND finding_id = ?")
        insert = try RawStatement(
            database,
            """
            INSERT INTO finding_risk_event (finding_id, position, risk_event_id)
            SELECT ?1, coalesce(max(position) + 1, 0), ?2 FROM finding_risk_event WHERE finding_id = ?1
            """)
    }

    /// Events that the finding did not name come behind those that it did.
    func link(_ findingID: Int64, _ riskEventIDs: [Int64]) throws -> Bool {
        var isNew = false
        for id in riskEventIDs {
            select.bind(id, at: 1)
            select.bind(findingID, at: 2)
            guard try select.integer() == nil else { continue }
            insert.bind(findingID, at: 1)
            insert.bind(id, at: 2)
            try insert.execute()
            isNew = true
        }
        return isNew
    }
}
