public import Columns
public import Formats

/// Takes events through the index-time rules of their sourcetypes, between reading and searching.
///
/// A sourcetype's own rules run, also where one of them gives the event another sourcetype, as in Splunk. Not Sendable:
/// one per thread.
public final class EventIndexing {
    private let addons: AddonSet
    private let zone: TimeZoneRules
    private let nowMicroseconds: Int64
    private var rules: [EventOrigin: IndexTimeRules?] = [:]

    /// Envelopes may name any number of hosts and sources.
    private static let maximumOrigins = 4_096

    /// - Parameter zone: of timestamps that name none, where the sourcetype has no `TZ`.
    public init(_ addons: AddonSet, zone: TimeZoneRules, nowMicroseconds: Int64) {
        self.addons = addons
        self.zone = zone
        self.nowMicroseconds = nowMicroseconds
    }

    /// The events that are left, in their order, and how many a `nullQueue` took.
    public func indexed(_ events: EventBatch) -> (events: EventBatch, droppedCount: Int) {
        let rules = events.origins.map { self.rules(of: $0) }
        guard rules.contains(where: { $0 != nil }) else { return (events, 0) }
        var output = IndexedEvents(events)
        for event in 0..<events.count {
            let origin = events.originOfEvent.isEmpty ? 0 : Int(events.originOfEvent[event])
            if let rules = rules[origin] { add(event, rules, to: &output) } else { output.keep(event) }
        }
        return (output.batch(), events.count - output.count)
    }

    private func rules(of origin: EventOrigin) -> IndexTimeRules? {
        if let known = rules[origin] { return known }
        if rules.count >= Self.maximumOrigins { rules.removeAll() }
        let made = addons.cache.indexing(addons, origin)
        rules[origin] = made
        return made
    }

    private func add(_ event: Int, _ rules: IndexTimeRules, to output: inout IndexedEvents) {
        let text = output.source.text(of: event)
        let kept = rules.kept(text)
        guard rules.rewrites || kept == nil else {
            output.keep(event, prefix: kept)
            return
        }
        let raw = kept.map { Array(text.prefix($0)) } ?? rules.cutLines(text)
        let origin = output.source.origin(of: event)
        var changed = EventInIndexing(raw: raw, origin: origin, fields: output.source.envelopeFields[event] ?? [])
        rules.apply(to: &changed)
        guard !changed.isDropped else { return }
        var time = output.source.envelopeTime(of: event)
        if time == nil, changed.origin != origin || changed.raw != raw {
            let parsed = raw.withUnsafeBytes {
                rules.timestamps.parse($0, zone: zone, referenceMicroseconds: nowMicroseconds)
            }
            time = rules.timestamps.isTimeOfReading ? nowMicroseconds : parsed?.microseconds
        }
        output.add(event, changed, isRewritten: kept == nil || changed.raw != raw, prefix: kept, time: time)
    }
}

/// The events of a batch after indexing.
private struct IndexedEvents {
    let source: EventBatch
    private enum Piece {
        case range(Range<Int>)
        case text([UInt8])
    }

    private var pieces: [Piece] = []
    private var isRewritten = false
    private var origins: [EventOrigin] = []
    private var numbers: [EventOrigin: UInt32] = [:]
    private var originOfEvent: [UInt32] = []
    private var times: [Int64?] = []
    private var fields: [Int: [(name: String, value: Value)]] = [:]
    private var headerOfEvent: [UInt32] = []

    init(_ source: EventBatch) { self.source = source }

    var count: Int { pieces.count }

    /// - Parameter prefix: how much of the text stays; nil for all.
    mutating func keep(_ event: Int, prefix: Int? = nil) {
        add(
            .range(kept(event, prefix)), event, source.origin(of: event), source.envelopeTime(of: event),
            source.envelopeFields[event])
    }

    mutating func add(_ event: Int, _ changed: EventInIndexing, isRewritten: Bool, prefix: Int?, time: Int64?) {
        if isRewritten { self.isRewritten = true }
        add(
            isRewritten ? .text(changed.raw) : .range(kept(event, prefix)), event, changed.origin, time,
            changed.fields.isEmpty ? nil : changed.fields)
    }

    private func kept(_ event: Int, _ prefix: Int?) -> Range<Int> {
        let range = source.ranges[event]
        return range.lowerBound..<min(range.upperBound, range.lowerBound + (prefix ?? range.count))
    }

    private mutating func add(
        _ piece: Piece, _ event: Int, _ origin: EventOrigin, _ time: Int64?, _ given: [(name: String, value: Value)]?
    ) {
        if let given { fields[pieces.count] = given }
        pieces.append(piece)
        if let known = numbers[origin] {
            originOfEvent.append(known)
        } else {
            numbers[origin] = UInt32(origins.count)
            originOfEvent.append(UInt32(origins.count))
            origins.append(origin)
        }
        times.append(time)
        if !source.headerOfEvent.isEmpty { headerOfEvent.append(source.headerOfEvent[event]) }
    }

    func batch() -> EventBatch {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(pieces.count)
        var buffer = source.buffer
        if isRewritten {
            let capacity = pieces.reduce(0) { size, piece in
                switch piece {
                case .range(let range): size + range.count + 1
                case .text(let text): size + text.count + 1
                }
            }
            buffer = ByteBuffer(capacity: capacity) { room in
                var used = 0
                for piece in pieces {
                    let start = used
                    switch piece {
                    case .range(let range):
                        UnsafeMutableRawBufferPointer(rebasing: room[used...]).copyBytes(
                            from: source.buffer.slice(range))
                        used += range.count
                    case .text(let text):
                        UnsafeMutableRawBufferPointer(rebasing: room[used...]).copyBytes(from: text)
                        used += text.count
                    }
                    ranges.append(start..<used)
                    room[used] = 0x0A
                    used += 1
                }
                return used
            }
        } else {
            for case .range(let range) in pieces { ranges.append(range) }
        }
        return EventBatch(
            buffer: buffer, ranges: ranges, origins: origins.isEmpty ? source.origins : origins,
            originOfEvent: origins.count > 1 ? originOfEvent : [],
            envelopeTimes: times.contains { $0 != nil } ? times : [], envelopeFields: fields,
            headers: source.headers, headerOfEvent: headerOfEvent)
    }
}
