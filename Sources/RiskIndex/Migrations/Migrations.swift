// The schema's history, oldest first. A migration is never edited once merged: a change is a new file and a new line.

import GRDB

/// One step of the schema.
protocol Migration: SendableMetatype {
    /// `NNNN_what`, the file's name without the `M`; also what the database records.
    static var name: String { get }
    static func migrate(_ database: Database) throws
}

enum Migrations {
    static let all: [any Migration.Type] = [
        M0001_CreateRiskIndex.self, M0002_SplitRiskEvents.self, M0003_FindingLives.self,
        M0004_ThrottledRows.self, M0005_FiringLookups.self, M0006_WindowsFromOneIndex.self,
    ]

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in all {
            migrator.registerMigration(migration.name) { database in try migration.migrate(database) }
        }
        return migrator
    }

    /// `PRAGMA application_id` of every risk index: "ACRU" in ASCII.
    static let applicationID: Int32 = 0x4143_5255
}
