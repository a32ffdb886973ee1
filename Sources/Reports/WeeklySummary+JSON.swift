import Engine
import Formats
import Risk
import RiskIndex

extension WeeklySummary {
    /// One JSON object with everything; `why` and what goes with it for as many entities as have details. Times are
    /// ISO 8601 in UTC; findings stand as `accrue findings` writes them. What the index does not record is left out and
    /// named in `not_recorded`.
    public var json: String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.text("week", week.name)
        writer.text("zone", week.zone.name)
        writer.text("start", TimeText.iso8601(week.startMicroseconds))
        writer.text("end", TimeText.iso8601(week.endMicroseconds))
        writer.flag("is_over", isOver)
        if let historyStartMicroseconds { writer.text("history_start", TimeText.iso8601(historyStartMicroseconds)) }
        writer.text("ranked_by", ranking == .raw ? "risk_score" : "counted_risk_score")
        writer.key("totals")
        appendTotals(to: &writer)
        writer.list("days", days) { day, writer in
            writer.text("date", day.date)
            writer.raw(day.sums)
        }
        writer.list("tactics", tactics) { tactic, writer in
            if let name = tactic.name { writer.text("tactic", name) }
            writer.raw(tactic.sums)
            writer.flag("is_new", tactic.isNew)
        }
        writer.list("entities", entities, append)
        writer.list("quiet_entities", quietEntities) { entity, writer in
            writer.text("normalized_risk_object", entity.normalizedRiskObject)
            writer.text("risk_object_type", entity.riskObjectType)
            writer.sum(entity.sums.previous, prefix: "previous_")
        }
        writer.list("rules", rules) { rule, writer in
            writer.text("search_name", rule.searchName)
            writer.sums(rule.sums)
            writer.days(rule.days)
            writer.count("entity_count", rule.entityCount)
            writer.flag("is_new", rule.isNew)
            if let time = rule.lastMicroseconds { writer.text("last_time", TimeText.iso8601(time)) }
        }
        writer.list("new_threat_objects", newThreatObjects) { threat, writer in
            writer.threat(threat.threatObject)
            writer.score("risk_score", threat.raw)
            writer.count("risk_event_count", threat.eventCount)
            writer.count("entity_count", threat.entityCount)
        }
        writer.key("findings")
        writer.beginArray()
        for finding in findings { RowWriter.append(ResultField.row(finding.splunkFields), to: &writer) }
        writer.endArray()
        records.append(to: &writer)
        writer.endObject()
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func appendTotals(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.sums(sums)
        writer.count("entity_count", entities.count)
        writer.count("previous_entity_count", previousEntityCount)
        writer.count("new_entity_count", newEntityCount)
        writer.count("rule_count", ruleCount)
        writer.count("previous_rule_count", previousRuleCount)
        writer.count("new_rule_count", rules.count(where: \.isNew))
        writer.count("new_tactic_count", tactics.count(where: \.isNew))
        writer.count("new_threat_object_count", newThreatObjects.count)
        writer.count("finding_count", findings.count)
        writer.count("previous_finding_count", previousFindingCount)
        if let updated = records.updatedFindings { writer.count("updated_finding_count", updated.count) }
        if let held = records.heldFindings { writer.count("held_finding_count", held.count) }
        if let closed = records.closedFindings { writer.count("closed_finding_count", closed.count) }
        writer.endObject()
    }

