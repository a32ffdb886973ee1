// A risk event between the struct and its row. Column positions are written out: by-name access costs a lookup a value.

import GRDB

enum RiskEventRecord {
    private static let columns = [
        "key", "firing_id", "time", "index_time", "info_min_time", "info_max_time", "info_search_time", "search_name",
        "rule_id", "rule_version", "entity_field", "risk_object", "risk_object_folded", "risk_object_type",
        "normalized_risk_object", "normalized_risk_object_folded", "risk_score", "calculated_risk_score",
        "risk_message", "analyticstories", "annotations", "attack_version", "contributing_events_search",
        "contributing_event_count", "fields",
    ]

    static let insertSQL = """
        INSERT INTO risk_event (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", "))) ON CONFLICT (key) DO NOTHING
        """

    static func arguments(
        _ event: RiskEvent, firingID: Int64, indexTimeMicroseconds: Int64
    ) -> StatementArguments {
        [
            event.key, firingID, event.timeMicroseconds, indexTimeMicroseconds, event.windowStartMicroseconds,
            event.windowEndMicroseconds, event.searchTimeMicroseconds, StoredText.encode(event.searchName),
            StoredText.encode(event.ruleID), event.ruleVersion, StoredText.encode(event.entityField),
            StoredText.encode(event.riskObject), StoredText.encode(FoldedName.fold(event.riskObject)),
            StoredText.encode(event.riskObjectType), StoredText.encode(event.normalizedRiskObject),
            StoredText.encode(FoldedName.fold(event.normalizedRiskObject)), event.riskScore,
            event.calculatedRiskScore, StoredText.encode(event.riskMessage),
            StringListJSON.encode(event.analyticStories),
            StringListJSON.encode(event.annotations.map { [$0.name] + $0.values }),
            StoredText.encode(event.attackVersion), StoredText.encode(event.contributingEventsSearch),
            event.contributingEventCount, FieldListJSON.encode(event.fields),
        ]
    }

    /// What `decode` reads, in its order.
    static let selection = """
        risk_event.id, risk_event.key, firing.key, risk_event.time, risk_event.info_min_time, risk_event.info_max_time,
        risk_event.info_search_time, risk_event.search_name, risk_event.rule_id, risk_event.rule_version,
        risk_event.entity_field, risk_event.risk_object, risk_event.risk_object_type,
        risk_event.normalized_risk_object, risk_event.risk_score, risk_event.calculated_risk_score,
        risk_event.risk_message, risk_event.analyticstories, risk_event.annotations, risk_event.attack_version,
        risk_event.contributing_events_search, risk_event.contributing_event_count, risk_event.fields
        """

    static let source = "risk_event CROSS JOIN firing ON firing.id = risk_event.firing_id"

    static let threatObjectSQL =
        "SELECT value, type FROM risk_event_threat_object WHERE risk_event_id = ? ORDER BY position"

    static func decode(_ row: Row, threatObjects: Statement, path: String) throws -> RiskEvent {
        let key: String = row[1]
        guard let stories = StringListJSON.decodeList(row[17]), let annotations = annotations(row[18]),
            let fields = FieldListJSON.decode(row[22])
        else { throw IndexError.damagedRecord(path: path, table: "risk event", key: key) }
        let id: Int64 = row[0]
        return RiskEvent(
            key: key, firingKey: row[2], timeMicroseconds: row[3], windowStartMicroseconds: row[4],
            windowEndMicroseconds: row[5], searchTimeMicroseconds: row[6], searchName: StoredText.decode(row[7]),
            ruleID: StoredText.decode(row[8]), ruleVersion: row[9], entityField: StoredText.decode(row[10]),
            riskObject: StoredText.decode(row[11]), riskObjectType: StoredText.decode(row[12]),
            normalizedRiskObject: StoredText.decode(row[13]), riskScore: row[14], calculatedRiskScore: row[15],
            riskMessage: StoredText.decode(row[16]),
            threatObjects: try threatObjectList(threatObjects, riskEventID: id), analyticStories: stories,
            annotations: annotations, attackVersion: StoredText.decode(row[19]),
            contributingEventsSearch: StoredText.decode(row[20]), contributingEventCount: row[21], fields: fields)
    }

    private static func threatObjectList(_ statement: Statement, riskEventID: Int64) throws -> [ThreatObject] {
        var list: [ThreatObject] = []
        let rows = try Row.fetchCursor(statement, arguments: [riskEventID])
        while let row = try rows.next() {
            list.append(ThreatObject(value: StoredText.decode(row[0]), type: StoredText.decode(row[1])))
        }
        return list
    }

    private static func annotations(_ json: String) -> [Annotation]? {
        guard let lists = StringListJSON.decodeLists(json), lists.allSatisfy({ !$0.isEmpty }) else { return nil }
        return lists.map { Annotation(name: $0[0], values: Array($0.dropFirst())) }
    }
}

/// Result fields as lists of text: name, `number` or `text`, then the values.
enum FieldListJSON {
    static func encode(_ fields: [ResultField]) -> String {
        StringListJSON.encode(fields.map { [$0.name, $0.isNumber ? "number" : "text"] + $0.values })
    }

    static func decode(_ json: String) -> [ResultField]? {
        guard let lists = StringListJSON.decodeLists(json), lists.allSatisfy({ $0.count >= 2 }) else { return nil }
        return lists.map { ResultField(name: $0[0], values: Array($0.dropFirst(2)), isNumber: $0[1] == "number") }
    }
}
