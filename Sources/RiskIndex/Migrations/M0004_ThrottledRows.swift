// A firing that starts a silence is known by its key when it comes again, and runs count the rows that a silence held
// back.

import GRDB

enum M0004_ThrottledRows: Migration {
    static let name = "0004_throttled_rows"

    static func migrate(_ database: Database) throws {
        try database.execute(
            sql: """
                ALTER TABLE throttled_firing ADD COLUMN firing_key TEXT NOT NULL DEFAULT '';
                ALTER TABLE run_rule ADD COLUMN throttled_count INTEGER NOT NULL DEFAULT 0;
                """)
    }
}
