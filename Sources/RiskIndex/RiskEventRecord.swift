// A risk event between the struct and its row. Column positions are written out: by-name access costs a lookup a value.

import GRDB

enum RiskEventRecord {
    private static let columns = [
        "key", "key_order", "firing_id", "time", "index_time", "info_min_time", "info_max_time", "info_search_time",
        "rule", "entity_field", "risk_object_id", "risk_score", "risk_factor_add", "risk_factor_mult",
        "risk_factors", "calculated_risk_score", "risk_message", "message_hash", "contributing_event_count", "fields",
    ]

    static let insertSQL = """
        INSERT INTO risk_record (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", "))) ON CONFLICT (key) DO NOTHING
        """

    /// Ids of the rows that an event's row points to.
    struct References {
        var firing: Int64
        var rule: Int64
        var riskObject: Int64
    }

    static func arguments(
        _ event: RiskEvent, _ references: References, indexTimeMicroseconds: Int64
    ) -> StatementArguments {
        [
            event.key, KeyOrder.of(event.key), references.firing, event.timeMicroseconds, indexTimeMicroseconds,
            event.windowStartMicroseconds, event.windowEndMicroseconds, event.searchTimeMicroseconds, references.rule,
            StoredText.encode(event.entityField), references.riskObject, event.riskScore, event.riskFactorAdd,
            event.riskFactorMult, factors(event), event.calculatedRiskScore, StoredText.encode(event.riskMessage),
            MessageHash.of(event.riskMessage), event.contributingEventCount, FieldListJSON.encode(event.fields),
        ]
    }

    private static func factors(_ event: RiskEvent) -> String {
        guard !event.riskFactorAddMatched.isEmpty || !event.riskFactorMultMatched.isEmpty else { return noFactors }
        return StringListJSON.encode([event.riskFactorAddMatched, event.riskFactorMultMatched])
    }

    private static let noFactors = "[[],[]]"

    /// What `decode` reads, in its order.
    static let selection = """
        risk_record.id, risk_record.key, firing.key, risk_record.time, risk_record.info_min_time,
        risk_record.info_max_time, info_search_time, risk_record.rule, entity_field, risk_object_id,
        risk_record.risk_score, risk_factor_add, risk_factor_mult, risk_factors, calculated_risk_score, risk_message,
        contributing_event_count, risk_record.fields
        """

    static let source = "risk_record CROSS JOIN firing ON firing.id = risk_record.firing_id"

    static let order = "risk_record.time, risk_record.key_order, risk_record.key"

    static let threatObjectSQL = """
        SELECT threat_object_id FROM risk_record_threat_object WHERE risk_event_id = ? ORDER BY position
        """

    static func decode(_ row: Row, threatObjects: Statement, _ dimensions: DimensionReader) throws -> RiskEvent {
        let key: String = row[1]
        let factorText: String = row[13]
        let factors = factorText == noFactors ? [[], []] : StringListJSON.decodeLists(factorText)
        guard let factors, factors.count == 2, let fields = FieldListJSON.decode(row[17]) else {
            throw IndexError.damagedRecord(path: dimensions.path, table: "risk event", key: key)
        }
        let id: Int64 = row[0]
        let rule = try dimensions.rule(row[7])
        let object = try dimensions.riskObject(row[9])
        var event = RiskEvent(
            key: key, firingKey: row[2], timeMicroseconds: row[3], windowStartMicroseconds: row[4],
            windowEndMicroseconds: row[5], searchTimeMicroseconds: row[6], searchName: rule.searchName,
            ruleID: rule.ruleID, ruleVersion: rule.ruleVersion, entityField: StoredText.decode(row[8]),
            riskObject: object.riskObject, riskObjectType: object.riskObjectType,
            normalizedRiskObject: object.normalizedRiskObject, riskScore: row[10], calculatedRiskScore: row[14],
            riskMessage: StoredText.decode(row[15]),
            threatObjects: try dimensions.threatObjects(threatObjects, riskEventID: id),
            analyticStories: rule.analyticStories, annotations: rule.annotations, attackVersion: rule.attackVersion,
            contributingEventCount: row[16], fields: fields)
        event.entityZone = object.entityZone
        event.entityHost = object.entityHost
        event.normalizationReason = object.reason
        event.riskFactorAdd = row[11]
        event.riskFactorMult = row[12]
        event.riskFactorAddMatched = factors[0]
        event.riskFactorMultMatched = factors[1]
        return event
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

enum AnnotationJSON {
    static func encode(_ annotations: [Annotation]) -> String {
        StringListJSON.encode(annotations.map { [$0.name] + $0.values })
    }

    static func decode(_ json: String) -> [Annotation]? {
        guard let lists = StringListJSON.decodeLists(json), lists.allSatisfy({ !$0.isEmpty }) else { return nil }
        return lists.map { Annotation(name: $0[0], values: Array($0.dropFirst())) }
    }
}
