import GRDB

/// Looks up what events share, each id once.
final class DimensionReader {
    let path: String
    private let database: Database
    private var rules: [Int64: RiskRule] = [:]
    private var riskObjects: [Int64: RiskObject] = [:]
    private var threats: [Int64: ThreatObject] = [:]

    init(_ database: Database, path: String) {
        self.database = database
        self.path = path
    }

    func rule(_ id: Int64) throws -> RiskRule {
        if let known = rules[id] { return known }
        let statement = try database.cachedStatement(sql: Self.ruleSQL + " WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { throw damaged("rule", id) }
        let rule = try decodeRule(row)
        rules[id] = rule
        return rule
    }

    func riskObject(_ id: Int64) throws -> RiskObject {
        if let known = riskObjects[id] { return known }
        let statement = try database.cachedStatement(sql: Self.riskObjectSQL + " WHERE risk_object.id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { throw damaged("risk object", id) }
        let object = Self.decodeRiskObject(row)
        riskObjects[id] = object
        return object
    }

    /// - Parameter statement: of ``RiskEventRecord/threatObjectSQL``.
    func threatObjects(_ statement: Statement, riskEventID: Int64) throws -> [ThreatObject] {
        var list: [ThreatObject] = []
        let ids = try Int64.fetchCursor(statement, arguments: [riskEventID])
        while let id = try ids.next() { list.append(try threatObject(id)) }
        return list
    }

    func threatObject(_ id: Int64) throws -> ThreatObject {
        if let known = threats[id] { return known }
        let statement = try database.cachedStatement(sql: Self.threatObjectSQL + " WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { throw damaged("threat object", id) }
        let object = Self.decodeThreatObject(row)
        threats[id] = object
        return object
    }

    private func damaged(_ table: String, _ id: Int64) -> IndexError {
        IndexError.damagedRecord(path: path, table: table, key: String(id))
    }

    // MARK: Rows, the id last

    static let ruleSQL = """
        SELECT search_name, rule_id, rule_version, analyticstories, annotations, attack_version, id FROM rule
        """

    static let riskObjectSQL = """
        SELECT risk_object, risk_object.risk_object_type, cim_entity_zone, host, normalized_risk_object, reason,
            entity_id, risk_object.id
        FROM risk_object CROSS JOIN entity ON entity.id = entity_id
        """

    static let threatObjectSQL = "SELECT value, type, id FROM threat_object"

    func decodeRule(_ row: Row) throws -> RiskRule {
        guard let stories = StringListJSON.decodeList(row[3]), let annotations = AnnotationJSON.decode(row[4]) else {
            throw damaged("rule", row[6])
        }
        return RiskRule(
            searchName: StoredText.decode(row[0]), ruleID: StoredText.decode(row[1]), ruleVersion: row[2],
            analyticStories: stories, annotations: annotations, attackVersion: StoredText.decode(row[5]))
    }

    static func decodeRiskObject(_ row: Row) -> RiskObject {
        RiskObject(
            riskObject: StoredText.decode(row[0]), riskObjectType: StoredText.decode(row[1]),
            entityZone: StoredText.decode(row[2]), entityHost: StoredText.decode(row[3]),
            normalizedRiskObject: StoredText.decode(row[4]), reason: StoredText.decode(row[5]), entityID: row[6])
    }

    static func decodeThreatObject(_ row: Row) -> ThreatObject {
        ThreatObject(value: StoredText.decode(row[0]), type: StoredText.decode(row[1]))
    }
}
