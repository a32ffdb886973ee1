/// One finding (risk notable): a risk incident rule held for an entity. What it says is what held when it opened; what
/// came later is in its ``FindingChange``s.
public struct Finding: Sendable, Hashable {
    /// Identity across runs: 64 hex digits over rule, entity and the run that opened it.
    public var key: String
    /// `_time`, UTC microseconds: the run that opened it.
    public var timeMicroseconds: Int64
    public var windowStartMicroseconds: Int64
    public var windowEndMicroseconds: Int64
    public var searchName: String
    public var ruleID: String
    /// The commonest raw name in the window; ties go to the smallest.
    public var riskObject: String
    public var allRiskObjects: [String]
    public var normalizedRiskObject: String
    public var riskObjectType: String
    public var riskScore: Double
    public var riskEventCount: Int
    public var sourceCount: Int
    public var mitreTacticIDCount: Int
    public var mitreTechniqueIDCount: Int
    /// `low`, `medium`, `high`, `critical`.
    public var severity: String
    /// Why it opened, for people.
    public var reason: String
    public var title: String
    /// Keys of the risk events in the window, by time then key.
    public var riskEventKeys: [String]
    /// All columns of the rule's result row.
    public var fields: [ResultField]
    /// Name of the scoring profile that opened it.
    public var profile = "splunk"
    /// Plain sum of the entity's calculated scores in the window, and what of it counts under the profile.
    public var rawRiskScore = 0.0
    public var countedRiskScore = 0.0
    /// That of the last change, and the last time at which it was found so.
    public var state = FindingState.opened
    public var stateTimeMicroseconds: Int64 = 0

    public init(
        key: String, timeMicroseconds: Int64, windowStartMicroseconds: Int64, windowEndMicroseconds: Int64,
        searchName: String, ruleID: String, riskObject: String, allRiskObjects: [String],
        normalizedRiskObject: String, riskObjectType: String, riskScore: Double, riskEventCount: Int,
        sourceCount: Int, mitreTacticIDCount: Int, mitreTechniqueIDCount: Int, severity: String, reason: String,
        title: String, riskEventKeys: [String], fields: [ResultField]
    ) {
        self.key = key
        self.timeMicroseconds = timeMicroseconds
        self.windowStartMicroseconds = windowStartMicroseconds
        self.windowEndMicroseconds = windowEndMicroseconds
        self.searchName = searchName
        self.ruleID = ruleID
        self.riskObject = riskObject
        self.allRiskObjects = allRiskObjects
        self.normalizedRiskObject = normalizedRiskObject
        self.riskObjectType = riskObjectType
        self.riskScore = riskScore
        self.riskEventCount = riskEventCount
        self.sourceCount = sourceCount
        self.mitreTacticIDCount = mitreTacticIDCount
        self.mitreTechniqueIDCount = mitreTechniqueIDCount
        self.severity = severity
        self.reason = reason
        self.title = title
        self.riskEventKeys = riskEventKeys
        self.fields = fields
    }

    /// The short name that people type: the first 12 digits of the key (`finding_id`).
    public var id: String { String(key.prefix(12)) }
}
