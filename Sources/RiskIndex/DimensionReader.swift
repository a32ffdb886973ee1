import GRDB

/// Looks up what events share, each id once.
final class DimensionReader {
    let path: String
    private let database: Database
    private var rules: [Int64: RiskRule] = [:]
    private var riskObjects: [Int64: RiskObject] = [:]
    private var threats: [Int64: ThreatObject] = [:]
    private var statements: [String: RawStatement] = [:]

    init(_ database: Database, path: String) {
        self.database = database
        self.path = path
    }

    func rule(_ id: Int64) throws -> RiskRule {
        if let known = rules[id] { return known }
        let rule = try one("rule", Self.ruleSQL + " WHERE id = ?", id) { try decodeRule($0) }
        rules[id] = rule
        return rule
    }

    func riskObject(_ id: Int64) throws -> RiskObject {
        if let known = riskObjects[id] { return known }
        let object = try one("risk object", Self.riskObjectSQL + " WHERE risk_object.id = ?", id) {
            Self.decodeRiskObject($0)
        }
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
        let object = try one("threat object", Self.threatObjectSQL + " WHERE id = ?", id) {
            Self.decodeThreatObject($0)
        }
        threats[id] = object
        return object
    }

    private func one<Element>(
        _ table: String, _ sql: String, _ id: Int64, _ decode: (RawStatement) throws -> Element
    ) throws -> Element {
        let row = try statements[table] ?? RawStatement(database, sql)
        statements[table] = row
        row.bind(id, at: 1)
        defer { row.reset() }
        guard try row.step() else { throw damaged(table, id) }
        return try decode(row)
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

    /// Raw names by number.
    ///
    /// - Parameters:
    ///   - condition: SQL behind WHERE.
    ///   - texts: its arguments, as stored.
    static func riskObjects(
        _ database: Database, where condition: String = "TRUE", texts: [String] = []
    ) throws -> [(id: Int64, object: RiskObject)] {
        let row = try RawStatement(database, riskObjectSQL + " WHERE \(condition) ORDER BY risk_object.id")
        for (place, text) in texts.enumerated() { row.bind(copy: text.utf8, at: Int32(place + 1)) }
        var found: [(id: Int64, object: RiskObject)] = []
        while try row.step() { found.append((row.integer(7), decodeRiskObject(row))) }
        return found
    }

    func decodeRule(_ row: RawStatement) throws -> RiskRule {
        guard let stories = StringListJSON.decodeList(row.string(3)),
            let annotations = AnnotationJSON.decode(row.string(4))
        else { throw damaged("rule", row.integer(6)) }
        return RiskRule(
            searchName: row.decodedText(0), ruleID: row.decodedText(1), ruleVersion: Int(row.integer(2)),
            analyticStories: stories, annotations: annotations, attackVersion: row.decodedText(5))
    }

    static func decodeRiskObject(_ row: RawStatement) -> RiskObject {
        RiskObject(
            riskObject: row.decodedText(0), riskObjectType: row.decodedText(1), entityZone: row.decodedText(2),
            entityHost: row.decodedText(3), normalizedRiskObject: row.decodedText(4), reason: row.decodedText(5),
            entityID: row.integer(6))
    }

    static func decodeThreatObject(_ row: RawStatement) -> ThreatObject {
        ThreatObject(value: row.decodedText(0), type: row.decodedText(1))
    }
}

extension RawStatement {
    /// What ``StoredText`` stored.
    func decodedText(_ column: Int32) -> String { StoredText.decode(string(column)) }
}
