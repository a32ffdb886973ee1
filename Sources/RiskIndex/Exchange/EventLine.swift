import Formats

/// A risk event's line with its members found. Good while the line and its tokens are.
struct EventLine {
    private let line: UnsafeRawBufferPointer
    private let tokens: JSONTokenList
    /// By member, the token of its value; 0 for one that is missing or null.
    private let found: [Int32]

    /// What of an event its own row holds, checked; texts still in the line.
    struct Checked {
        var firing: UnsafeRawBufferPointer
        var timeMicroseconds: Int64
        var indexTimeMicroseconds: Int64?
        var windowStartMicroseconds: Int64?
        var windowEndMicroseconds: Int64?
        var searchTimeMicroseconds: Int64
        var riskScore: Double
        var riskFactorAdd: Double
        var riskFactorMult: Double
        var calculatedRiskScore: Double
        var contributingEventCount: Int64
        var factors: ListSource?
        var threatObjects: ListSource
        var fields: ListSource
    }

    /// - Throws: for a member that is unknown or comes twice.
    init(_ line: UnsafeRawBufferPointer, _ tokens: JSONTokenList) throws(ImportReject) {
        self.line = line
        self.tokens = tokens
        var found = [Int32](repeating: -1, count: EventMember.allCases.count)
        var expected = 0
        var at = 1
        while tokens[at].kind == .key {
            let name = UnsafeRawBufferPointer(rebasing: line[tokens[at].range])
            let member = try Self.member(name, expected: expected)
            guard found[member] < 0 else { throw .badMember(EventMember.names[member], "comes twice") }
            let value = tokens[at + 1]
            found[member] = value.kind == .null ? 0 : Int32(at + 1)
            expected = member + 1
            at += value.kind == .array || value.kind == .object ? 3 : 2
        }
        for member in found.indices where found[member] < 0 { found[member] = 0 }
        self.found = found
    }

    private static let memberNames = EventMember.names.map { Array($0.utf8) }

    /// - Parameter expected: where to look first: members mostly come in the order in which they are written.
    private static func member(_ name: UnsafeRawBufferPointer, expected: Int) throws(ImportReject) -> Int {
        func isName(_ member: Int) -> Bool { memberNames[member].withUnsafeBytes { $0.isSame(as: name) } }
        if expected < memberNames.count, isName(expected) { return expected }
        if let member = memberNames.indices.first(where: isName) { return member }
        throw .badMember(String(decoding: name.prefix(40), as: UTF8.self), "is no member of a risk event")
    }

    // MARK: Checking

    func checked() throws(ImportReject) -> Checked {
        _ = try key(.key)
        let time = try required(.time, try time(.time))
        let score = try required(.riskScore, try number(.riskScore))
        let add = try number(.factorAdd) ?? 0
        let mult = try number(.factorMult) ?? 1
        let calculated = try number(.calculatedRiskScore) ?? (score + add) * mult
        guard RiskArithmetic.holds(score: score, add: add, mult: mult, calculated: calculated) else {
            guard calculated.isFinite else { throw ImportReject(.notFinite, "the calculated score is not finite") }
            throw .badMember(
                EventMember.calculatedRiskScore.name, "is not (risk_score + risk_factor_add) x risk_factor_mult")
        }
        for member in [EventMember.searchName, .riskObject, .riskObjectType] where !has(member) {
            throw .badMember(member.name, "is missing")
        }
        for member in [
            EventMember.searchName, .ruleID, .attackVersion, .entityField, .riskObject, .riskObjectType, .entityZone,
            .entityHost, .normalizedRiskObject, .normalizationReason, .message,
        ] where has(member) && token(member).kind != .string {
            throw .badMember(member.name, "is no text")
        }
        if has(.analyticStories) { _ = try lists(.analyticStories, .list) }
        if has(.annotations) { _ = try lists(.annotations, .lists(minimum: 1, maximum: .max)) }
        _ = try count(.ruleVersion)
        return Checked(
            firing: try key(.firing), timeMicroseconds: time, indexTimeMicroseconds: try self.time(.indexTime),
            windowStartMicroseconds: try self.time(.windowStart), windowEndMicroseconds: try self.time(.windowEnd),
            searchTimeMicroseconds: try self.time(.searchTime) ?? time, riskScore: score, riskFactorAdd: add,
            riskFactorMult: mult, calculatedRiskScore: calculated,
            contributingEventCount: try count(.contributingEventCount) ?? 0,
            factors: try has(.factors) ? factors() : nil,
            threatObjects: try lists(.threatObjects, .lists(minimum: 2, maximum: 2)) ?? .empty,
            fields: try lists(.fields, .lists(minimum: 2, maximum: .max)) ?? .empty)
    }

    private func factors() throws(ImportReject) -> ListSource {
        let lists = try lists(.factors, .lists(minimum: 0, maximum: .max)) ?? .empty
        let isPair = lists.withBytes(in: line) { ListText.isLists($0, minimumLength: 0, count: 2) }
        guard isPair else { throw .badMember(EventMember.factors.name, "is not two lists of names") }
        return lists
    }

    private func has(_ member: EventMember) -> Bool { found[member.rawValue] > 0 }
    private func token(_ member: EventMember) -> JSONToken { tokens[Int(found[member.rawValue])] }

