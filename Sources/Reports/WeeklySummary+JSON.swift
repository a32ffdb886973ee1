import Formats
import Risk
import RiskIndex

extension WeeklySummary {
    /// One JSON object with everything, nothing cut short. Times are ISO 8601 in UTC; findings stand as `accrue findings` writes them.
    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.text("week", week.name)
        writer.text("zone", week.zone.name)
        writer.text("start", TimeText.iso8601(week.startMicroseconds))
        writer.text("end", TimeText.iso8601(week.endMicroseconds))
        writer.key("is_over")
        writer.boolean(isOver)
        if let historyStartMicroseconds { writer.text("history_start", TimeText.iso8601(historyStartMicroseconds)) }
        writer.key("totals")
        append(totals, to: &writer)
        writer.list("days", days) { day, writer in
            writer.text("date", day.date)
            writer.tally(day.risk)
            writer.tally(day.previousRisk, prefix: "previous_")
        }
        writer.list("entities", entities, WeeklySummary.append)
        writer.list("quiet_entities", quietEntities) { entity, writer in
            writer.text("normalized_risk_object", entity.normalizedRiskObject)
            writer.text("risk_object_type", entity.riskObjectType)
            writer.tally(entity.previousRisk, prefix: "previous_")
        }
        writer.list("rules", rules) { rule, writer in
            writer.text("search_name", rule.searchName)
            writer.tally(rule.risk)
            writer.tally(rule.previousRisk, prefix: "previous_")
            writer.count("entity_count", rule.entityCount)
            writer.key("is_new")
            writer.boolean(rule.isNew)
        }
        writer.key("findings")
        writer.beginArray()
        for finding in findings { RowWriter.append(ResultField.row(finding.splunkFields), to: &writer) }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func append(_ totals: Totals, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.tally(totals.risk)
        writer.tally(totals.previousRisk, prefix: "previous_")
        writer.count("entity_count", totals.entityCount)
        writer.count("previous_entity_count", totals.previousEntityCount)
        writer.count("new_entity_count", totals.newEntityCount)
        writer.count("rule_count", totals.ruleCount)
        writer.count("previous_rule_count", totals.previousRuleCount)
        writer.count("finding_count", totals.findingCount)
        writer.count("previous_finding_count", totals.previousFindingCount)
        writer.endObject()
    }

    private static func append(_ entity: Entity, to writer: inout JSONWriter) {
        writer.text("normalized_risk_object", entity.normalizedRiskObject)
        writer.text("risk_object_type", entity.riskObjectType)
        writer.texts("all_risk_objects", entity.riskObjects)
        writer.tally(entity.risk)
        writer.tally(entity.previousRisk, prefix: "previous_")
        writer.score("risk_score_change", entity.change)
        writer.key("risk_score_by_day")
        writer.beginArray()
        for score in entity.scoreByDay { writer.number(ScoreText.exact(score)) }
        writer.endArray()
        writer.key("is_new")
        writer.boolean(entity.isNew)
        writer.list("new_rules", entity.newRules, append)
        writer.texts("new_tactics", entity.newTactics)
        writer.list("new_threat_objects", entity.newThreatObjects) { threatObject, writer in
            writer.text("threat_object", threatObject.value)
            writer.text("threat_object_type", threatObject.type)
        }
        writer.list("rule_changes", entity.ruleChanges, append)
        writer.count("finding_count", entity.findingCount)
        writer.texts("why", SummaryReasons.lines(for: entity, markup: .init(quote: { "'\($0)'" }, plain: { $0 })))
    }

    private static func append(_ change: RuleChange, to writer: inout JSONWriter) {
        writer.text("search_name", change.searchName)
        writer.tally(change.risk)
        writer.tally(change.previousRisk, prefix: "previous_")
        writer.score("risk_score_change", change.change)
    }
}

/// The members that reports write again and again.
extension JSONWriter {
    mutating func text(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func texts(_ name: String, _ values: [String]) {
        key(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    mutating func count(_ name: String, _ count: Int) {
        key(name)
        number(count)
    }

    mutating func score(_ name: String, _ score: Double) {
        key(name)
        number(ScoreText.exact(score))
    }

    mutating func tally(_ tally: RiskTally, prefix: String = "") {
        score(prefix + "risk_score", tally.riskScore)
        count(prefix + "risk_event_count", tally.eventCount)
    }

    /// An array of objects; `members` writes what stands in each.
    mutating func list<Element>(
        _ name: String, _ elements: [Element], _ members: (Element, inout JSONWriter) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements {
            beginObject()
            members(element, &self)
            endObject()
        }
        endArray()
    }
}
