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
            guard let normalizedRiskObject else { return try DimensionReader.riskObjects(database).map(\.object) }
            return try DimensionReader.riskObjects(
                database, where: "normalized_risk_object_folded = ?",
                texts: [StoredText.encode(FoldedName.fold(normalizedRiskObject))]
            ).map(\.object)
        }
    }

    /// The entities that a name stands for, as names to ask for: the name itself where an entity is called so, in any
    /// case; else those of the entities that have it as a raw name, by their bytes. Empty for an unknown name.
    public func entityNames(of name: String) throws(IndexError) -> [String] {
        try reading { database in
            let folded = StoredText.encode(FoldedName.fold(name))
            let isEntity = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM entity WHERE normalized_risk_object_folded = ?)",
                arguments: [folded])
            if isEntity ?? false { return [name] }
            return try String.fetchAll(
                database,
                sql: """
                    SELECT min(normalized_risk_object) FROM entity JOIN risk_object ON entity_id = entity.id
                    WHERE risk_object_folded = ? GROUP BY normalized_risk_object_folded ORDER BY 1
                    """, arguments: [folded]
            ).map(StoredText.decode)
        }
    }

    /// Gives every raw name the entity that `assign` says, in one transaction. Past events follow their names; findings
    /// stay as they were, they are what was said at their time.
    ///
    /// The times of the events that moved are kept until ``forgetMovedTimes()``: whoever evaluates incident rules has to
    /// look at them again, in a later run if this one dies before.
    ///
    /// - Parameters:
    ///   - version: of what `assign` says. Nothing is done when the index follows this version already.
    ///   - assign: nil leaves the name as it is.
    /// - Returns: how many names moved to another entity.
    @discardableResult
    public func rekey(
        version: String, _ assign: (RiskObject) throws -> EntityAssignment?
    ) throws(IndexError) -> Int {
        guard try setting(Self.entityVersionSetting) != version else { return 0 }
        return try writing { database in
            let objects = try DimensionReader.riskObjects(database)
            var writer = DimensionWriter(database)
            let move = try database.cachedStatement(
                sql: "UPDATE risk_object SET entity_id = ?, reason = ? WHERE id = ?")
            var moved: [Int64] = []
            for (id, object) in objects {
                guard let assignment = try assign(object) else { continue }
                let entityID = try writer.entityID(assignment.normalizedRiskObject, object.riskObjectType)
                guard entityID != object.entityID || assignment.reason != object.reason else { continue }
                if entityID != object.entityID { moved.append(id) }
                try move.execute(arguments: [entityID, StoredText.encode(assignment.reason), id])
            }
            try Self.remember(moved, database)
            try Self.set(Self.entityVersionSetting, version, database)
            return moved.count
        }
    }

    /// From the first to the last time of the events that moved to another entity and were not looked at since; UTC
    /// microseconds, nil for none.
    public func movedTimes() throws(IndexError) -> ClosedRange<Int64>? {
        try reading { database in try Self.movedTimes(database) }
    }

    public func forgetMovedTimes() throws(IndexError) {
        try writing { database in
            try database.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [Self.movedTimesSetting])
        }
    }

    /// Names came from elsewhere, so that the next ``rekey(version:_:)`` looks at all of them.
    static func forgetEntityVersion(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [entityVersionSetting])
    }

    private static let entityVersionSetting = "identity and asset lists"
    private static let movedTimesSetting = "times of events that moved"

    private static func movedTimes(_ database: Database) throws -> ClosedRange<Int64>? {
        let bounds = try String.fetchOne(
            database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [movedTimesSetting])?
            .split(separator: " ").compactMap { Int64($0) }
        guard let bounds, bounds.count == 2, bounds[0] <= bounds[1] else { return nil }
        return bounds[0]...bounds[1]
    }

    private static func remember(_ moved: [Int64], _ database: Database) throws {
        var range = try movedTimes(database)
        let bounds = try database.cachedStatement(
            sql: "SELECT min(time), max(time) FROM risk_record WHERE risk_object_id = ?")
        for id in moved {
            guard let row = try Row.fetchOne(bounds, arguments: [id]), let first = row[0] as Int64?,
                let last = row[1] as Int64?
            else { continue }
            range = min(first, range?.lowerBound ?? first)...max(last, range?.upperBound ?? last)
        }
        guard let range else { return }
        try set(movedTimesSetting, "\(range.lowerBound) \(range.upperBound)", database)
    }

    /// A value that the index keeps under a name of the program's, such as the version of the identity lists.
    public func setting(_ name: String) throws(IndexError) -> String? {
        try reading { database in
            try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
        }
    }

    public func setSetting(_ name: String, _ value: String) throws(IndexError) {
        try writing { database in try Self.set(name, value, database) }
    }

    private static func set(_ name: String, _ value: String, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """, arguments: [name, value])
    }
}
