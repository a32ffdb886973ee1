public import Columns
import Formats
public import RiskIndex

extension RiskEvent {
    /// The event as Splunk's Risk data model names its fields, in the order in which people want to read them; then
    /// the other fields of the result row. Fields without a value are left out.
    ///
    /// Times are seconds since the epoch. Source: ES 7.3, \"Risk data model\".
    public var splunkFields: [(name: String, value: Value)] { splunkFields(of: .all) }

    /// - Parameter needed: the fields to make.
    public func splunkFields(of needed: FieldSet) -> [(name: String, value: Value)] {
        var fields: [(name: String, value: Value)] = []
        func add(_ name: String, _ value: @autoclosure () -> Value) {
            guard needed.contains(name) else { return }
            let value = value()
            if !value.isNull { fields.append((name, value)) }
        }
        add("_time", Self.seconds(timeMicroseconds))
        add("risk_event_id", .text(id))
        add("risk_object", .text(riskObject))
        add("risk_object_type", .text(riskObjectType))
        add("normalized_risk_object", .text(normalizedRiskObject))
        add("risk_score", .number(riskScore))
        add("calculated_risk_score", .number(calculatedRiskScore))
        add("risk_factor_add", .number(riskFactorAdd))
        add("risk_factor_mult", .number(riskFactorMult))
        add("risk_factor_add_matched", Self.list(riskFactorAddMatched))
        add("risk_factor_mult_matched", Self.list(riskFactorMultMatched))
        add("risk_message", .text(riskMessage))
        add("risk_hash", Self.riskHash(riskMessage).map { .text($0) } ?? .null)
        add("threat_object", Self.list(threatObjects.map(\.value)))
        add("threat_object_type", Self.list(threatObjects.map(\.type)))
        add("search_name", .text(searchName))
        add("source", .text(searchName))
        add("sourcetype", .text("stash"))
        add("index", .text("risk"))
        add("analyticstories", Self.list(analyticStories))
        add("annotations._all", Self.list(Self.allAnnotations(annotations)))
        add("annotations._frameworks", Self.list(Self.frameworks(annotations)))
        for annotation in annotations { add("annotations.\(annotation.name)", Self.list(annotation.values)) }
        add("attack_version", .text(attackVersion))
        add("info_min_time", windowStartMicroseconds.map(Self.seconds) ?? .null)
        add("info_max_time", windowEndMicroseconds.map(Self.seconds) ?? .null)
        add("info_search_time", Self.seconds(searchTimeMicroseconds))
        add("firing_id", .text(String(firingKey.prefix(16))))
        add("cim_entity_zone", entityZone.isEmpty ? .null : .text(entityZone))
        add("contributing_events_search", contributingEventsSearch.isEmpty ? .null : .text(contributingEventsSearch))
        add("contributing_event_count", .number(Double(contributingEventCount)))
        add("rule_id", .text(ruleID))
        add("rule_version", .number(Double(ruleVersion)))
        addRowFields(needed, to: &fields)
        return fields
    }

    /// A row's own `source` or `search_name` must not replace what the record says of itself; Splunk's prefix for fields
    /// that summary indexing overwrites is `orig_`.
    private func addRowFields(_ needed: FieldSet, to fields: inout [(name: String, value: Value)]) {
        for field in self.fields {
            var name = field.name
            if Self.recordFields.contains(name) || annotations.contains(where: { "annotations.\($0.name)" == name }) {
                name = "orig_\(name)"
                if self.fields.contains(where: { $0.name == name }) { continue }
            }
            guard needed.contains(name) else { continue }
            let value = Self.value(of: field)
            if !value.isNull { fields.append((name, value)) }
        }
    }

    /// Names that the record gives a meaning of its own, beside those of its annotations.
    public static let recordFields: Set<String> = [
        "_time", "risk_event_id", "risk_object", "risk_object_type", "normalized_risk_object", "risk_score",
        "calculated_risk_score", "risk_factor_add", "risk_factor_mult", "risk_factor_add_matched",
        "risk_factor_mult_matched", "risk_message", "risk_hash", "threat_object", "threat_object_type", "search_name",
        "source", "sourcetype", "index", "analyticstories", "annotations._all", "annotations._frameworks",
        "attack_version", "info_min_time", "info_max_time", "info_search_time", "firing_id", "cim_entity_zone",
        "contributing_events_search", "contributing_event_count", "rule_id", "rule_version",
    ]

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

    /// A field of the result row as searches see it.
    public static func value(of field: ResultField) -> Value {
        .list(field.values.map { value($0, isNumber: field.isNumber) })
    }

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
