// What many risk events share moves into tables of its own: an event names its rule, its raw entity name and its threat
// objects by id. The entity hangs on the raw name (`risk_object`), not on the event: when identity data changes, a name
// moves to another entity and no event is rewritten. `risk_event` stays as a view with Splunk's names.
//
// `key_order` is `KeyOrder` of the key: with it in an index, events of one time come in the order of their keys without a
// look at the events themselves.

import GRDB

enum M0002_SplitRiskEvents: Migration {
    static let name = "0002_split_risk_events"

    static func migrate(_ database: Database) throws {
        database.add(function: keyOrder)
        database.add(function: messageHash)
        try database.execute(sql: dimensions)
        try database.execute(sql: records)
        try database.execute(sql: copy)
        try database.execute(sql: views)
    }

    private static let keyOrder = DatabaseFunction("accrue_key_order", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map(KeyOrder.of)
    }

    private static let messageHash = DatabaseFunction("accrue_message_hash", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map { MessageHash.of(StoredText.decode($0)) }
    }

    private static let dimensions = """
        CREATE TABLE rule (
            id INTEGER PRIMARY KEY,
            search_name TEXT NOT NULL,
            rule_id TEXT NOT NULL,
            rule_version INTEGER NOT NULL,
            attack_version TEXT NOT NULL,
            analyticstories TEXT NOT NULL CHECK (json_valid(analyticstories)),
            annotations TEXT NOT NULL CHECK (json_valid(annotations)),
            UNIQUE (search_name, rule_id, rule_version, attack_version, analyticstories, annotations)
        ) STRICT;

        CREATE TABLE entity (
            id INTEGER PRIMARY KEY,
            normalized_risk_object TEXT NOT NULL,
            normalized_risk_object_folded TEXT NOT NULL,
            risk_object_type TEXT NOT NULL,
            UNIQUE (normalized_risk_object, risk_object_type)
        ) STRICT;

        CREATE INDEX entity_by_folded_name ON entity (normalized_risk_object_folded);

        CREATE TABLE risk_object (
            id INTEGER PRIMARY KEY,
            risk_object TEXT NOT NULL,
            risk_object_folded TEXT NOT NULL,
            risk_object_type TEXT NOT NULL,
            cim_entity_zone TEXT NOT NULL,
            host TEXT NOT NULL,
            entity_id INTEGER NOT NULL REFERENCES entity (id),
            reason TEXT NOT NULL,
            UNIQUE (risk_object, risk_object_type, cim_entity_zone, host)
        ) STRICT;

        CREATE INDEX risk_object_by_folded_name ON risk_object (risk_object_folded);
        CREATE INDEX risk_object_by_entity ON risk_object (entity_id);

        CREATE TABLE threat_object (
            id INTEGER PRIMARY KEY,
            value TEXT NOT NULL,
            value_folded TEXT NOT NULL,
            type TEXT NOT NULL,
            UNIQUE (value, type)
        ) STRICT;

        CREATE INDEX threat_object_by_folded_value ON threat_object (value_folded);
        """

    private static let records = """
        CREATE TABLE risk_record (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE CHECK (key <> ''),
            key_order INTEGER NOT NULL,
            firing_id INTEGER NOT NULL REFERENCES firing (id),
            time INTEGER NOT NULL,
            index_time INTEGER NOT NULL,
            info_min_time INTEGER,
            info_max_time INTEGER,
            info_search_time INTEGER NOT NULL,
            rule INTEGER NOT NULL REFERENCES rule (id),
            entity_field TEXT NOT NULL,
            risk_object_id INTEGER NOT NULL REFERENCES risk_object (id),
            risk_score REAL NOT NULL,
            risk_factor_add REAL NOT NULL,
            risk_factor_mult REAL NOT NULL,
            risk_factors TEXT NOT NULL CHECK (json_valid(risk_factors)),
            calculated_risk_score REAL NOT NULL,
            risk_message TEXT NOT NULL,
            message_hash INTEGER NOT NULL,
            contributing_event_count INTEGER NOT NULL CHECK (contributing_event_count >= 0),
            fields TEXT NOT NULL CHECK (json_valid(fields))
        ) STRICT;

        CREATE TABLE risk_record_threat_object (
            risk_event_id INTEGER NOT NULL REFERENCES risk_record (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            threat_object_id INTEGER NOT NULL REFERENCES threat_object (id),
            PRIMARY KEY (risk_event_id, position)
        ) STRICT, WITHOUT ROWID;
        """

