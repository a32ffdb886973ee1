// What happens to a finding after it opened, what analysts say about it, what they silence, and what each run saw.

import GRDB

enum M0003_FindingLives: Migration {
    static let name = "0003_finding_lives"

    static func migrate(_ database: Database) throws {
        try database.execute(sql: findings)
        try database.execute(sql: analysts)
        try database.execute(sql: runs)
    }

    private static let findings = """
        ALTER TABLE finding ADD COLUMN profile TEXT NOT NULL DEFAULT 'splunk';
        ALTER TABLE finding ADD COLUMN raw_risk_score REAL NOT NULL DEFAULT 0;
        ALTER TABLE finding ADD COLUMN counted_risk_score REAL NOT NULL DEFAULT 0;
        ALTER TABLE finding ADD COLUMN state TEXT NOT NULL DEFAULT 'opened'
            CHECK (state IN ('opened', 'updated', 'held', 'closed'));
        ALTER TABLE finding ADD COLUMN state_time INTEGER NOT NULL DEFAULT 0;
        UPDATE finding SET raw_risk_score = risk_score, counted_risk_score = risk_score, state_time = time;

        CREATE TABLE finding_change (
            finding_id INTEGER NOT NULL REFERENCES finding (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            time INTEGER NOT NULL,
            last_time INTEGER NOT NULL CHECK (last_time >= time),
            run_count INTEGER NOT NULL CHECK (run_count > 0),
            state TEXT NOT NULL CHECK (state IN ('opened', 'updated', 'held', 'closed')),
            reason_code TEXT NOT NULL,
            reason TEXT NOT NULL,
            info_min_time INTEGER NOT NULL,
            info_max_time INTEGER NOT NULL,
            risk_score REAL NOT NULL,
            raw_risk_score REAL NOT NULL,
            counted_risk_score REAL NOT NULL,
            risk_event_count INTEGER NOT NULL,
            severity TEXT NOT NULL,
            sources TEXT NOT NULL CHECK (json_valid(sources)),
            tactics TEXT NOT NULL CHECK (json_valid(tactics)),
            threat_objects TEXT NOT NULL CHECK (json_valid(threat_objects)),
            PRIMARY KEY (finding_id, position)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX finding_change_by_time ON finding_change (last_time);

        INSERT INTO finding_change
        SELECT id, 0, time, time, 1, 'opened', 'threshold', reason, info_min_time, info_max_time, risk_score, risk_score,
            risk_score, risk_event_count, severity, '[]', '[]', '[]'
        FROM finding;
        """

    private static let analysts = """
        CREATE TABLE finding_review (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            finding_id INTEGER NOT NULL REFERENCES finding (id),
            time INTEGER NOT NULL,
            author TEXT NOT NULL,
            status TEXT,
            owner TEXT,
            disposition TEXT,
            note TEXT
        ) STRICT;

        CREATE INDEX finding_review_by_finding ON finding_review (finding_id, time);

        CREATE TABLE suppression (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            kind TEXT NOT NULL CHECK (kind IN ('entity', 'rule', 'threat_object')),
            value TEXT NOT NULL,
            value_folded TEXT NOT NULL,
            start INTEGER NOT NULL,
            until INTEGER CHECK (until IS NULL OR until >= start),
            author TEXT NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;

        CREATE TABLE adjustment (
            risk_event_id INTEGER PRIMARY KEY REFERENCES risk_record (id),
            answered_event_id INTEGER REFERENCES risk_record (id),
            author TEXT NOT NULL,
            note TEXT NOT NULL
        ) STRICT;

        CREATE INDEX adjustment_by_answered_event ON adjustment (answered_event_id);

        CREATE TABLE throttled_firing (
            rule_id TEXT NOT NULL,
            field_values TEXT NOT NULL,
            time INTEGER NOT NULL,
            PRIMARY KEY (rule_id, field_values, time)
        ) STRICT, WITHOUT ROWID;
        """

    private static let runs = """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            time INTEGER NOT NULL,
            profile TEXT NOT NULL
        ) STRICT;

        CREATE INDEX run_by_time ON run (time, key);

        CREATE TABLE run_rule (
            run_id INTEGER NOT NULL REFERENCES run (id),
            search_name TEXT NOT NULL,
            matched_event_count INTEGER NOT NULL,
            row_count INTEGER NOT NULL,
            risk_event_count INTEGER NOT NULL,
            lost TEXT NOT NULL CHECK (json_valid(lost)),
            problem TEXT,
            PRIMARY KEY (run_id, search_name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE run_source (
            run_id INTEGER NOT NULL REFERENCES run (id),
            sourcetype TEXT NOT NULL,
            event_count INTEGER NOT NULL,
            first_time INTEGER,
            last_time INTEGER,
            PRIMARY KEY (run_id, sourcetype)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE setting (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
