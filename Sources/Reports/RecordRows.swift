import Columns
public import RiskIndex

// Splunk's names for what the index holds. `_time` is ISO 8601 as Splunk's exports print it; `info_*` are epoch seconds
// as `addinfo` makes them (Search Reference, "addinfo"). A window without a bound leaves its field out, where Splunk
// has 0.000 and "+Infinity".

extension RiskEvent {
    /// The event as an ordered row under Splunk's names, then the other fields of the result row.
    ///
    /// A result field that bears one of our names follows as `orig_<name>`, Splunk's prefix for fields that summary
    /// indexing overwrites (Knowledge Manager Manual, "Configure summary indexes").
    public var row: [ResultField] {
        var row: [ResultField] = [
            .text("_time", TimeText.iso8601(timeMicroseconds)),
            .text("risk_event_id", id),
            .text("risk_object", riskObject),
            .text("risk_object_type", riskObjectType),
            .text("normalized_risk_object", normalizedRiskObject),
            .number("risk_score", NumberText.print(riskScore)),
            .number("calculated_risk_score", NumberText.print(calculatedRiskScore)),
            .text("risk_message", riskMessage),
            .list("threat_object", threatObjects.map(\.value)),
            .list("threat_object_type", threatObjects.map(\.type)),
            .text("search_name", searchName),
            .text("source", searchName),
            .list("analyticstories", analyticStories),
            .list("annotations._all", annotationValues),
            .list("annotations._frameworks", frameworks.map(\.name)),
        ]
        row += annotations.map { .list("annotations." + $0.name, $0.values) }
        row += [
            .time("info_min_time", windowStartMicroseconds),
            .time("info_max_time", windowEndMicroseconds),
            .time("info_search_time", searchTimeMicroseconds),
            .text("contributing_events_search", contributingEventsSearch),
        ]
        row.removeAll { $0.values.isEmpty }
        appendResultFields(to: &row)
        return row
    }

    private func appendResultFields(to row: inout [ResultField]) {
        let own = Set(row.map { Text($0.name) })
        var taken = own.union(fields.map { Text($0.name) })
        for field in fields where !field.values.isEmpty {
            guard own.contains(Text(field.name)) else {
                row.append(field)
                continue
            }
            let renamed = "orig_" + field.name
            guard taken.insert(Text(renamed)).inserted else { continue }
            row.append(ResultField(name: renamed, values: field.values, isNumber: field.isNumber))
        }
    }

    /// Annotations whose name has no dot: `mitre_attack`, not `mitre_attack.mitre_tactic`.
    private var frameworks: [Annotation] {
        annotations.filter { !$0.name.contains(".") && !$0.values.isEmpty }.sorted { Text($0.name) < Text($1.name) }
    }

    private var annotationValues: [String] {
        Set(frameworks.flatMap(\.values).map { Text($0) }).sorted().map(\.string)
    }
}

extension Finding {
    /// The finding as an ordered row under Splunk's names.
    public var row: [ResultField] {
        let row: [ResultField] = [
            .text("_time", TimeText.iso8601(timeMicroseconds)),
            .text("finding_id", id),
            .text("search_name", searchName),
            .text("risk_object", riskObject),
            .list("all_risk_objects", allRiskObjects),
            .text("normalized_risk_object", normalizedRiskObject),
            .text("risk_object_type", riskObjectType),
            .number("risk_score", NumberText.print(riskScore)),
            .number("risk_event_count", String(riskEventCount)),
            .number("source_count", String(sourceCount)),
            .number("mitre_tactic_id_count", String(mitreTacticIDCount)),
            .text("severity", severity),
            .time("info_min_time", windowStartMicroseconds),
            .time("info_max_time", windowEndMicroseconds),
            .text("reason", reason),
        ]
        return row.filter { !$0.values.isEmpty }
    }
}

extension ResultField {
    static func text(_ name: String, _ value: String) -> ResultField {
        ResultField(name: name, values: [value], isNumber: false)
    }

    static func list(_ name: String, _ values: [String]) -> ResultField {
        ResultField(name: name, values: values, isNumber: false)
    }

    static func number(_ name: String, _ printed: String) -> ResultField {
        ResultField(name: name, values: [printed], isNumber: true)
    }

    static func time(_ name: String, _ microseconds: Int64?) -> ResultField {
        ResultField(name: name, values: microseconds.map { [TimeText.epochSeconds($0)] } ?? [], isNumber: true)
    }
}