    private static let copy = """
        INSERT INTO rule (search_name, rule_id, rule_version, attack_version, analyticstories, annotations)
        SELECT DISTINCT search_name, rule_id, rule_version, attack_version, analyticstories, annotations
        FROM risk_event ORDER BY id;

        INSERT INTO entity (normalized_risk_object, normalized_risk_object_folded, risk_object_type)
        SELECT DISTINCT normalized_risk_object, normalized_risk_object_folded, risk_object_type
        FROM risk_event ORDER BY id;

        INSERT INTO risk_object
            (risk_object, risk_object_folded, risk_object_type, cim_entity_zone, host, entity_id, reason)
        SELECT risk_object, risk_object_folded, risk_event.risk_object_type, '', '', max(entity.id), ''
        FROM risk_event JOIN entity ON entity.normalized_risk_object = risk_event.normalized_risk_object
            AND entity.risk_object_type = risk_event.risk_object_type
        GROUP BY risk_object, risk_object_folded, risk_event.risk_object_type ORDER BY min(risk_event.id);

        INSERT INTO threat_object (value, value_folded, type)
        SELECT DISTINCT value, value_folded, type FROM risk_event_threat_object ORDER BY risk_event_id, position;

        INSERT INTO risk_record
        SELECT risk_event.id, key, accrue_key_order(key), firing_id, time, index_time, info_min_time, info_max_time,
            info_search_time, rule.id, entity_field, risk_object.id, risk_score, 0, 1, '[[],[]]',
            calculated_risk_score, risk_message, accrue_message_hash(risk_message), contributing_event_count, fields
        FROM risk_event
        JOIN rule USING (search_name, rule_id, rule_version, attack_version, analyticstories, annotations)
        JOIN risk_object ON risk_object.risk_object = risk_event.risk_object
            AND risk_object.risk_object_type = risk_event.risk_object_type;

        INSERT INTO risk_record_threat_object
        SELECT risk_event_id, position, threat_object.id
        FROM risk_event_threat_object JOIN threat_object USING (value, type);

        CREATE TABLE kept_finding_risk_event AS SELECT * FROM finding_risk_event;
        DROP TABLE finding_risk_event;
        CREATE TABLE finding_risk_event (
            finding_id INTEGER NOT NULL REFERENCES finding (id),
            position INTEGER NOT NULL CHECK (position >= 0),
            risk_event_id INTEGER NOT NULL REFERENCES risk_record (id),
            PRIMARY KEY (finding_id, position)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO finding_risk_event SELECT * FROM kept_finding_risk_event;
        DROP TABLE kept_finding_risk_event;

        DROP TABLE risk_event_threat_object;
        DROP TABLE risk_event;

        CREATE INDEX risk_record_by_time
            ON risk_record (time, key_order, risk_object_id, rule, calculated_risk_score);
        CREATE INDEX risk_record_by_risk_object ON risk_record (risk_object_id, time, key_order);
        CREATE INDEX risk_record_by_rule ON risk_record (rule, time, key_order);
        CREATE INDEX risk_record_threat_object_by_id ON risk_record_threat_object (threat_object_id);
        CREATE INDEX finding_risk_event_by_event ON finding_risk_event (risk_event_id);
        """

    private static let views = """
        CREATE VIEW risk_event AS
        SELECT risk_record.id, risk_record.key, firing_id, time, index_time, info_min_time, info_max_time,
            info_search_time, search_name, rule_id, rule_version, entity_field, risk_object.risk_object,
            risk_object_folded, risk_object.risk_object_type, normalized_risk_object, normalized_risk_object_folded,
            cim_entity_zone, risk_score, risk_factor_add, risk_factor_mult, risk_factors, calculated_risk_score,
            risk_message, analyticstories, annotations, attack_version, contributing_event_count, fields
        FROM risk_record
        JOIN rule ON rule.id = risk_record.rule
        JOIN risk_object ON risk_object.id = risk_record.risk_object_id
        JOIN entity ON entity.id = risk_object.entity_id;

        CREATE VIEW risk_event_threat_object AS
        SELECT risk_event_id, position, value, value_folded, type
        FROM risk_record_threat_object JOIN threat_object ON threat_object.id = threat_object_id;
        """
}
