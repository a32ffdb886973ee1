import Columns
import Fields
import Formats
import Matching
import Search

/// Takes chunks of events through all requests: words, then fields, then the predicate. One per thread.
final class ChunkWorker {
    private let requests: [ScanRequest]
    private let plan: LiteralPlan
    private let scanner: LiteralScanner?
    private let environment: ScanEnvironment

    private struct OriginKey: Hashable {
        var origin: EventOrigin
        var request: Int
    }

    /// How one request reads events of one origin; nil when none of them can satisfy it.
    private struct OriginReader {
        var decoder: EventDecoder
        var clauses: [[Int]]
    }

    private var readers: [OriginKey: OriginReader?] = [:]
    /// Envelopes may name any number of hosts and sources; their readers are thrown away when there are too many.
    private static let maximumReaders = 4_096

    init(_ requests: [ScanRequest], _ plan: LiteralPlan, _ environment: ScanEnvironment) throws {
        self.requests = requests
        self.plan = plan
        self.environment = environment
        scanner = plan.isEmpty ? nil : try plan.makeScanner()
    }

    func scan(_ events: EventBatch, sequence: Int, into collectors: [MatchCollector]) throws {
        guard events.count > 0 else { return }
        let hits = try scanner.map { try plan.hits(in: events, $0) }
        let groups = events.rowsByOrigin
        for (index, request) in requests.enumerated() {
            for (origin, rows) in groups {
                guard let reader = try reader(origin, index) else { continue }
                let candidates: [Int]
                if let hits, !reader.clauses.isEmpty {
                    // A field that the envelope gave stands nowhere in the event's text.
                    candidates = rows.filter {
                        hits.satisfies(reader.clauses, $0) || events.envelopeFields[$0] != nil
                    }
                } else {
                    candidates = rows
                }
                guard !candidates.isEmpty else { continue }
                collectors[index].add(
                    try matches(request, reader, events, candidates, origin: origin, sequence: sequence))
            }
        }
    }

    private func matches(
        _ request: ScanRequest, _ reader: OriginReader, _ events: EventBatch, _ candidates: [Int],
        origin: EventOrigin, sequence: Int
    ) throws -> ChunkMatches {
        let batch = try reader.decoder.decode(events, rows: candidates)
        let keep = request.event.predicate.evaluate(batch)
        let timeColumn = batch.column("_time")
        var rows: [Int] = []
        var times: [Int64] = []
        for row in 0..<batch.rowCount where keep[row] {
            let time = timeColumn?[row].numeric.map { Int64(($0 * 1_000_000).rounded()) }
            let isBounded = request.range.earliest != nil || request.range.latest != nil
            guard time.map({ request.range.contains($0) }) ?? !isBounded else { continue }
            rows.append(row)
            times.append(time ?? .min)
        }
        let texts = rows.map { events.text(of: candidates[$0]) }
        return ChunkMatches(
            sequence: sequence, batch: batch.gathered(rows), times: times, digests: texts.map { TextDigest($0) },
            texts: request.keepsText ? texts.map { Array($0) } : [], origins: [origin],
            originOfRow: [UInt32](repeating: 0, count: rows.count))
    }

    private func reader(_ origin: EventOrigin, _ index: Int) throws -> OriginReader? {
        let key = OriginKey(origin: origin, request: index)
        if let known = readers[key] { return known }
        if readers.count >= Self.maximumReaders { readers.removeAll() }
        let made = try makeReader(origin, index)
        readers[key] = made
        return made
    }

    private func makeReader(_ origin: EventOrigin, _ index: Int) throws -> OriginReader? {
        let request = requests[index]
        guard environment.mayMatch(request, origin) else { return nil }
        var needed = request.needed
        needed.insert("_time")
        let decoder = try EventDecoder(
            addons: environment.addons, origin: origin, needed: needed, zone: environment.zone,
            search: environment.search)
        let isPlain = EventDecoder.plainFields(environment.addons, origin)
        return OriginReader(decoder: decoder, clauses: plan.clauses(of: index, isPlain: isPlain))
    }
}

extension EventBatch {
    /// The events of each origin, in order; origins without events are left out.
    var rowsByOrigin: [(EventOrigin, [Int])] {
        if originOfEvent.isEmpty { return count > 0 ? [(origins[0], Array(0..<count))] : [] }
        var rows = [[Int]](repeating: [], count: origins.count)
        for (event, origin) in originOfEvent.enumerated() { rows[Int(origin)].append(event) }
        return zip(origins, rows).filter { !$1.isEmpty }
    }
}
