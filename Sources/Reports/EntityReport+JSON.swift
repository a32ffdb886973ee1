import Formats
import Risk
import RiskIndex

extension EntityReport {
    /// One JSON object with everything, nothing cut short. Times are ISO 8601 in UTC; findings stand as `accrue findings` writes them.
    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.text("normalized_risk_object", normalizedRiskObject)
        writer.text("risk_object_type", riskObjectType)
        writer.text("now", TimeText.iso8601(nowMicroseconds))
        writer.text("window_start", TimeText.iso8601(windowStartMicroseconds))
        writer.tally(risk)
        if let allRisk { writer.span(allRisk) }
        writer.texts("all_risk_objects", aliases.map(\.riskObject))
        writer.list("aliases", aliases) { alias, writer in
            writer.text("risk_object", alias.riskObject)
            writer.texts("entity_fields", alias.entityFields)
            writer.text("reason", alias.reason)
            writer.count("risk_event_count", alias.risk.eventCount)
            writer.span(alias.risk)
        }
        writer.list("score_by_day", days) { day, writer in
            writer.text("date", day.date)
            writer.score("risk_score_added", day.added.riskScore)
            writer.count("risk_event_count", day.added.eventCount)
            writer.score("risk_score", day.riskScoreAtEnd)
        }
        writer.sightings("rules", rules, name: "search_name")
        writer.sightings("threat_objects", threatObjects, name: "threat_object", type: "threat_object_type")
        writer.sightings("tactics", tactics, name: "mitre_tactic")
        writer.key("findings")
        writer.beginArray()
        for finding in findings { RowWriter.append(ResultField.row(finding.splunkFields), to: &writer) }
        writer.endArray()
        writer.list("ledger", ledger) { line, writer in
            writer.text("_time", TimeText.iso8601(line.timeMicroseconds))
            writer.text("risk_event_id", line.riskEventID)
            writer.text("search_name", line.searchName)
            writer.score("risk_score", line.riskScore)
            writer.score("calculated_risk_score", line.calculatedRiskScore)
            writer.score("total", line.total)
            writer.text("risk_message", line.riskMessage)
        }
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension JSONWriter {
    fileprivate mutating func span(_ tally: RiskTally) {
        text("first_seen", TimeText.iso8601(tally.firstMicroseconds))
        text("last_seen", TimeText.iso8601(tally.lastMicroseconds))
    }

    fileprivate mutating func sightings(
        _ key: String, _ sightings: [EntityReport.Sighting], name: String, type: String? = nil
    ) {
        list(key, sightings) { sighting, writer in
            writer.text(name, sighting.name)
            if let type { writer.text(type, sighting.type) }
            writer.tally(sighting.risk)
            writer.count("risk_event_count_in_all", sighting.allRisk.eventCount)
            writer.span(sighting.allRisk)
        }
    }
}