    private func append(_ entity: Entity, to writer: inout JSONWriter) {
        writer.text("normalized_risk_object", entity.normalizedRiskObject)
        writer.text("risk_object_type", entity.riskObjectType)
        writer.sums(entity.tally.sums)
        writer.score("risk_score_change", change(entity.tally.sums))
        writer.flag("is_new", entity.tally.isNew)
        writer.count("finding_count", entity.findingCount)
        guard let detail = entity.tally.detail else { return }
        writer.texts("all_risk_objects", detail.riskObjects)
        writer.days(detail.days)
        writer.list("rules", detail.rules) { rule, writer in
            writer.text("search_name", rule.searchName)
            writer.sums(rule.sums)
            writer.score("risk_score_change", change(rule.sums))
            writer.flag("is_new", rule.isNew)
        }
        writer.list("tactics", detail.tactics) { tactic, writer in
            if let name = tactic.name { writer.text("tactic", name) }
            writer.score("risk_score", tactic.raw)
            writer.flag("is_new", tactic.isNew)
        }
        writer.list("new_threat_objects", detail.newThreatObjects) { threat, writer in writer.threat(threat) }
        writer.texts("why", SummaryReasons.lines(for: entity, in: self).map(SummaryReasons.plain))
    }
}

extension SummaryRecords {
    fileprivate func append(to writer: inout JSONWriter) {
        for (name, findings) in [
            ("updated_findings", updatedFindings), ("held_findings", heldFindings), ("closed_findings", closedFindings),
        ] {
            guard let findings else { continue }
            writer.list(name, findings) { finding, writer in
                writer.text("time", TimeText.iso8601(finding.timeMicroseconds))
                writer.text("finding_id", finding.findingID)
                writer.text("title", finding.title)
                writer.text("normalized_risk_object", finding.normalizedRiskObject)
                writer.text("risk_object_type", finding.riskObjectType)
                if let score = finding.riskScore { writer.score("risk_score", score) }
                writer.text("reason", finding.reason)
            }
        }
        if let silentSources {
            writer.list("silent_sources", silentSources) { source, writer in
                writer.text("sourcetype", source.sourcetype)
                writer.text("last_time", TimeText.iso8601(source.lastMicroseconds))
            }
        }
        if let detectionsNotRun {
            writer.list("detections_not_run", detectionsNotRun) { detection, writer in
                writer.text("search_name", detection.searchName)
                writer.text("problem", detection.problem)
                writer.count("run_count", detection.runCount)
            }
        }
        if let lostRisk {
            writer.list("lost_risk", lostRisk) { rule, writer in
                writer.text("search_name", rule.searchName)
                writer.text("field", rule.field)
                writer.count("row_count", rule.rowCount)
            }
        }
        if let suppressions {
            writer.list("suppressions", suppressions) { suppression, writer in
                writer.text("kind", suppression.kind)
                writer.text("value", suppression.value)
                if let until = suppression.untilMicroseconds { writer.text("until", TimeText.iso8601(until)) }
                writer.text("author", suppression.author)
                writer.text("reason", suppression.reason)
            }
        }
        writer.texts("not_recorded", unknownParts)
    }
}

extension JSONWriter {
    fileprivate mutating func flag(_ name: String, _ flag: Bool) {
        key(name)
        boolean(flag)
    }

    fileprivate mutating func threat(_ threat: ThreatObject) {
        text("threat_object", threat.value)
        text("threat_object_type", threat.type)
    }

    fileprivate mutating func days(_ days: WeekTally.Days) {
        for (name, scores) in [
            ("risk_score_by_day", days.current), ("previous_risk_score_by_day", days.previous),
        ] {
            key(name)
            beginArray()
            for score in scores { number(ScoreText.exact(score)) }
            endArray()
        }
    }

    /// - Parameter counted: whether there is a counted sum beside the raw one.
    fileprivate mutating func sum(_ sum: WeekTally.Sum, prefix: String = "", counted: Bool = true) {
        score(prefix + "risk_score", sum.raw)
        if counted { score(prefix + "counted_risk_score", sum.counted) }
        count(prefix + "risk_event_count", sum.eventCount)
    }

    fileprivate mutating func sums(_ pair: WeekTally.Pair) {
        sum(pair.current)
        sum(pair.previous, prefix: "previous_")
    }

    fileprivate mutating func raw(_ pair: WeekTally.Pair) {
        sum(pair.current, counted: false)
        sum(pair.previous, prefix: "previous_", counted: false)
    }
}
