import Formats
import GRDB

/// A risk event entered by hand: Splunk's ad-hoc risk. Negative scores answer events that turned out harmless.
public struct ManualEntry: Sendable, Hashable {
    /// A normalized or a raw name, compared by ``FoldedName``.
    public var entity: String
    /// Nil takes that of the one entity of that name; an entity that the index does not know needs one.
    public var riskObjectType: String?
    /// Finite.
    public var score: Double
    public var note: String
    public var author: String
    /// `_time`, UTC microseconds. The same entry at the same time is one event.
    public var timeMicroseconds: Int64
    /// The begin of the key of the event that it answers: it counts where that event counts.
    public var answeredIDPrefix: String?

    public init(
        entity: String, riskObjectType: String? = nil, score: Double, note: String, author: String,
        timeMicroseconds: Int64, answeredIDPrefix: String? = nil
    ) {
        self.entity = entity
        self.riskObjectType = riskObjectType
        self.score = score
        self.note = note
        self.author = author
        self.timeMicroseconds = timeMicroseconds
        self.answeredIDPrefix = answeredIDPrefix
    }

    /// `search_name` and `source` of such events.
    ///
    /// Source: Splunk ES, SA-ThreatIntelligence, what its risk action takes where no search has a name.
    public static let searchName = "AdHoc Risk Score"
}

/// What an entry did.
public struct AdjustmentReport: Sendable, Hashable {
    public var event: RiskEvent
    /// Whether the index did not hold it.
    public var isNew: Bool
    /// Plain sums of the entity's calculated scores in the window that was asked for.
    public var scoreBefore: Double
    public var scoreAfter: Double
}

extension RiskIndex {
    /// Adds a risk event by hand, by the same way as those of detections.
    ///
    /// - Parameter window: half-open, UTC microseconds, of the sums.
    /// - Throws: `unknownEntity`, `ambiguousEntity`; `badAnswer` for an answered event that is another entity's or was
    ///   entered by hand itself; `invalidRecord` for a score that is no number.
    public func adjust(_ entry: ManualEntry, window: Range<Int64>) throws(IndexError) -> AdjustmentReport {
        let answeredKey = try entry.answeredIDPrefix.map { prefix throws(IndexError) in
            guard let key = try uniqueKey(of: "risk_record", idPrefix: prefix, idLength: 16) else {
                throw IndexError.badAnswer("no risk event has an id that begins with '\(prefix)'", path: path)
            }
            return key
        }
        return try writing { database in
            let place = try entity(of: entry, database)
            if place.entityID < 0 { try Self.forgetEntityVersion(database) }
            let answeredID = try answeredKey.map { try answeredEventID($0, of: place, database) }
            let before = try sum(of: place, window, database)
            let event = riskEvent(entry, place, answeredKey: answeredKey)
            var writer = try FiringWriter(database, indexTimeMicroseconds: indexTimeMicroseconds, path: path)
            let added = try writer.insert(Firing(key: event.firingKey, events: [event], contributing: []))
            if added > 0 {
                try database.execute(
                    sql: """
                        INSERT INTO adjustment (risk_event_id, answered_event_id, author, note)
                        SELECT id, ?, ?, ? FROM risk_record WHERE key = ?
                        """,
                    arguments: [
                        answeredID, StoredText.encode(entry.author), StoredText.encode(entry.note), event.key,
                    ])
            }
            return AdjustmentReport(
                event: event, isNew: added > 0, scoreBefore: before, scoreAfter: try sum(of: place, window, database))
        }
    }

