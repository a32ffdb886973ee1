// Which risk events a firing has, and which firings an event: expiry asks so for each row that it deletes, and so does
// SQLite itself before it deletes a row that others may refer to. Without an index each answer reads the whole table.

import GRDB

enum M0005_FiringLookups: Migration {
    static let name = "0005_firing_lookups"

    static func migrate(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE INDEX risk_record_by_firing ON risk_record (firing_id);
                CREATE INDEX firing_stored_event_by_event ON firing_stored_event (stored_event_id);
                """)
    }
}
