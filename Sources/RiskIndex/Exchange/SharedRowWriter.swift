import GRDB

/// Finds or makes the rows that events of a group share. For one transaction.
struct SharedRowWriter {
    private let selectRule: RawStatement
    private let insertRule: RawStatement
    private let selectObject: RawStatement
    private let insertObject: RawStatement
    private let selectEntity: RawStatement
    private let insertEntity: RawStatement
    private let selectThreat: RawStatement
    private let insertThreat: RawStatement
    /// Names that the index knows as another entity's than the lines say. They stay: an import may be older than the
    /// identity lists that the index was last keyed with.
    private(set) var keptNameCount = 0

    init(_ database: Database) throws {
        let rule = ["search_name", "rule_id", "attack_version", "rule_version", "analyticstories", "annotations"]
        selectRule = try RawStatement(database, Self.select("rule", rule))
        insertRule = try RawStatement(database, Self.insert("rule", rule))
        selectObject = try RawStatement(
            database,
            """
            SELECT risk_object.id, normalized_risk_object FROM risk_object JOIN entity ON entity.id = entity_id
            WHERE risk_object = ? AND risk_object.risk_object_type = ? AND cim_entity_zone = ? AND host = ?
            """)
        insertObject = try RawStatement(
            database,
            Self.insert(
                "risk_object",
                [
                    "risk_object", "risk_object_type", "cim_entity_zone", "host", "risk_object_folded", "entity_id",
                    "reason",
                ]))
        let entity = ["normalized_risk_object", "risk_object_type"]
        selectEntity = try RawStatement(database, Self.select("entity", entity))
        insertEntity = try RawStatement(
            database, Self.insert("entity", entity + ["normalized_risk_object_folded"]))
        selectThreat = try RawStatement(database, Self.select("threat_object", ["value", "type"]))
        insertThreat = try RawStatement(database, Self.insert("threat_object", ["value", "type", "value_folded"]))
    }

    private static func select(_ table: String, _ columns: [String]) -> String {
        "SELECT id FROM \(table) WHERE \(columns.map { "\($0) = ?" }.joined(separator: " AND "))"
    }

    private static func insert(_ table: String, _ columns: [String]) -> String {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
    }

    /// - Parameter texts: as `EventLine.appendRule` put them.
    func ruleID(_ texts: UnsafeRawBufferPointer) throws -> Int64 {
        for statement in [selectRule, insertRule] {
            for (position, text) in SharedText.texts(texts).enumerated() {
                guard let text else { continue }
                if position == 3 {
                    statement.bind(text.loadUnaligned(as: Int64.self), at: 4)
                } else {
                    statement.bind(text: text, at: Int32(position) + 1)
                }
            }
            if statement === selectRule, let id = try statement.integer() { return id }
        }
        try insertRule.execute()
        return insertRule.lastInsertedID
    }

    /// - Parameter texts: as `EventLine.appendRiskObject` put them.
    mutating func riskObjectID(_ texts: UnsafeRawBufferPointer) throws -> Int64 {
        let texts = SharedText.texts(texts)
        for position in 0..<4 { selectObject.bind(text: texts[position] ?? Self.none, at: Int32(position) + 1) }
        defer { selectObject.reset() }
        if try selectObject.step() {
            if let normalized = texts[4], !normalized.isSame(as: selectObject.text(1)) { keptNameCount += 1 }
            return selectObject.integer(0)
        }
        let name = texts[0] ?? Self.none
        let type = texts[1] ?? Self.none
        let entityID = try entityID(texts[4] ?? name, type: type)
        for position in 0..<4 { insertObject.bind(text: texts[position] ?? Self.none, at: Int32(position) + 1) }
        insertObject.bind(copy: StoredText.folded(name).utf8, at: 5)
        insertObject.bind(entityID, at: 6)
        insertObject.bind(text: texts[5] ?? Self.none, at: 7)
        try insertObject.execute()
        return insertObject.lastInsertedID
    }

    private func entityID(_ name: UnsafeRawBufferPointer, type: UnsafeRawBufferPointer) throws -> Int64 {
        for statement in [selectEntity, insertEntity] {
            statement.bind(text: name, at: 1)
            statement.bind(text: type, at: 2)
        }
        if let id = try selectEntity.integer() { return id }
        insertEntity.bind(copy: StoredText.folded(name).utf8, at: 3)
        try insertEntity.execute()
        return insertEntity.lastInsertedID
    }

    /// - Parameter pair: `["value","type"]`.
    func threatObjectID(_ pair: UnsafeRawBufferPointer) throws -> Int64 {
        guard let texts = StringListJSON.decodeList(String(decoding: pair, as: UTF8.self)), texts.count == 2 else {
            throw DatabaseError(message: "a threat object is no pair")
        }
        for statement in [selectThreat, insertThreat] {
            statement.bind(copy: StoredText.encode(texts[0]).utf8, at: 1)
            statement.bind(copy: StoredText.encode(texts[1]).utf8, at: 2)
        }
        if let id = try selectThreat.integer() { return id }
        insertThreat.bind(copy: StoredText.encode(FoldedName.fold(texts[0])).utf8, at: 3)
        try insertThreat.execute()
        return insertThreat.lastInsertedID
    }

    private static var none: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
}