    private func source(_ member: EventMember) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: line[token(member).range])
    }

    private func required<Value>(_ member: EventMember, _ value: Value?) throws(ImportReject) -> Value {
        guard let value else { throw .badMember(member.name, "is missing") }
        return value
    }

    private func key(_ member: EventMember) throws(ImportReject) -> UnsafeRawBufferPointer {
        guard has(member) else { throw .badMember(member.name, "is missing") }
        guard token(member).kind == .string, ExchangeLine.isKey(source(member)) else {
            throw .badMember(member.name, "is no key of 64 hex digits")
        }
        return source(member)
    }

    private func time(_ member: EventMember) throws(ImportReject) -> Int64? {
        guard has(member) else { return nil }
        return try ExchangeLine.time(line, token(member), member.name)
    }

    private func count(_ member: EventMember) throws(ImportReject) -> Int64? {
        guard has(member) else { return nil }
        guard token(member).kind == .number, let count = LineText.integer(source(member)), count >= 0,
            count <= Int64(Int32.max)
        else {
            throw .badMember(member.name, "is no count")
        }
        return count
    }

    private func number(_ member: EventMember) throws(ImportReject) -> Double? {
        guard has(member) else { return nil }
        return try ExchangeLine.double(line, token(member), member.name)
    }

    private func lists(_ member: EventMember, _ form: ExchangeTable.Form) throws(ImportReject) -> ListSource? {
        guard has(member) else { return nil }
        return try ListSource.read(line, token(member), member.name, form)
    }
}

// MARK: What a checked line holds

extension EventLine {
    func appendRule(to bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        for member in [EventMember.searchName, .ruleID, .attackVersion] { appendShared(member, to: &bytes) }
        let version = has(.ruleVersion) ? LineText.integer(source(.ruleVersion)) ?? 0 : 0
        withUnsafeBytes(of: version) { SharedText.append($0, to: &bytes) }
        for (member, form) in [
            (EventMember.analyticStories, ExchangeTable.Form.list),
            (.annotations, .lists(minimum: 1, maximum: .max)),
        ] {
            let source = try? lists(member, form)
            (source ?? .empty).withBytes(in: line) { SharedText.append($0, to: &bytes) }
        }
    }

    func appendRiskObject(to bytes: inout [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        for member in [
            EventMember.riskObject, .riskObjectType, .entityZone, .entityHost, .normalizedRiskObject,
            .normalizationReason,
        ] { appendShared(member, to: &bytes, isAbsentKept: member == .normalizedRiskObject) }
    }

    private func appendShared(_ member: EventMember, to bytes: inout [UInt8], isAbsentKept: Bool = false) {
        guard has(member) else {
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            return SharedText.append(isAbsentKept ? nil : none, to: &bytes)
        }
        guard token(member).hasEscapes else { return SharedText.append(source(member), to: &bytes) }
        var stored: [UInt8] = []
        LineText.appendStored(source(member), to: &stored)
        stored.withUnsafeBytes { SharedText.append($0, to: &bytes) }
    }

    func event(
        _ checked: Checked, rule: UInt32, riskObject: UInt32, firing: UInt32, threats: Range<Int>,
        arena: inout [UInt8]
    ) -> ImportEvent {
        let message = slice(.message, &arena)
        return ImportEvent(
            key: slice(.key, &arena), keyOrder: KeyOrder.of(source(.key)), firing: firing, rule: rule,
            riskObject: riskObject, timeMicroseconds: checked.timeMicroseconds,
            indexTimeMicroseconds: checked.indexTimeMicroseconds,
            windowStartMicroseconds: checked.windowStartMicroseconds,
            windowEndMicroseconds: checked.windowEndMicroseconds,
            searchTimeMicroseconds: checked.searchTimeMicroseconds, entityField: slice(.entityField, &arena),
            riskScore: checked.riskScore, riskFactorAdd: checked.riskFactorAdd,
            riskFactorMult: checked.riskFactorMult, factors: slice(checked.factors ?? Self.noFactors, &arena),
            calculatedRiskScore: checked.calculatedRiskScore, message: message,
            messageHash: arena.withUnsafeBytes { MessageHash.ofStored(message.bytes(in: $0)) },
            contributingEventCount: checked.contributingEventCount, fields: slice(checked.fields, &arena),
            threatStart: threats.lowerBound, threatCount: threats.count)
    }

    private static let noFactors = ListSource.made(Array("[[],[]]".utf8))

    private func slice(_ member: EventMember, _ arena: inout [UInt8]) -> ByteSlice {
        let start = arena.count
        if has(member) {
            if token(member).hasEscapes {
                LineText.appendStored(source(member), to: &arena)
            } else {
                arena.append(contentsOf: source(member))
            }
        }
        return ByteSlice(start: UInt32(start), count: UInt32(arena.count - start))
    }

    private func slice(_ list: ListSource, _ arena: inout [UInt8]) -> ByteSlice {
        let start = arena.count
        list.withBytes(in: line) { arena.append(contentsOf: $0) }
        return ByteSlice(start: UInt32(start), count: UInt32(arena.count - start))
    }
}
