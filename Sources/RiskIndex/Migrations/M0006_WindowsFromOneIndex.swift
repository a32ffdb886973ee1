// What adds up a window reads nothing but the index by time: with the firing and the message's hash in it, a week's events
// cost one walk along it instead of a look into the table for each of them.

import GRDB

enum M0006_WindowsFromOneIndex: Migration {
    static let name = "0006_windows_from_one_index"

    static func migrate(_ database: Database) throws {
        try database.execute(
            sql: """
                DROP INDEX risk_record_by_time;
                CREATE INDEX risk_record_by_time ON risk_record
                    (time, key_order, risk_object_id, rule, calculated_risk_score, firing_id, message_hash);
                """)
    }
}
