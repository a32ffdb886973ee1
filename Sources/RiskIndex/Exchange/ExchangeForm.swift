// How the index travels as text: one JSON object a line, each with its `kind` (docs/decisions/0017). Members are named
// after the columns; a time has `_us` behind its name, for it is in UTC microseconds, where Splunk's fields of the same
// name are seconds. What a line names stands on a line before it.

/// The kinds of lines, in the order in which an export writes them.
enum ExchangeKind: String, CaseIterable {
    /// The first line: what wrote it.
    case header = "accrue_index"
    case riskEvent = "risk_event"
    case adjustment
    case storedEvent = "stored_event"
    case finding
    case findingChange = "finding_change"
    case findingRiskEvents = "finding_risk_events"
    case findingReview = "finding_review"
    case suppression
    case throttledFiring = "throttled_firing"
    case run
    case runRule = "run_rule"
    case runSource = "run_source"
}

enum ExchangeForm {
    /// Of the header; a reader of this version refuses a higher one.
    static let version: Int64 = 1
    static let maxLineBytes = 16 << 20
    /// A list of keys goes on in the next line of its kind.
    static let keysPerLine = 1_000

    /// Years 1 to 9999: what lies outside is no time, and sums of it could overflow.
    static let times: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999
}

/// The members of a risk event's line, in the order in which they are written.
enum EventMember: Int, CaseIterable {
    case kind, key, firing, time, indexTime, windowStart, windowEnd, searchTime
    case searchName, ruleID, ruleVersion, attackVersion, analyticStories, annotations
    case entityField
    case riskObject, riskObjectType, entityZone, entityHost, normalizedRiskObject, normalizationReason
    case riskScore, factorAdd, factorMult, factors, calculatedRiskScore
    case message, threatObjects, contributingEventCount, fields

    var name: String { Self.names[rawValue] }

    static let names = [
        "kind", "key", "firing", "time_us", "index_time_us", "info_min_time_us", "info_max_time_us",
        "info_search_time_us", "search_name", "rule_id", "rule_version", "attack_version", "analyticstories",
        "annotations", "entity_field", "risk_object", "risk_object_type", "cim_entity_zone", "host",
        "normalized_risk_object", "reason", "risk_score", "risk_factor_add", "risk_factor_mult", "risk_factors",
        "calculated_risk_score", "risk_message", "threat_objects", "contributing_event_count", "fields",
    ]
}
