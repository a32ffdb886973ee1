/// One risk event (ES 8: intermediate finding): one firing of one detection about one entity. Append-only.
///
/// Field names on output are Splunk's, those of its Risk data model.
public struct RiskEvent: Sendable, Hashable {
    /// Identity across runs: 64 hex digits over rule, window, result row key and entity. Equal keys are the same event.
    public var key: String
    /// Identity of the firing (rule, window, result row key), shared by the events of all its entities.
    public var firingKey: String
    /// `_time`, UTC microseconds.
    public var timeMicroseconds: Int64
    /// `info_min_time`, inclusive; nil for "since ever".
    public var windowStartMicroseconds: Int64?
    /// `info_max_time`, exclusive; nil for "for ever".
    public var windowEndMicroseconds: Int64?
    /// `info_search_time`: when the search ran, or would have run.
    public var searchTimeMicroseconds: Int64
    /// `search_name` and `source`: "ESCU - <name> - Rule".
    public var searchName: String
    public var ruleID: String
    public var ruleVersion: Int
    /// The field of the result row that named the entity.
    public var entityField: String
    public var riskObject: String
    /// `user`, `system`, `other`, or a custom type.
    public var riskObjectType: String
    public var normalizedRiskObject: String
    /// Base score of this entity for this firing.
    public var riskScore: Double
    /// After risk factors; what every sum uses.
    public var calculatedRiskScore: Double
    public var riskMessage: String
    public var threatObjects: [ThreatObject]
    public var analyticStories: [String]
    /// `annotations.<name>`: framework or framework field to its values, sorted by name ("mitre_attack",
    /// "mitre_attack.mitre_tactic", "cis20", ...).
    public var annotations: [Annotation]
    /// Version of the ATT&CK matrix that turned techniques into tactics.
    public var attackVersion: String
    /// How many events made the result row, and how many of them are stored with the firing.
    public var contributingEventCount: Int
    /// The other fields of the result row, in column order; several values for a multivalue field.
    public var fields: [ResultField]
    /// `cim_entity_zone`; empty without zones.
    public var entityZone = ""
    /// The host that tells equal names apart which many hosts have (`SYSTEM`); empty for all others.
    public var entityHost = ""
    /// Why the raw name became the normalized one, for people; empty where it is unknown.
    public var normalizationReason = ""
    /// `risk_factor_add`: sum of the additions that applied.
    public var riskFactorAdd = 0.0
    /// `risk_factor_mult`: product of the multiplications that applied.
    public var riskFactorMult = 1.0
    /// Names of those factors, sorted.
    public var riskFactorAddMatched: [String] = []
    public var riskFactorMultMatched: [String] = []

    public init(
        key: String, firingKey: String, timeMicroseconds: Int64, windowStartMicroseconds: Int64?,
        windowEndMicroseconds: Int64?, searchTimeMicroseconds: Int64, searchName: String, ruleID: String,
        ruleVersion: Int, entityField: String, riskObject: String, riskObjectType: String,
        normalizedRiskObject: String, riskScore: Double, calculatedRiskScore: Double, riskMessage: String,
        threatObjects: [ThreatObject], analyticStories: [String], annotations: [Annotation], attackVersion: String,
        contributingEventCount: Int, fields: [ResultField]
    ) {
        self.key = key
        self.firingKey = firingKey
        self.timeMicroseconds = timeMicroseconds
        self.windowStartMicroseconds = windowStartMicroseconds
        self.windowEndMicroseconds = windowEndMicroseconds
        self.searchTimeMicroseconds = searchTimeMicroseconds
        self.searchName = searchName
        self.ruleID = ruleID
        self.ruleVersion = ruleVersion
        self.entityField = entityField
        self.riskObject = riskObject
        self.riskObjectType = riskObjectType
        self.normalizedRiskObject = normalizedRiskObject
        self.riskScore = riskScore
        self.calculatedRiskScore = calculatedRiskScore
        self.riskMessage = riskMessage
        self.threatObjects = threatObjects
        self.analyticStories = analyticStories
        self.annotations = annotations
        self.attackVersion = attackVersion
        self.contributingEventCount = contributingEventCount
        self.fields = fields
    }

    /// The short name that people type: the first 16 digits of the key (`risk_event_id`).
    public var id: String { String(key.prefix(16)) }

    /// The search that Splunk writes for the events behind a risk event; the only trace there of which field named the
    /// entity. Empty for an event that no detection made.
    ///
    /// Source: contentctl 5.6, `source_field_name`.
    public var contributingEventsSearch: String {
        guard !entityField.isEmpty else { return "" }
        let escaped = riskObject.reduce(into: "") { text, character in
            if character == "\"" || character == "\\" { text += "\\" }
            text.append(character)
        }
        return "| savedsearch \"\(searchName)\" | search \(entityField)=\"\(escaped)\""
    }
}

public struct ThreatObject: Sendable, Hashable {
    public var value: String
    public var type: String
    public init(value: String, type: String) {
        self.value = value
        self.type = type
    }
}

public struct Annotation: Sendable, Hashable {
    public var name: String
    public var values: [String]
    public init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }
}

/// A field of a result row. Numbers keep their printed form; `isNumber` says that JSON output writes them bare.
public struct ResultField: Sendable, Hashable, Codable {
    public var name: String
    public var values: [String]
    public var isNumber: Bool
    public init(name: String, values: [String], isNumber: Bool) {
        self.name = name
        self.values = values
        self.isNumber = isNumber
    }
}
