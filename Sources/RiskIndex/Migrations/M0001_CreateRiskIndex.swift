// The tables. Integer ids join tables inside the file and never leave it: identity across runs is `key`.
// Names are Splunk's where Splunk has one. Times are UTC microseconds, windows half-open. `*_folded` is `FoldedName` of
// the column before it. Lists are JSON arrays of text (`StringListJSON`), so that `sqlite3` users can query them.

import GRDB

enum M0001_CreateRiskIndex: Migration {
    static let name = "0001_create_risk_index"

    static func migrate(_ database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(Migrations.applicationID)")
        try database.execute(sql: firings)
        try database.execute(sql: riskEvents)
        try database.execute(sql: findings)
    }

    private static let firings = """
        CREATE TABLE firing (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            index_time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE stored_event (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            time INTEGER,
            sourcetype TEXT NOT NULL,
            source TEXT NOT NULL,
            host TEXT NOT NULL,
            "index" TEXT NOT NULL,
            raw BLOB NOT NULL
        ) STRICT;

        CREATE TABLE firing_stored_event (
            firing_id INTEGER NOT NULL REFERENCES firing (id),
            stored_event_id INTEGER NOT NULL REFERENCES stored_event (id),
            PRIMARY KEY (firing_id, stored_event_id)
        ) STRICT, WITHOUT ROWID;
        """

    private static let riskEvents = """
        CREATE TABLE risk_event (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            firing_id INTEGER NOT NULL REFERENCES firing (id),
            time INTEGER NOT NULL,
            index_time INTEGER NOT NULL,
            info_min_time INTEGER,
            info_max_time INTEGER,
            info_search_time INTEGER NOT NULL,
            search_name TEXT NOT NULL,
            rule_id TEXT NOT NULL,
            rule_version INTEGER NOT NULL,
            entity_field TEXT NOT NULL,
            risk_object TEXT NOT NULL,
            risk_object_folded TEXT NOT NULL,
            risk_object_type TEXT NOT NULL,
            normalized_risk_object TEXT NOT NULL,
            normalized_risk_object_folded TEXT NOT NULL,
            risk_score REAL NOT NULL,
            calculated_risk_score REAL NOT NULL,
            risk_message TEXT NOT NULL,
            analyticstories TEXT NOT NULL CHECK (json_valid(analyticstories)),
            annotations TEXT NOT NULL CHECK (json_valid(annotations)),
            attack_version TEXT NOT NULL,
            contributing_events_search TEXT NOT NULL,
            contributing_event_count INTEGER NOT NULL CHECK (contributing_event_count >= 0),
            fields TEXT NOT NULL CHECK (json_valid(fields))
        ) STRICT;

        CREATE INDEX risk_event_by_time ON risk_event (time, key);
        CREATE INDEX risk_event_by_normalized_risk_object
            ON risk_event (normalized_risk_object_folded, time, key);
        CREATE INDEX risk_event_by_risk_object ON risk_event (risk_object_folded, time, key);
        CREATE INDEX risk_event_by_search_name ON risk_event (search_name, time, key);

        CREATE TABLE risk_event_threat_object (
            risk_event_id INTEGER NOT NULL REFERENCES risk_event (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            value TEXT NOT NULL,
            value_folded TEXT NOT NULL,
            type TEXT NOT NULL,
            PRIMARY KEY (risk_event_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX risk_event_threat_object_by_value ON risk_event_threat_object (value_folded);
        """

    private static let findings = """
        CREATE TABLE finding (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            time INTEGER NOT NULL,
            index_time INTEGER NOT NULL,
            info_min_time INTEGER NOT NULL,
            info_max_time INTEGER NOT NULL CHECK (info_max_time >= info_min_time),
            search_name TEXT NOT NULL,
            rule_id TEXT NOT NULL,
            risk_object TEXT NOT NULL,
            all_risk_objects TEXT NOT NULL CHECK (json_valid(all_risk_objects)),
            normalized_risk_object TEXT NOT NULL,
            normalized_risk_object_folded TEXT NOT NULL,
            risk_object_type TEXT NOT NULL,
            risk_score REAL NOT NULL,
            risk_event_count INTEGER NOT NULL CHECK (risk_event_count >= 0),
            source_count INTEGER NOT NULL CHECK (source_count >= 0),
            mitre_tactic_id_count INTEGER NOT NULL CHECK (mitre_tactic_id_count >= 0),
            mitre_technique_id_count INTEGER NOT NULL CHECK (mitre_technique_id_count >= 0),
            severity TEXT NOT NULL,
            reason TEXT NOT NULL,
            title TEXT NOT NULL,
            fields TEXT NOT NULL CHECK (json_valid(fields))
        ) STRICT;

        CREATE INDEX finding_by_time ON finding (time, key);
        CREATE INDEX finding_by_normalized_risk_object ON finding (normalized_risk_object_folded, time, key);
        CREATE INDEX finding_by_search_name ON finding (search_name, time, key);

        CREATE TABLE finding_risk_event (
            finding_id INTEGER NOT NULL REFERENCES finding (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            risk_event_id INTEGER NOT NULL REFERENCES risk_event (id),
            PRIMARY KEY (finding_id, position)
        ) STRICT, WITHOUT ROWID;
        """
}
