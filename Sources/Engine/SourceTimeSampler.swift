import Columns
import Fields

/// From when to when the events of each sourcetype are, read off a few of each chunk's events: the first, the last, and
/// some between. To read the time of every event would cost more than all rules do. Logs are written in order of time or
/// nearly so, hence the range is right or a little too narrow, and never too wide.
///
/// One a thread.
final class SourceTimeSampler {
    private let environment: ScanEnvironment
    private var decoders: [EventOrigin: EventDecoder] = [:]

    /// Of one sourcetype in one chunk.
    static let sampledEvents = 4
    /// In one chunk; envelopes may name any number.
    static let sampledSourcetypes = 64
    private static let maximumDecoders = 1_024

    init(_ environment: ScanEnvironment) { self.environment = environment }

    /// UTC microseconds, both inclusive, by sourcetype; without those whose sampled events have no time.
    func ranges(of events: EventBatch) throws -> [String: ClosedRange<Int64>] {
        var ranges: [String: ClosedRange<Int64>] = [:]
        for (sourcetype, rows) in Self.samples(of: events) {
            for row in rows {
                let origin = events.originOfEvent.isEmpty ? 0 : Int(events.originOfEvent[row])
                guard let time = try decoder(events.origins[origin]).times(events, rows: [row])[0] else { continue }
                ranges.extend(sourcetype, by: time...time)
            }
        }
        return ranges
    }

    /// Rows of each sourcetype, ascending, by first appearance.
    private static func samples(of events: EventBatch) -> [(sourcetype: String, rows: [Int])] {
        guard events.count > 0 else { return [] }
        if events.originOfEvent.isEmpty {
            return [(events.origins[0].sourcetype, spread(events.count))]
        }
        var sourcetypes: [String] = []
        var numbers: [String: Int] = [:]
        let numberOfOrigin = events.origins.map { origin in
            let number = numbers[origin.sourcetype] ?? sourcetypes.count
            if number == sourcetypes.count { sourcetypes.append(origin.sourcetype) }
            numbers[origin.sourcetype] = number
            return number
        }
        let count = min(sourcetypes.count, sampledSourcetypes)
        var rows = [[Int]](repeating: [], count: count)
        for (row, origin) in events.originOfEvent.enumerated() {
            let number = numberOfOrigin[Int(origin)]
            if number < count { rows[number].append(row) }
        }
        return (0..<count).map { number in
            (sourcetypes[number], rows[number].isEmpty ? [] : spread(rows[number].count).map { rows[number][$0] })
        }
    }

    /// The first and the last of `count`, and others evenly between.
    private static func spread(_ count: Int) -> [Int] {
        guard count > sampledEvents else { return Array(0..<count) }
        return (0..<sampledEvents).map { $0 * (count - 1) / (sampledEvents - 1) }
    }

    private func decoder(_ origin: EventOrigin) throws -> EventDecoder {
        if let known = decoders[origin] { return known }
        if decoders.count >= Self.maximumDecoders { decoders.removeAll() }
        let made = try EventDecoder(
            addons: environment.addons, origin: origin, needed: FieldSet(names: ["_time"]), zone: environment.zone,
            search: environment.search)
        decoders[origin] = made
        return made
    }
}

extension [String: ClosedRange<Int64>] {
    mutating func extend(_ key: String, by range: ClosedRange<Int64>) {
        guard let known = self[key] else {
            self[key] = range
            return
        }
        self[key] = Swift.min(known.lowerBound, range.lowerBound)...Swift.max(known.upperBound, range.upperBound)
    }
}
