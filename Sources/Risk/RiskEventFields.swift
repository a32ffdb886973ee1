public import Columns
import Formats
public import RiskIndex

extension RiskEvent {
    /// The event as Splunk's Risk data model names its fields, in the order in which people want to read them; then
    /// the other fields of the result row. Fields without a value are left out.
    ///
    /// Times are seconds since the epoch. Source: ES 7.3, \"Risk data model\".
    public var splunkFields: [(name: String, value: Value)] {
        var fields: [(String, Value)] = [
            ("_time", Self.seconds(timeMicroseconds)),
            ("risk_event_id", .text(id)),
            ("risk_object", .text(riskObject)),
            ("risk_object_type", .text(riskObjectType)),
            ("normalized_risk_object", .text(normalizedRiskObject)),
            ("risk_score", .number(riskScore)),
            ("calculated_risk_score", .number(calculatedRiskScore)),
            ("risk_factor_add", .number(riskFactorAdd)),
            ("risk_factor_mult", .number(riskFactorMult)),
            ("risk_factor_add_matched", Self.list(riskFactorAddMatched)),
            ("risk_factor_mult_matched", Self.list(riskFactorMultMatched)),
            ("risk_message", .text(riskMessage)),
            ("risk_hash", Self.riskHash(riskMessage).map { .text($0) } ?? .null),
            ("threat_object", Self.list(threatObjects.map(\.value))),
            ("threat_object_type", Self.list(threatObjects.map(\.type))),
            ("search_name", .text(searchName)),
            ("source", .text(searchName)),
            ("sourcetype", .text("stash")),
            ("index", .text("risk")),
            ("analyticstories", Self.list(analyticStories)),
            ("annotations._all", Self.list(Self.allAnnotations(annotations))),
            ("annotations._frameworks", Self.list(Self.frameworks(annotations))),
        ]
        fields += annotations.map { ("annotations.\($0.name)", Self.list($0.values)) }
        fields += [
            ("attack_version", .text(attackVersion)),
            ("info_min_time", windowStartMicroseconds.map(Self.seconds) ?? .null),
            ("info_max_time", windowEndMicroseconds.map(Self.seconds) ?? .null),
            ("info_search_time", Self.seconds(searchTimeMicroseconds)),
            ("firing_id", .text(String(firingKey.prefix(16)))),
            ("cim_entity_zone", entityZone.isEmpty ? .null : .text(entityZone)),
            (
                "contributing_events_search",
                contributingEventsSearch.isEmpty ? .null : .text(contributingEventsSearch)
            ),
            ("contributing_event_count", .number(Double(contributingEventCount))),
            ("rule_id", .text(ruleID)),
            ("rule_version", .number(Double(ruleVersion))),
        ]
        let own = Set(fields.map(\.0))
        let ofRow = Set(self.fields.map(\.name))
        for field in self.fields {
            // A row's own `source` or `search_name` must not replace what the record says of itself; Splunk's prefix for
            // fields that summary indexing overwrites is `orig_`.
            let name = own.contains(field.name) ? "orig_\(field.name)" : field.name
            if name != field.name, ofRow.contains(name) { continue }
            fields.append((name, .list(field.values.map { Self.value($0, isNumber: field.isNumber) })))
        }
        return fields.filter { !$0.1.isNull }.map { (name: $0.0, value: $0.1) }
    }

    /// `annotations._all`: the values of all frameworks, each once, sorted.
    public static func allAnnotations(_ annotations: [Annotation]) -> [String] {
        Set(annotations.filter { !$0.name.contains(".") }.flatMap(\.values).map { Text($0) }).sorted().map(\.string)
    }

    /// `annotations._frameworks`: their names, sorted.
    public static func frameworks(_ annotations: [Annotation]) -> [String] {
        annotations.map(\.name).filter { !$0.contains(".") }.sorted()
    }

    /// `risk_hash` of the community's rules: MD5 of the message; nil where libcrypto refuses MD5.
    ///
    /// Source: splunk/rba, "Related objects by risk_hash".
    public static func riskHash(_ message: String) -> String? {
        MessageDigest.md5.hexDigest(Array(message.utf8))
    }

    private static func seconds(_ microseconds: Int64) -> Value { .number(Double(microseconds) / 1_000_000) }

    private static func list(_ texts: [String]) -> Value { .list(texts.map { .text($0) }) }

    private static func value(_ text: String, isNumber: Bool) -> Value {
        isNumber ? NumberText.parse(Array(text.utf8)).map { .number($0) } ?? .text(text) : .text(text)
    }
}

extension Finding {
    /// The finding as a record of `index=notable`, and as `accrue run` prints it.
    public var splunkFields: [(name: String, value: Value)] {
        let seconds: (Int64) -> Value = { .number(Double($0) / 1_000_000) }
        let fields: [(String, Value)] = [
            ("_time", seconds(timeMicroseconds)),
            ("finding_id", .text(id)),
            ("search_name", .text(searchName)),
            ("risk_object", .text(riskObject)),
            ("all_risk_objects", .list(allRiskObjects.map { .text($0) })),
            ("normalized_risk_object", .text(normalizedRiskObject)),
            ("risk_object_type", .text(riskObjectType)),
            ("risk_score", .number(riskScore)),
            ("risk_event_count", .number(Double(riskEventCount))),
            ("source_count", .number(Double(sourceCount))),
            ("mitre_tactic_id_count", .number(Double(mitreTacticIDCount))),
            ("mitre_technique_id_count", .number(Double(mitreTechniqueIDCount))),
            ("severity", .text(severity)),
            ("info_min_time", seconds(windowStartMicroseconds)),
            ("info_max_time", seconds(windowEndMicroseconds)),
            ("reason", .text(reason)),
            ("title", .text(title)),
            ("raw_risk_score", .number(rawRiskScore)),
            ("counted_risk_score", .number(countedRiskScore)),
            ("profile", .text(profile)),
            ("state", .text(state.rawValue)),
            ("index", .text("notable")),
            ("source", .text(searchName)),
            ("sourcetype", .text("stash")),
        ]
        return fields.filter { !$0.1.isNull }.map { (name: $0.0, value: $0.1) }
    }
}
