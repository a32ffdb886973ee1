import GRDB

/// A raw name, the entity that it should stand for, and why.
public struct EntityAssignment: Sendable, Hashable {
    public var normalizedRiskObject: String
    public var reason: String

    public init(normalizedRiskObject: String, reason: String) {
        self.normalizedRiskObject = normalizedRiskObject
        self.reason = reason
    }
}

extension RiskIndex {
    /// The raw names of the index and what they stand for, by number.
    ///
    /// - Parameter normalizedRiskObject: only those of this entity, compared by ``FoldedName``.
    public func riskObjects(normalizedRiskObject: String? = nil) throws(IndexError) -> [RiskObject] {
        try reading { database in
            var sql = DimensionReader.riskObjectSQL
            var arguments: StatementArguments = []
            if let normalizedRiskObject {
                sql += " WHERE normalized_risk_object_folded = ?"
                arguments = [StoredText.encode(FoldedName.fold(normalizedRiskObject))]
            }
            return try Row.fetchAll(database, sql: sql + " ORDER BY risk_object.id", arguments: arguments)
                .map(DimensionReader.decodeRiskObject)
        }
    }

    /// Gives every raw name the entity that `assign` says, in one transaction. Past events follow their names; findings
    /// stay as they were, they are what was said at their time.
    ///
    /// - Parameter assign: nil leaves the name as it is.
    /// - Returns: how many names moved to another entity.
    public func rekey(_ assign: (RiskObject) throws -> EntityAssignment?) throws(IndexError) -> Int {
        try writing { database in
            let rows = try Row.fetchAll(database, sql: DimensionReader.riskObjectSQL + " ORDER BY risk_object.id")
            var writer = DimensionWriter(database)
            let move = try database.cachedStatement(
                sql: "UPDATE risk_object SET entity_id = ?, reason = ? WHERE id = ?")
            var moved = 0
            for row in rows {
                let object = DimensionReader.decodeRiskObject(row)
                guard let assignment = try assign(object) else { continue }
                let entityID = try writer.entityID(assignment.normalizedRiskObject, object.riskObjectType)
                guard entityID != object.entityID || assignment.reason != object.reason else { continue }
                if entityID != object.entityID { moved += 1 }
                let id: Int64 = row[7]
                try move.execute(arguments: [entityID, StoredText.encode(assignment.reason), id])
            }
            return moved
        }
    }

    /// A value that the index keeps under a name of the program's, such as the version of the identity lists.
    public func setting(_ name: String) throws(IndexError) -> String? {
        try reading { database in
            try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
        }
    }

    public func setSetting(_ name: String, _ value: String) throws(IndexError) {
        try writing { database in
            try database.execute(
                sql: """
                    INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """, arguments: [name, value])
        }
    }
}
