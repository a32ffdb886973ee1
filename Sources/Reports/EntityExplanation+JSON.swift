public import Engine
import Formats
import Risk
import RiskIndex

extension EntityExplanation {
    /// One JSON object with everything. Numbers are exact, not rounded; times are ISO 8601 in UTC.
    public var json: String {
        var writer = JSONWriter()
        append(to: &writer)
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    func append(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.text("normalized_risk_object", normalizedRiskObject)
        writer.text("risk_object_type", riskObjectType)
        writer.text("profile", profile)
        writer.text("window_start", TimeText.iso8601(windowStartMicroseconds))
        writer.text("window_end", TimeText.iso8601(windowEndMicroseconds))
        writer.totals(totals)
        writer.exact("suppressed_risk_score", suppressedRiskScore)
        writer.count("risk_event_count", windowEventCount)
        if let life { writer.life(life) }
        appendBoundedScores(to: &writer)
        writer.list("ledger", lines) { $1.line($0) }
        writer.list("suppressions", suppressions) { silencer, writer in
            writer.text("suppression_id", silencer.suppression.id)
            writer.text("kind", silencer.suppression.kind.rawValue)
            writer.text("value", silencer.suppression.value)
            writer.text("reason", silencer.suppression.reason)
            writer.count("risk_event_count", silencer.riskEventCount)
        }
        writer.list("rules", rules) { rule, writer in
            writer.text("search_name", rule.searchName)
            writer.count("risk_event_count", rule.riskEventCount)
            writer.totals(rule.share)
            writer.totals(rule.without, prefix: "without_")
        }
        writer.list("threat_objects", threatObjects) { threat, writer in
            writer.text("threat_object", threat.threatObject.value)
            writer.text("threat_object_type", threat.threatObject.type)
            writer.count("risk_event_count", threat.riskEventCount)
            writer.totals(threat.without, prefix: "without_")
        }
        writer.count("threat_object_count", threatObjectCount)
        writer.list("thresholds", thresholds) { outcome, writer in
            writer.text("search_name", outcome.searchName)
            writer.exact("threshold", outcome.threshold)
            writer.key("is_shipped")
            writer.boolean(outcome.isShipped)
            writer.crossing("crossing", outcome.crossing)
            writer.crossing("finding", outcome.opening)
        }
        writer.texts("other_incident_rules", otherIncidentRules)
        writer.count("curve_window_seconds", Int(curveWindowMicroseconds / 1_000_000))
        writer.list("curve", curve) { point, writer in
            writer.text("_time", TimeText.iso8601(point.timeMicroseconds))
            writer.totals(point.totals)
        }
        writer.endObject()
    }

    private func appendBoundedScores(to writer: inout JSONWriter) {
        writer.key("entity_score")
        writer.beginObject()
        writer.exact("score", entityScore.value)
        writer.text("level", entityScore.level.rawValue)
        writer.list("inputs", Array(zip(EntityExplanation.scoreInputs, entityScore.parts))) { input, writer in
            writer.text("name", input.0)
            writer.exact("input", input.1.input)
            writer.exact("weight", input.1.weight)
            writer.exact("halfway", input.1.halfway)
            writer.exact("points", input.1.points)
        }
        writer.endObject()
        guard let elasticScore else { return }
        writer.key("elastic_score")
        writer.beginObject()
        writer.exact("score", elasticScore.value)
        writer.text("level", elasticScore.level.rawValue)
        writer.list("inputs", elasticScore.highest) { input, writer in
            writer.exact("input", input.score)
            writer.exact("points", input.points)
        }
        writer.endObject()
    }

    /// Names of `EntityScore.parts`, in their order.
    static let scoreInputs = [
        "sum over rules of their highest", "sum", "highest", "number of events of 50 and more", "number of events",
    ]
}

extension JSONWriter {
    /// Not rounded.
    mutating func exact(_ name: String, _ value: Double) {
        key(name)
        number(value)
    }

    fileprivate mutating func totals(_ totals: ScoreTotals, prefix: String = "") {
        exact(prefix + "raw_risk_score", totals.raw)
        exact(prefix + "counted_risk_score", totals.counted)
    }

    fileprivate mutating func line(_ line: EntityExplanation.Line) {
        text("_time", TimeText.iso8601(line.event.timeMicroseconds))
        text("risk_event_id", line.riskEventID)
        if let membership = line.membership { self.membership(membership) }
        text("search_name", line.searchName)
        text("risk_object", line.riskObject)
        exact("risk_score", line.event.riskScore)
        exact("risk_factor_add", line.event.factorAdd)
        exact("risk_factor_mult", line.event.factorMultiply)
        texts("risk_factor_add_matched", line.additions)
        texts("risk_factor_mult_matched", line.multiplications)
        exact("calculated_risk_score", line.event.calculatedRiskScore)
        exact("counted_risk_score", line.counted)
        texts("reasons", line.reasons)
        if let id = line.suppressionID { text("suppression_id", id) }
        exact("running_raw", line.runningRaw)
        exact("running_counted", line.runningCounted)
        text("risk_message", line.riskMessage)
    }

    fileprivate mutating func crossing(_ name: String, _ crossing: ThresholdCrossing?) {
        key(name)
        guard let crossing else { return null() }
        beginObject()
        text("_time", TimeText.iso8601(crossing.tickMicroseconds))
        text("window_start", TimeText.iso8601(crossing.windowStartMicroseconds))
        text("window_end", TimeText.iso8601(crossing.windowEndMicroseconds))
        totals(crossing.totals)
        endObject()
    }
}
