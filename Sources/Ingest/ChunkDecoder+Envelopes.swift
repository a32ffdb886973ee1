import Columns
import Formats

extension ChunkDecoder {
    /// The events inside the envelopes, in a buffer of their own.
    func envelopedEvents(_ records: inout RecordList) -> EventBatch {
        let input = records.chunk.input
        var events = EnvelopedEvents(input)
        let capacity = records.ranges.reduce(0) { $0 + $1.count }
        let buffer = ByteBuffer(capacity: capacity) { room in
            var used = 0
            records.keep { record, list in
                let text = UnsafeRawBufferPointer(rebasing: list.text[list.ranges[record]])
                do throws(EnvelopeFault) {
                    let envelope = try self.envelope(text)
                    let rest = UnsafeMutableRawBufferPointer(rebasing: room[used...])
                    used += try events.append(envelope, text, at: used, into: rest)
                    return true
                } catch {
                    list.reject(record, error.code, error.cause)
                    return false
                }
            }
            return used
        }
        return events.batch(buffer)
    }

    private func envelope(_ text: UnsafeRawBufferPointer) throws(EnvelopeFault) -> Envelope {
        guard let tokens = try? parser.tokens(of: text, maxLevel: 1), let envelope = Envelope(tokens, text) else {
            throw EnvelopeFault(.noEvent, "envelope without 'raw' or 'event'")
        }
        return envelope
    }
}

/// Why an envelope is refused.
struct EnvelopeFault: Error {
    var code: RejectedRecord.Code
    var cause: String

    init(_ code: RejectedRecord.Code, _ cause: String) {
        self.code = code
        self.cause = cause
    }
}

/// Gathers what is in the envelopes of one chunk.
private struct EnvelopedEvents {
    let input: InputDescription
    private var ranges: [Range<Int>] = []
    private var table = OriginTable()
    private var times: [Int64?] = []
    private var fields: [Int: [(name: String, value: Value)]] = [:]

    init(_ input: InputDescription) { self.input = input }

    /// - Returns: the bytes written into `room`, which starts at `offset` of the new buffer.
    mutating func append(
        _ envelope: Envelope, _ text: UnsafeRawBufferPointer, at offset: Int, into room: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeFault) -> Int {
        let token = envelope.eventToken
        let source = UnsafeRawBufferPointer(rebasing: text[token.range])
        guard token.kind != .null, !source.isEmpty else { throw EnvelopeFault(.noEvent, "empty event") }
        let time = try time(envelope, text)
        var indexedFields: [(name: String, value: Value)] = []
        if let token = envelope.fields { indexedFields = try self.indexedFields(token, text) }
        let count: Int
        if token.kind == .string, token.hasEscapes {
            count = JSONText.decode(source, into: room).byteCount
        } else {
            room.copyBytes(from: source)
            count = source.count
        }
        if !indexedFields.isEmpty { fields[ranges.count] = indexedFields }
        table.append(origin(envelope, text))
        times.append(time)
        ranges.append(offset..<offset + count)
        return count
    }

    func batch(_ buffer: ByteBuffer) -> EventBatch {
        EventBatch(
            buffer: buffer, ranges: ranges, origins: table.origins.isEmpty ? [input.origin] : table.origins,
            originOfEvent: table.origins.count > 1 ? table.originOfEvent : [],
            envelopeTimes: times.contains { $0 != nil } ? times : [], envelopeFields: fields)
    }

    private func time(_ envelope: Envelope, _ text: UnsafeRawBufferPointer) throws(EnvelopeFault) -> Int64? {
        guard let token = envelope.time, token.kind != .null else { return nil }
        let source = UnsafeRawBufferPointer(rebasing: text[token.range])
        if token.kind == .string, source.isEmpty { return nil }
        guard token.kind == .number || token.kind == .string, let time = EnvelopeTime.microseconds(source) else {
            throw EnvelopeFault(.badEnvelope, "'time' is not epoch seconds")
        }
        return time
    }

    private func origin(_ envelope: Envelope, _ text: UnsafeRawBufferPointer) -> EventOrigin {
        var origin = input.origin
        if input.forced.sourcetype == nil {
            if let named = string(envelope.origin[.sourcetype], text) {
                origin.sourcetype = named
            } else if input.sourcetypeIsDefault, envelope.eventToken.kind == .string {
                origin.sourcetype = InputForm.text.defaultSourcetype
            }
        }
        if input.forced.source == nil, let named = string(envelope.origin[.source], text) { origin.source = named }
        if input.forced.host == nil, let named = string(envelope.origin[.host], text) { origin.host = named }
        if let named = string(envelope.origin[.index], text) { origin.index = named }
        return origin
    }

    /// The text of a string or number; nil for the empty string, which names nothing.
    private func string(_ token: JSONToken?, _ text: UnsafeRawBufferPointer) -> String? {
        guard let token, token.kind == .string || token.kind == .number, !token.range.isEmpty else { return nil }
        let source = UnsafeRawBufferPointer(rebasing: text[token.range])
        guard token.hasEscapes else { return String(decoding: source, as: UTF8.self) }
        return String(decoding: JSONText.decoded(source), as: UTF8.self)
    }

    /// HEC's `fields`: an object of scalars and arrays of scalars; nulls are left out.
    private func indexedFields(
        _ token: JSONToken, _ text: UnsafeRawBufferPointer
    ) throws(EnvelopeFault) -> [(name: String, value: Value)] {
        if token.kind == .null { return [] }
        let source = UnsafeRawBufferPointer(rebasing: text[token.range])
        guard token.kind == .object, let value = try? JSONValue.parse(source), case .object(let members) = value else {
            throw EnvelopeFault(.badEnvelope, "'fields' is not an object")
        }
        var fields: [(name: String, value: Value)] = []
        for member in members {
            guard let value = fieldValue(member.value) else {
                throw EnvelopeFault(.badEnvelope, "'fields' holds an object")
            }
            if !value.isNull { fields.append((member.key.string, value)) }
        }
        return fields
    }

    private func fieldValue(_ value: JSONValue) -> Value? {
        switch value {
        case .null: return .null
        case .boolean(let flag): return .text(flag ? "true" : "false")
        case .number(let text), .string(let text): return .text(text)
        case .array(let elements):
            let values = elements.map(fieldValue)
            return values.contains { $0 == nil } ? nil : .list(values.compactMap { $0 })
        case .object: return nil
        }
    }
}
