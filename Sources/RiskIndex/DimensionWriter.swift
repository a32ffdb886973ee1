import Columns
import GRDB

// Names are keys as `Text`, which compares bytes: `String` takes composed and decomposed letters for equal, and the
// index does not.

/// Finds or makes the rows that events share. What it found holds for its own transaction only.
struct DimensionWriter {
    private let database: Database
    private var rules: [RuleIdentity: Int64] = [:]
    /// Events come rule by rule: nearly all have that of the event before.
    private var lastRule: (identity: RuleIdentity, id: Int64)?
    private var riskObjects: [RiskObjectIdentity: (id: Int64, normalized: Text)] = [:]
    private var entities: [NameIdentity: Int64] = [:]
    private var threatObjects: [NameIdentity: Int64] = [:]

    private struct RuleIdentity: Hashable {
        var searchName: Text
        var ruleID: Text
        var ruleVersion: Int
        var attackVersion: String
        var analyticStories: [String]
        var annotations: [Annotation]

        init(_ event: RiskEvent) {
            searchName = Text(event.searchName)
            ruleID = Text(event.ruleID)
            ruleVersion = event.ruleVersion
            attackVersion = event.attackVersion
            analyticStories = event.analyticStories
            annotations = event.annotations
        }
    }

    private struct RiskObjectIdentity: Hashable {
        var object: Text
        var type: Text
        var zone: Text
        var host: Text
    }

    /// A name and its type: of an entity, or of a threat object.
    private struct NameIdentity: Hashable {
        var name: Text
        var type: Text
    }

    init(_ database: Database) { self.database = database }

    mutating func ruleID(of event: RiskEvent) throws -> Int64 {
        let identity = RuleIdentity(event)
        if let lastRule, lastRule.identity == identity { return lastRule.id }
        let id = try rules[identity] ?? findRule(event)
        rules[identity] = id
        lastRule = (identity, id)
        return id
    }

    private func findRule(_ event: RiskEvent) throws -> Int64 {
        try findOrMake(
            "rule", ["search_name", "rule_id", "rule_version", "attack_version", "analyticstories", "annotations"],
            [
                StoredText.encode(event.searchName), StoredText.encode(event.ruleID), event.ruleVersion,
                StoredText.encode(event.attackVersion), StringListJSON.encode(event.analyticStories),
                AnnotationJSON.encode(event.annotations),
            ])
    }

    /// The row of the event's raw name. A name that the index knows as another entity's moves to the event's: the last
    /// one to write knows the identity lists best.
    mutating func riskObjectID(of event: RiskEvent) throws -> Int64 {
        let identity = RiskObjectIdentity(
            object: Text(event.riskObject), type: Text(event.riskObjectType), zone: Text(event.entityZone),
            host: Text(event.entityHost))
        let normalized = Text(event.normalizedRiskObject)
        if let known = riskObjects[identity], known.normalized == normalized { return known.id }
        let entityID = try entityID(event.normalizedRiskObject, event.riskObjectType)
        let id = try Int64.fetchOne(
            database.cachedStatement(sql: Self.riskObjectSQL),
            arguments: [
                StoredText.encode(event.riskObject), StoredText.encode(FoldedName.fold(event.riskObject)),
                StoredText.encode(event.riskObjectType), StoredText.encode(event.entityZone),
                StoredText.encode(event.entityHost), entityID, StoredText.encode(event.normalizationReason),
            ])
        guard let id else { throw DatabaseError(message: "upsert of a risk object gave no row") }
        riskObjects[identity] = (id, normalized)
        return id
    }

    private static let riskObjectSQL = """
        INSERT INTO risk_object
            (risk_object, risk_object_folded, risk_object_type, cim_entity_zone, host, entity_id, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (risk_object, risk_object_type, cim_entity_zone, host)
            DO UPDATE SET entity_id = excluded.entity_id, reason = excluded.reason
        RETURNING id
        """

    mutating func entityID(_ normalizedRiskObject: String, _ type: String) throws -> Int64 {
        let key = NameIdentity(name: Text(normalizedRiskObject), type: Text(type))
        if let known = entities[key] { return known }
        let id = try findOrMake(
            "entity", ["normalized_risk_object", "risk_object_type"],
            [StoredText.encode(normalizedRiskObject), StoredText.encode(type)],
            derived: [("normalized_risk_object_folded", StoredText.encode(FoldedName.fold(normalizedRiskObject)))])
        entities[key] = id
        return id
    }

    mutating func threatObjectID(_ object: ThreatObject) throws -> Int64 {
        let key = NameIdentity(name: Text(object.value), type: Text(object.type))
        if let known = threatObjects[key] { return known }
        let id = try findOrMake(
            "threat_object", ["value", "type"], [StoredText.encode(object.value), StoredText.encode(object.type)],
            derived: [("value_folded", StoredText.encode(FoldedName.fold(object.value)))])
        threatObjects[key] = id
        return id
    }

    /// - Parameter derived: columns that follow from the identifying ones.
    private func findOrMake(
        _ table: String, _ columns: [String], _ values: [any DatabaseValueConvertible],
        derived: [(column: String, value: String)] = []
    ) throws -> Int64 {
        let arguments = StatementArguments(values)
        let condition = columns.map { "\($0) = ?" }.joined(separator: " AND ")
        let select = try database.cachedStatement(sql: "SELECT id FROM \(table) WHERE \(condition)")
        if let id = try Int64.fetchOne(select, arguments: arguments) { return id }
        let names = columns + derived.map(\.column)
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let insert = try database.cachedStatement(
            sql: "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(marks))")
        try insert.execute(arguments: StatementArguments(values + derived.map(\.value)))
        return database.lastInsertedRowID
    }
}
