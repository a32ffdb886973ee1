import GRDB

/// What one group did to the index.
public struct ImportCount: Sendable, Hashable {
    public var newRiskEvents = 0
    public var knownRiskEvents = 0
    /// Lines of other kinds that added or changed something, and those that said what was known.
    public var newRecords = 0
    public var knownRecords = 0
    /// Names that stayed with another entity than a line said.
    public var keptNames = 0

    public init() {}
}

/// Writes groups, each within a transaction of the caller's. Its statements live as long as the access to the database.
final class GroupWriter {
    private let insertFiring: RawStatement
    private let selectFiring: RawStatement
    private let insertEvent: RawStatement
    private let insertLink: RawStatement
    private var shared: SharedRowWriter
    private let others: OtherLineWriter
    private let indexTimeMicroseconds: Int64

    init(_ database: Database, indexTimeMicroseconds: Int64, path: String) throws {
        self.indexTimeMicroseconds = indexTimeMicroseconds
        insertFiring = try RawStatement(
            database, "INSERT INTO firing (key, index_time) VALUES (?, ?) ON CONFLICT (key) DO NOTHING")
        selectFiring = try RawStatement(database, "SELECT id FROM firing WHERE key = ?")
        insertEvent = try RawStatement(database, RiskEventRecord.insertSQL)
        insertLink = try RawStatement(
            database,
            """
            INSERT INTO risk_record_threat_object (risk_event_id, position, threat_object_id) VALUES (?, ?, ?)
            """)
        shared = try SharedRowWriter(database)
        others = try OtherLineWriter(database, indexTimeMicroseconds: indexTimeMicroseconds)
    }

    /// - Returns: lines of other kinds that could not be written; their order is that of the group.
    func write(_ group: ImportGroup, _ count: inout ImportCount) throws -> [ImportReject] {
        try group.arena.withUnsafeBytes { arena in
            try writeEvents(group, arena, &count)
            var rejects: [ImportReject] = []
            for line in group.others {
                do {
                    let isNew = try others.write(line.kind, line.text.bytes(in: arena))
                    if isNew { count.newRecords += 1 } else { count.knownRecords += 1 }
                } catch var reject as ImportReject {
                    reject.lineNumber = line.lineNumber
                    rejects.append(reject)
                }
            }
            return rejects
        }
    }

    private func writeEvents(_ group: ImportGroup, _ arena: UnsafeRawBufferPointer, _ count: inout ImportCount) throws {
        guard !group.events.isEmpty else { return }
        let firings = try firingIDs(group, arena)
        let rules = try group.rules.map { try shared.ruleID($0.bytes(in: arena)) }
        let keptBefore = shared.keptNameCount
        let riskObjects = try group.riskObjects.map { try shared.riskObjectID($0.bytes(in: arena)) }
        count.keptNames += shared.keptNameCount - keptBefore
        let threatObjects = try group.threatObjects.map { try shared.threatObjectID($0.bytes(in: arena)) }
        var links: [ThreatLink] = []
        for number in Self.byKey(group, arena) {
            let event = group.events[number]
            bind(
                event, arena, firing: firings[Int(event.firing)], rule: rules[Int(event.rule)],
                riskObject: riskObjects[Int(event.riskObject)])
            guard try insertEvent.execute() == 1 else {
                count.knownRiskEvents += 1
                continue
            }
            count.newRiskEvents += 1
            for position in 0..<event.threatCount {
                let threatObject = threatObjects[Int(group.threatLinks[event.threatStart + position])]
                links.append(
                    ThreatLink(threatObject: threatObject, event: insertEvent.lastInsertedID, position: position))
            }
        }
        try write(links)
    }

    /// An event and one of its threat objects.
    private struct ThreatLink {
        var threatObject: Int64
        var event: Int64
        var position: Int
    }

    /// In the order of the index by threat object, which is all over the file; the table's own rows lie together.
    private func write(_ links: [ThreatLink]) throws {
        let order = links.sorted { ($0.threatObject, $0.event, $0.position) < ($1.threatObject, $1.event, $1.position) }
        for link in order {
            insertLink.bind(link.event, at: 1)
            insertLink.bind(Int64(link.position), at: 2)
            insertLink.bind(link.threatObject, at: 3)
            try insertLink.execute()
        }
    }

    /// The events in the order of their keys, so that neighbours in the index of keys are written one after the other;
    /// of equal keys the first line first. Rows of a group lie together whatever their order.
    private static func byKey(_ group: ImportGroup, _ arena: UnsafeRawBufferPointer) -> [Int] {
        let events = group.events
        return events.indices.sorted { left, right in
            let (leftOrder, rightOrder) = (events[left].keyOrder, events[right].keyOrder)
            if leftOrder != rightOrder { return leftOrder < rightOrder }
            let (leftKey, rightKey) = (events[left].key.bytes(in: arena), events[right].key.bytes(in: arena))
            return leftKey.isSame(as: rightKey) ? left < right : leftKey.precedes(rightKey)
        }
    }

    private func firingIDs(_ group: ImportGroup, _ arena: UnsafeRawBufferPointer) throws -> [Int64] {
        let keys = group.firings
        let orders = keys.map { KeyOrder.of($0.bytes(in: arena)) }
        let order = keys.indices.sorted { left, right in
            orders[left] != orders[right]
                ? orders[left] < orders[right] : keys[left].bytes(in: arena).precedes(keys[right].bytes(in: arena))
        }
        var ids = [Int64](repeating: 0, count: keys.count)
        insertFiring.bind(indexTimeMicroseconds, at: 2)
        for number in order {
            let key = keys[number].bytes(in: arena)
            insertFiring.bind(text: key, at: 1)
            if try insertFiring.execute() == 1 {
                ids[number] = insertFiring.lastInsertedID
                continue
            }
            selectFiring.bind(text: key, at: 1)
            guard let id = try selectFiring.integer() else { throw DatabaseError(message: "a firing is lost") }
            ids[number] = id
        }
        return ids
    }

    /// In the order of ``RiskEventRecord/insertSQL``.
    private func bind(
        _ event: ImportEvent, _ arena: UnsafeRawBufferPointer, firing: Int64, rule: Int64, riskObject: Int64
    ) {
        insertEvent.bind(text: event.key.bytes(in: arena), at: 1)
        insertEvent.bind(event.keyOrder, at: 2)
        insertEvent.bind(firing, at: 3)
        insertEvent.bind(event.timeMicroseconds, at: 4)
        insertEvent.bind(event.indexTimeMicroseconds ?? indexTimeMicroseconds, at: 5)
        insertEvent.bind(event.windowStartMicroseconds, at: 6)
        insertEvent.bind(event.windowEndMicroseconds, at: 7)
        insertEvent.bind(event.searchTimeMicroseconds, at: 8)
        insertEvent.bind(rule, at: 9)
        insertEvent.bind(text: event.entityField.bytes(in: arena), at: 10)
        insertEvent.bind(riskObject, at: 11)
        insertEvent.bind(event.riskScore, at: 12)
        insertEvent.bind(event.riskFactorAdd, at: 13)
        insertEvent.bind(event.riskFactorMult, at: 14)
        insertEvent.bind(text: event.factors.bytes(in: arena), at: 15)
        insertEvent.bind(event.calculatedRiskScore, at: 16)
        insertEvent.bind(text: event.message.bytes(in: arena), at: 17)
        insertEvent.bind(event.messageHash, at: 18)
        insertEvent.bind(event.contributingEventCount, at: 19)
        insertEvent.bind(text: event.fields.bytes(in: arena), at: 20)
    }
}
