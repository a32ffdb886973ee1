// Envelopes: JSON objects that carry an event and say where it came from.
//
// HEC: {"time","host","source","sourcetype","index","event","fields"}, the event text or any JSON value.
// Source: Splunk "Format events for HTTP Event Collector".
// Raw: {"sourcetype","source","host","time","raw"}, the event's exact text; other members are ignored.

import Columns
import Formats

/// One record taken apart; ranges are into the record's text.
struct Envelope {
    var eventToken: JSONToken
    var origin: [Member: JSONToken] = [:]
    var time: JSONToken?
    var fields: JSONToken?

    enum Member: Hashable {
        case sourcetype, source, host, index
    }

    /// - Parameter tokens: of the record, one level deep.
    /// - Returns: nil where the record is neither kind of envelope.
    init?(_ tokens: [JSONToken], _ text: UnsafeRawBufferPointer) {
        guard tokens.first?.kind == .object else { return nil }
        var raw: JSONToken?
        var event: JSONToken?
        var hasForeignMember = false
        var next = 1
        while next + 1 < tokens.count {
            let key = tokens[next], value = tokens[next + 1]
            next += value.kind == .object || value.kind == .array ? 3 : 2
            switch Self.name(key, text) {
            case "raw": if value.kind == .string { raw = value }
            case "event": event = value
            case "time": time = value
            case "fields": fields = value
            case "sourcetype": origin[.sourcetype] = value
            case "source": origin[.source] = value
            case "host": origin[.host] = value
            case "index": origin[.index] = value
            default: hasForeignMember = true
            }
        }
        if let raw, origin[.sourcetype] != nil || origin[.source] != nil {
            eventToken = raw
        } else if let event, !hasForeignMember, raw == nil {
            // Foreign members mean that `event` is a field of an ordinary record.
            eventToken = event
        } else {
            return nil
        }
    }

    /// Whether an object may go on to be an envelope: it names a sourcetype or a source, and holds nothing foreign.
    static func mayBegin(_ tokens: [JSONToken], _ text: UnsafeRawBufferPointer) -> Bool {
        guard tokens.first?.kind == .object else { return false }
        var namesOrigin = false
        var next = 1
        while next + 1 < tokens.count {
            let value = tokens[next + 1]
            switch name(tokens[next], text) {
            case "sourcetype", "source": namesOrigin = true
            case "host", "index", "time", "fields", "event", "raw", "file": break
            default: return false
            }
            next += value.kind == .object || value.kind == .array ? 3 : 2
        }
        return namesOrigin
    }

    private static func name(_ key: JSONToken, _ text: UnsafeRawBufferPointer) -> String {
        guard !key.hasEscapes, key.range.count <= 10 else { return "" }
        return String(decoding: text[key.range], as: UTF8.self)
    }
}

enum EnvelopeTime {
    /// Epoch seconds as microseconds, rounded to the nearest; nil where the text is no number or no time of the years
    /// 0 to 9999.
    static func microseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
        var at = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative { at = 1 }
        var seconds: Int64 = 0
        let wholeStart = at
        while at < text.count, text[at] &- 0x30 < 10 {
            guard at - wholeStart < 12 else { return nil }
            seconds = seconds * 10 + Int64(text[at] &- 0x30)
            at += 1
        }
        guard at > wholeStart else { return nil }
        var fraction: Int64 = 0
        if at < text.count, text[at] == UInt8(ascii: ".") {
            let start = at + 1
            at = start
            while at < text.count, text[at] &- 0x30 < 10 {
                if at - start < 6 { fraction = fraction * 10 + Int64(text[at] &- 0x30) }
                if at - start == 6, text[at] >= UInt8(ascii: "5") { fraction += 1 }
                at += 1
            }
            for _ in min(6, at - start)..<6 { fraction *= 10 }
        }
        if at < text.count {
            guard let number = NumberText.parse(Array(text)), abs(number) < 1e12 else { return nil }
            return inRange(Int64((number * 1e6).rounded()))
        }
        let microseconds = seconds * 1_000_000 + fraction
        return inRange(isNegative ? -microseconds : microseconds)
    }

    private static func inRange(_ microseconds: Int64) -> Int64? {
        (-62_167_219_200_000_000..<253_402_300_800_000_000).contains(microseconds) ? microseconds : nil
    }
}
