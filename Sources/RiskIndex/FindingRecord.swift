import GRDB

/// A finding between the struct and its row.
enum FindingRecord {
    private static let columns = [
        "key", "time", "index_time", "info_min_time", "info_max_time", "search_name", "rule_id", "risk_object",
        "all_risk_objects", "normalized_risk_object", "normalized_risk_object_folded", "risk_object_type",
        "risk_score", "risk_event_count", "source_count", "mitre_tactic_id_count", "mitre_technique_id_count",
        "severity", "reason", "title", "fields", "profile", "raw_risk_score", "counted_risk_score", "state",
        "state_time",
    ]

    static let insertSQL = """
        INSERT INTO finding (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", "))) ON CONFLICT (key) DO NOTHING
        """

    static func arguments(_ finding: Finding, indexTimeMicroseconds: Int64) -> StatementArguments {
        [
            finding.key, finding.timeMicroseconds, indexTimeMicroseconds, finding.windowStartMicroseconds,
            finding.windowEndMicroseconds, StoredText.encode(finding.searchName), StoredText.encode(finding.ruleID),
            StoredText.encode(finding.riskObject), StringListJSON.encode(finding.allRiskObjects),
            StoredText.encode(finding.normalizedRiskObject),
            StoredText.encode(FoldedName.fold(finding.normalizedRiskObject)),
            StoredText.encode(finding.riskObjectType), finding.riskScore, finding.riskEventCount,
            finding.sourceCount, finding.mitreTacticIDCount, finding.mitreTechniqueIDCount,
            StoredText.encode(finding.severity), StoredText.encode(finding.reason), StoredText.encode(finding.title),
            FieldListJSON.encode(finding.fields), finding.profile, finding.rawRiskScore, finding.countedRiskScore,
            finding.state.rawValue, finding.stateTimeMicroseconds,
        ]
    }

    /// What `decode` reads, in its order.
    static let selection = """
        id, key, time, info_min_time, info_max_time, search_name, rule_id, risk_object, all_risk_objects,
        normalized_risk_object, risk_object_type, risk_score, risk_event_count, source_count, mitre_tactic_id_count,
        mitre_technique_id_count, severity, reason, title, fields, profile, raw_risk_score, counted_risk_score, state,
        state_time
        """

    static let riskEventKeySQL = """
        SELECT risk_record.key FROM finding_risk_event JOIN risk_record ON risk_record.id = risk_event_id
        WHERE finding_id = ? ORDER BY position
        """

    static func decode(_ row: Row, riskEventKeys: Statement, path: String) throws -> Finding {
        let key: String = row[1]
        guard let allRiskObjects = StringListJSON.decodeList(row[8]), let fields = FieldListJSON.decode(row[19]),
            let state = FindingState(rawValue: row[23])
        else {
            throw IndexError.damagedRecord(path: path, table: "finding", key: key)
        }
        let id: Int64 = row[0]
        var finding = Finding(
            key: key, timeMicroseconds: row[2], windowStartMicroseconds: row[3], windowEndMicroseconds: row[4],
            searchName: StoredText.decode(row[5]), ruleID: StoredText.decode(row[6]),
            riskObject: StoredText.decode(row[7]), allRiskObjects: allRiskObjects,
            normalizedRiskObject: StoredText.decode(row[9]), riskObjectType: StoredText.decode(row[10]),
            riskScore: row[11], riskEventCount: row[12], sourceCount: row[13], mitreTacticIDCount: row[14],
            mitreTechniqueIDCount: row[15], severity: StoredText.decode(row[16]), reason: StoredText.decode(row[17]),
            title: StoredText.decode(row[18]), riskEventKeys: try String.fetchAll(riskEventKeys, arguments: [id]),
            fields: fields)
        finding.profile = row[20]
        finding.rawRiskScore = row[21]
        finding.countedRiskScore = row[22]
        finding.state = state
        finding.stateTimeMicroseconds = row[24]
        return finding
    }
}