    /// The entity, under the name by which the event is to name it.
    private func entity(of entry: ManualEntry, _ database: Database) throws -> RiskObject {
        let folded = StoredText.encode(FoldedName.fold(entry.entity))
        var condition = "(normalized_risk_object_folded = ?1 OR risk_object_folded = ?1)"
        var texts = [folded]
        if let type = entry.riskObjectType {
            condition += " AND risk_object.risk_object_type = ?2"
            texts.append(StoredText.encode(type))
        }
        let found = try DimensionReader.riskObjects(database, where: condition, texts: texts).map(\.object)
        let entities = Set(found.map(\.entityID))
        guard entities.count <= 1 else {
            let names = found.map { "\($0.riskObjectType) '\($0.normalizedRiskObject)'" }
            throw IndexError.ambiguousEntity(entry.entity, names: Array(Set(names)).sorted(), path: path)
        }
        func isName(_ name: String) -> Bool { name.utf8.elementsEqual(entry.entity.utf8) }
        let known =
            found.first { isName($0.riskObject) }
            ?? found.first { $0.riskObject.utf8.elementsEqual($0.normalizedRiskObject.utf8) } ?? found.first
        if let known { return known }
        guard let type = entry.riskObjectType else { throw IndexError.unknownEntity(entry.entity, path: path) }
        return RiskObject(
            riskObject: entry.entity, riskObjectType: type, entityZone: "", entityHost: "",
            normalizedRiskObject: entry.entity, reason: "", entityID: -1)
    }

    private func answeredEventID(_ key: String, of place: RiskObject, _ database: Database) throws -> Int64 {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT risk_record.id, entity_id, EXISTS (SELECT 1 FROM adjustment WHERE risk_event_id = risk_record.id)
                FROM risk_record JOIN risk_object ON risk_object.id = risk_object_id WHERE risk_record.key = ?
                """, arguments: [key])
        let id = key.prefix(16)
        guard let row, row[1] as Int64 == place.entityID else {
            throw IndexError.badAnswer(
                "risk event \(id) is not about '\(place.normalizedRiskObject)'", path: path)
        }
        guard !(row[2] as Bool) else {
            throw IndexError.badAnswer("risk event \(id) was entered by hand itself", path: path)
        }
        return row[0]
    }

    private func sum(of place: RiskObject, _ window: Range<Int64>, _ database: Database) throws -> Double {
        try Double.fetchOne(
            database,
            sql: """
                SELECT total(calculated_risk_score) FROM risk_record
                WHERE risk_object_id IN (
                    SELECT risk_object.id FROM risk_object JOIN entity ON entity.id = entity_id
                    WHERE normalized_risk_object = ? AND entity.risk_object_type = ?)
                AND time >= ? AND time < ?
                """,
            arguments: [
                StoredText.encode(place.normalizedRiskObject), StoredText.encode(place.riskObjectType),
                window.lowerBound, window.upperBound,
            ]) ?? 0
    }

    private func riskEvent(_ entry: ManualEntry, _ place: RiskObject, answeredKey: String?) -> RiskEvent {
        let parts = [
            "adhoc", String(entry.timeMicroseconds), place.normalizedRiskObject, place.riskObjectType,
            String(entry.score.bitPattern), entry.note, entry.author, answeredKey ?? "",
        ]
        let key = SHA256.hexDigest(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
        var event = RiskEvent(
            key: key, firingKey: SHA256.hexDigest(Array("firing \(key)".utf8)),
            timeMicroseconds: entry.timeMicroseconds, windowStartMicroseconds: nil, windowEndMicroseconds: nil,
            searchTimeMicroseconds: entry.timeMicroseconds, searchName: ManualEntry.searchName,
            ruleID: ManualEntry.searchName, ruleVersion: 0, entityField: "", riskObject: place.riskObject,
            riskObjectType: place.riskObjectType, normalizedRiskObject: place.normalizedRiskObject,
            riskScore: entry.score, calculatedRiskScore: entry.score, riskMessage: entry.note, threatObjects: [],
            analyticStories: [], annotations: [], attackVersion: "", contributingEventCount: 0,
            // Splunk's names for who entered it and why.
            fields: [
                ResultField(name: "creator", values: [entry.author], isNumber: false),
                ResultField(name: "description", values: [entry.note], isNumber: false),
            ])
        event.entityZone = place.entityZone
        event.entityHost = place.entityHost
        event.normalizationReason = place.reason
        return event
    }
}
