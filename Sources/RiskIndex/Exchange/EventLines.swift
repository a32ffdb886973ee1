import GRDB

/// Risk events as lines, from rows of ``selectSQL``.
struct EventLines {
    static let selectSQL = """
        SELECT risk_record.id, risk_record.key, firing.key, risk_record.time, risk_record.index_time,
            risk_record.info_min_time, risk_record.info_max_time, info_search_time, risk_record.rule, entity_field,
            risk_object_id, risk_record.risk_score, risk_factor_add, risk_factor_mult, risk_factors,
            calculated_risk_score, risk_message, contributing_event_count, risk_record.fields
        FROM \(RiskEventRecord.source)
        """

    private let path: String
    private let rules: RawStatement
    private let riskObjects: RawStatement
    private let threatObjects: RawStatement
    /// Written members by the number of a rule, of a raw name.
    private var ruleMembers: [Int64: [UInt8]] = [:]
    private var objectMembers: [Int64: [UInt8]] = [:]

    /// What is remembered is bounded: an index may hold names without end.
    private static let rememberedRows = 1 << 16

    init(_ database: Database, path: String) throws {
        self.path = path
        rules = try RawStatement(
            database,
            """
            SELECT search_name, rule_id, rule_version, attack_version, analyticstories, annotations FROM rule
            WHERE id = ?
            """)
        riskObjects = try RawStatement(
            database,
            """
            SELECT risk_object, risk_object.risk_object_type, cim_entity_zone, host, normalized_risk_object, reason
            FROM risk_object JOIN entity ON entity.id = entity_id WHERE risk_object.id = ?
            """)
        threatObjects = try RawStatement(
            database,
            """
            SELECT value, type FROM risk_record_threat_object JOIN threat_object ON threat_object.id = threat_object_id
            WHERE risk_event_id = ? ORDER BY position
            """)
    }

    /// All of the line but its end.
    mutating func write(_ row: RawStatement, to writer: inout ExchangeWriter) throws {
        writer.begin(.riskEvent)
        func text(_ member: EventMember, _ column: Int32) {
            writer.member(member.name)
            writer.string(row.text(column))
        }
        func time(_ member: EventMember, _ column: Int32) {
            guard !row.isNull(column) else { return }
            writer.member(member.name)
            writer.integer(row.integer(column))
        }
        text(.key, 1)
        text(.firing, 2)
        time(.time, 3)
        time(.indexTime, 4)
        time(.windowStart, 5)
        time(.windowEnd, 6)
        time(.searchTime, 7)
        writer.members(try members(ofRule: row.integer(8)))
        text(.entityField, 9)
        writer.members(try members(ofObject: row.integer(10)))
        try scores(row, to: &writer)
        text(.message, 16)
        try threats(ofEvent: row.integer(0), to: &writer)
        writer.member(EventMember.contributingEventCount.name)
        writer.integer(row.integer(17))
        writer.member(EventMember.fields.name)
        try writer.json(row.text(18), damaged(row))
    }

    private func scores(_ row: RawStatement, to writer: inout ExchangeWriter) throws {
        func number(_ member: EventMember, _ column: Int32) throws {
            guard row.double(column).isFinite else { throw damaged(row) }
            writer.member(member.name)
            writer.double(row.double(column))
        }
        try number(.riskScore, 11)
        try number(.factorAdd, 12)
        try number(.factorMult, 13)
        writer.member(EventMember.factors.name)
        try writer.json(row.text(14), damaged(row))
        try number(.calculatedRiskScore, 15)
    }

    private func threats(ofEvent id: Int64, to writer: inout ExchangeWriter) throws {
        threatObjects.bind(id, at: 1)
        defer { threatObjects.reset() }
        var separator = UInt8(ascii: "[")
        writer.member(EventMember.threatObjects.name)
        while try threatObjects.step() {
            writer.raw([separator, UInt8(ascii: "[")])
            writer.string(threatObjects.text(0))
            writer.comma()
            writer.string(threatObjects.text(1))
            writer.endArray()
            separator = UInt8(ascii: ",")
        }
        if separator == UInt8(ascii: "[") { writer.beginArray() }
        writer.endArray()
    }

    private mutating func members(ofRule id: Int64) throws -> [UInt8] {
        if let known = ruleMembers[id] { return known }
        rules.bind(id, at: 1)
        defer { rules.reset() }
        guard try rules.step() else { throw IndexError.damagedRecord(path: path, table: "rule", key: "\(id)") }
        var writer = ExchangeWriter()
        for (column, member) in [
            EventMember.searchName, .ruleID, .ruleVersion, .attackVersion, .analyticStories, .annotations,
        ].enumerated() {
            let column = Int32(column)
            writer.member(member.name)
            switch member {
            case .ruleVersion: writer.integer(rules.integer(column))
            case .analyticStories, .annotations:
                try writer.json(
                    rules.text(column), IndexError.damagedRecord(path: path, table: "rule", key: "\(id)"))
            default: writer.string(rules.text(column))
            }
        }
        if ruleMembers.count >= Self.rememberedRows { ruleMembers.removeAll(keepingCapacity: true) }
        ruleMembers[id] = writer.bytes
        return writer.bytes
    }

    private mutating func members(ofObject id: Int64) throws -> [UInt8] {
        if let known = objectMembers[id] { return known }
        riskObjects.bind(id, at: 1)
        defer { riskObjects.reset() }
        guard try riskObjects.step() else {
            throw IndexError.damagedRecord(path: path, table: "risk object", key: "\(id)")
        }
        var writer = ExchangeWriter()
        for (column, member) in [
            EventMember.riskObject, .riskObjectType, .entityZone, .entityHost, .normalizedRiskObject,
            .normalizationReason,
        ].enumerated() {
            writer.member(member.name)
            writer.string(riskObjects.text(Int32(column)))
        }
        if objectMembers.count >= Self.rememberedRows { objectMembers.removeAll(keepingCapacity: true) }
        objectMembers[id] = writer.bytes
        return writer.bytes
    }

    private func damaged(_ row: RawStatement) -> IndexError {
        IndexError.damagedRecord(path: path, table: "risk event", key: row.string(1))
    }
}
