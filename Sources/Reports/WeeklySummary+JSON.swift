import Formats
import Risk
import RiskIndex

extension WeeklySummary {
    /// One JSON object with everything, nothing cut short. Times are ISO 8601 in UTC; findings stand as `accrue findings`
    /// writes them. What the index does not record is left out and named in `not_recorded`.
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
            writer.change(day.risk)
        }
        writer.list("tactics", tactics) { tactic, writer in
            if let name = tactic.name { writer.text("tactic", name) }
            writer.change(tactic.risk)
            writer.flag("is_new", tactic.isNew)
        }
        writer.list("entities", entities, WeeklySummary.append)
        writer.list("quiet_entities", quietEntities) { entity, writer in
            writer.text("normalized_risk_object", entity.normalizedRiskObject)
            writer.text("risk_object_type", entity.riskObjectType)
            writer.risk(entity.previousRisk, prefix: "previous_")
        }
        writer.list("rules", rules) { rule, writer in
            writer.text("search_name", rule.searchName)
            writer.change(rule.risk)
            writer.scores("risk_score_by_day", rule.scoreByDay)
            writer.scores("previous_risk_score_by_day", rule.previousScoreByDay)
            writer.count("entity_count", rule.entityCount)
            writer.flag("is_new", rule.isNew)
            if let time = rule.lastMicroseconds { writer.text("last_time", TimeText.iso8601(time)) }
        }
        writer.list("new_threat_objects", newThreatObjects) { threat, writer in
            writer.text("threat_object", threat.threatObject.value)
            writer.text("threat_object_type", threat.threatObject.type)
            writer.risk(threat.risk)
            writer.count("entity_count", threat.entityCount)
        }
        writer.key("findings")
        writer.beginArray()
        for finding in findings { RowWriter.append(ResultField.row(finding.splunkFields), to: &writer) }
        writer.endArray()
        append(records, to: &writer)
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func append(_ totals: Totals, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.change(totals.risk)
        writer.count("entity_count", totals.entityCount)
        writer.count("previous_entity_count", totals.previousEntityCount)
        writer.count("new_entity_count", totals.newEntityCount)
        writer.count("rule_count", totals.ruleCount)
        writer.count("previous_rule_count", totals.previousRuleCount)
        writer.count("new_rule_count", rules.count(where: \.isNew))
        writer.count("new_tactic_count", tactics.count(where: \.isNew))
        writer.count("new_threat_object_count", newThreatObjects.count)
        writer.count("finding_count", totals.findingCount)
        writer.count("previous_finding_count", totals.previousFindingCount)
        if let held = records.heldFindings { writer.count("held_finding_count", held.count) }
        if let closed = records.closedFindings { writer.count("closed_finding_count", closed.count) }
        writer.endObject()
    }

    private static func append(_ entity: Entity, to writer: inout JSONWriter) {
        writer.text("normalized_risk_object", entity.normalizedRiskObject)
        writer.text("risk_object_type", entity.riskObjectType)
        writer.texts("all_risk_objects", entity.riskObjects)
        writer.change(entity.risk)
        writer.score("risk_score_change", entity.risk.scoreChange)
        writer.scores("risk_score_by_day", entity.scoreByDay)
        writer.scores("previous_risk_score_by_day", entity.previousScoreByDay)
        writer.flag("is_new", entity.isNew)
        writer.list("new_rules", entity.newRules, append)
        writer.list("tactics", entity.tactics) { tactic, writer in
            if let name = tactic.name { writer.text("tactic", name) }
            writer.score("risk_score", tactic.riskScore)
            writer.flag("is_new", tactic.isNew)
        }
        writer.texts("new_tactics", entity.newTactics)
        writer.list("new_threat_objects", entity.newThreatObjects) { threatObject, writer in
            writer.text("threat_object", threatObject.value)
            writer.text("threat_object_type", threatObject.type)
        }
        writer.list("rule_changes", entity.ruleChanges, append)
        writer.count("finding_count", entity.findingCount)
        writer.texts("why", SummaryReasons.lines(for: entity).map(SummaryReasons.plain))
    }

    private static func append(_ rule: RuleChange, to writer: inout JSONWriter) {
        writer.text("search_name", rule.searchName)
        writer.change(rule.risk)
        writer.score("risk_score_change", rule.risk.scoreChange)
    }

    private func append(_ records: SummaryRecords, to writer: inout JSONWriter) {
        if let held = records.heldFindings {
            writer.list("held_findings", held) { finding, writer in
                writer.text("time", TimeText.iso8601(finding.timeMicroseconds))
                writer.text("search_name", finding.searchName)
                writer.text("normalized_risk_object", finding.normalizedRiskObject)
                writer.text("risk_object_type", finding.riskObjectType)
                writer.score("risk_score", finding.riskScore)
                writer.text("reason", finding.reason)
            }
        }
        if let closed = records.closedFindings {
            writer.list("closed_findings", closed) { finding, writer in
                writer.text("time", TimeText.iso8601(finding.timeMicroseconds))
                writer.text("finding_id", finding.findingID)
                writer.text("title", finding.title)
                writer.text("normalized_risk_object", finding.normalizedRiskObject)
                writer.text("risk_object_type", finding.riskObjectType)
                writer.text("disposition", finding.disposition)
            }
        }
        if let sources = records.silentSources {
            writer.list("silent_sources", sources) { source, writer in
                writer.text("sourcetype", source.sourcetype)
                writer.count("previous_event_count", source.previousEventCount)
                writer.text("last_time", TimeText.iso8601(source.lastMicroseconds))
            }
        }
        if let detections = records.detectionsNotRun {
            writer.list("detections_not_run", detections) { detection, writer in
                writer.text("search_name", detection.searchName)
                writer.text("code", detection.code)
                writer.text("message", detection.message)
            }
        }
        if let lost = records.lostRisk {
            writer.list("lost_risk", lost) { rule, writer in
                writer.text("search_name", rule.searchName)
                writer.count("row_count", rule.rowCount)
            }
        }
        writer.texts("not_recorded", records.unknownParts)
    }
}

extension JSONWriter {
    fileprivate mutating func flag(_ name: String, _ flag: Bool) {
        key(name)
        boolean(flag)
    }

    fileprivate mutating func scores(_ name: String, _ scores: [Double]) {
        key(name)
        beginArray()
        for score in scores { number(ScoreText.exact(score)) }
        endArray()
    }

    fileprivate mutating func risk(_ risk: WeekRisk, prefix: String = "") {
        score(prefix + "risk_score", risk.riskScore)
        if let counted = risk.countedRiskScore { score(prefix + "counted_risk_score", counted) }
        count(prefix + "risk_event_count", risk.eventCount)
    }

    fileprivate mutating func change(_ change: WeekChange) {
        risk(change.current)
        risk(change.previous, prefix: "previous_")
    }
}
