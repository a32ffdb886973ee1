public import Columns
public import Content
public import RiskIndex

/// What a risk incident rule groups by. Bytes: `String` takes composed and decomposed letters for equal, the index does
/// not.
public struct EntityIdentity: Hashable, Comparable, Sendable {
    public var normalizedRiskObject: Text
    public var riskObjectType: Text

    public init(_ normalizedRiskObject: String, _ riskObjectType: String) {
        self.normalizedRiskObject = Text(normalizedRiskObject)
        self.riskObjectType = Text(riskObjectType)
    }

    public init(_ finding: Finding) { self.init(finding.normalizedRiskObject, finding.riskObjectType) }

    public static func < (lhs: EntityIdentity, rhs: EntityIdentity) -> Bool {
        (lhs.normalizedRiskObject, lhs.riskObjectType) < (rhs.normalizedRiskObject, rhs.riskObjectType)
    }
}

/// One run of an incident rule: half-open window in event time, and when it ran.
public struct IncidentWindow: Hashable, Sendable {
    public var tickMicroseconds: Int64
    public var startMicroseconds: Int64
    public var endMicroseconds: Int64

    public init(tickMicroseconds: Int64, startMicroseconds: Int64, endMicroseconds: Int64) {
        self.tickMicroseconds = tickMicroseconds
        self.startMicroseconds = startMicroseconds
        self.endMicroseconds = endMicroseconds
    }
}

/// A result row of an incident rule: an entity for which it holds.
public struct IncidentRow: Sendable {
    public let entity: EntityIdentity
    public internal(set) var riskScore: Double
    let batch: Batch
    let row: Int
    let rule: IncidentRule
    /// Of a Correlation's row: the name that the row has for its entity.
    var riskObject: String?
    /// Of a Correlation's row: what tells it from other rows of its run, one entity's among them.
    var identity: [String] = []

    /// - Returns: nil for a row that names no entity.
    public init?(_ batch: Batch, _ row: Int, _ rule: IncidentRule) {
        guard let object = batch.printedText(rule.entityField, row) else { return nil }
        entity = EntityIdentity(object, batch.printedText(rule.entityTypeField, row) ?? "other")
        riskScore = batch["risk_score", row].numeric ?? 0
        self.batch = batch
        self.row = row
        self.rule = rule
    }

    init(_ batch: Batch, _ row: Int, _ rule: IncidentRule, entity: EntityIdentity, riskScore: Double) {
        self.entity = entity
        self.riskScore = riskScore
        self.batch = batch
        self.row = row
        self.rule = rule
    }

    var normalizedRiskObject: String { entity.normalizedRiskObject.string }
    var riskObjectType: String { entity.riskObjectType.string }

    func text(_ field: String) -> String? { batch.printedText(field, row) }

    func count(_ field: String) -> Int? {
        batch[field, row].numeric.flatMap { Int(exactly: $0.rounded()) }
    }

    /// For a message's tokens.
    func token(_ field: String) -> String? {
        field == rule.entityField ? riskObject ?? text(field) : text(field)
    }

    var severity: String { rule.correlation?.severity ?? rule.severityField.flatMap { text($0) } ?? "medium" }
}
