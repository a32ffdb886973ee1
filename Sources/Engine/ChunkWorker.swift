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
    private let stopwatch: Stopwatch?

    /// How events of one origin are read, for all requests that they may satisfy: their fields are extracted once.
    private struct OriginReader {
        var decoder: EventDecoder
        var members: [Member]
    }

    private struct Member {
        var request: Int
        var needed: FieldSet
        var clauses: [[Int]]
    }

    private var readers: [EventOrigin: OriginReader?] = [:]
    /// Envelopes may name any number of hosts and sources; their readers are thrown away when there are too many.
    private static let maximumReaders = 1_024

    init(
        _ requests: [ScanRequest], _ plan: LiteralPlan, _ environment: ScanEnvironment, stopwatch: Stopwatch? = nil
    ) throws {
        self.requests = requests
        self.plan = plan
        self.environment = environment
        self.stopwatch = stopwatch
        scanner = plan.isEmpty ? nil : try plan.makeScanner()
    }

    func scan(_ events: EventBatch, sequence: Int, into collectors: [MatchCollector]) throws {
        guard events.count > 0 else { return }
        let hits = try scanner.map { try plan.hits(in: events, $0) }
        for (origin, rows) in events.rowsByOrigin {
            guard let reader = try reader(origin) else { continue }
            var shares: [(member: Member, candidates: [Int])] = []
            for member in reader.members {
                let candidates = candidates(member, rows, events, hits)
                if !candidates.isEmpty { shares.append((member, candidates)) }
            }
            guard !shares.isEmpty else { continue }
            // Position of an event among those that are decoded; -1 where no request wants it.
            var positions = [Int](repeating: -1, count: events.count)
            for share in shares { for row in share.candidates { positions[row] = 0 } }
            let decoded = rows.filter { positions[$0] == 0 }
            for (position, row) in decoded.enumerated() { positions[row] = position }
            let batch = try reader.decoder.decode(events, rows: decoded)
            for (member, candidates) in shares {
                var own = batch.selecting(batch.names.filter { member.needed.contains($0) })
                if candidates.count < decoded.count { own = own.gathered(candidates.map { positions[$0] }) }
                let start = stopwatch?() ?? 0
                let matches = matches(
                    requests[member.request], own, events, candidates, origin: origin, sequence: sequence)
                collectors[member.request].add(
                    matches,
                    ScanEffort(
                        candidateCount: candidates.count,
                        candidateBytes: candidates.reduce(0) { $0 + events.ranges[$1].count },
                        nanoseconds: (stopwatch?() ?? 0) - start))
            }
        }
    }

    private func candidates(
        _ member: Member, _ rows: [Int], _ events: EventBatch, _ hits: LiteralPlan.Hits?
    ) -> [Int] {
        guard let hits, !member.clauses.isEmpty else { return rows }
        // A field that the envelope gave stands nowhere in the event's text.
        return rows.filter { hits.satisfies(member.clauses, $0) || events.envelopeFields[$0] != nil }
    }

    /// - Parameter batch: the fields of `candidates` that the request needs.
    private func matches(
        _ request: ScanRequest, _ batch: Batch, _ events: EventBatch, _ candidates: [Int], origin: EventOrigin,
        sequence: Int
    ) -> ChunkMatches {
        let keep = request.event.predicate.evaluate(batch)
        let timeColumn = batch.column("_time")
        var rows: [Int] = []
        var times: [Int64] = []
        for row in 0..<batch.rowCount where keep[row] {
            let time = timeColumn?[row].numeric.map { Int64(($0 * 1_000_000).rounded()) }
            let isBounded = request.range.earliest != nil || request.range.latest != nil
            guard time.map({ request.range.contains($0) }) ?? !isBounded else { continue }
            rows.append(row)
            times.append(time ?? MatchedEvents.noTime)
        }
        let texts = rows.map { events.text(of: candidates[$0]) }
        return ChunkMatches(
            sequence: sequence, batch: batch.gathered(rows), times: times,
            digests: texts.map { TextDigest($0) }, texts: request.keepsText ? texts.map { Array($0) } : [],
            origins: [origin], originOfRow: [UInt32](repeating: 0, count: rows.count))
    }

    private func reader(_ origin: EventOrigin) throws -> OriginReader? {
        if let known = readers[origin] { return known }
        if readers.count >= Self.maximumReaders { readers.removeAll() }
        let made = try makeReader(origin)
        readers[origin] = made
        return made
    }

    /// - Returns: nil where no request can be satisfied by events of this origin.
    private func makeReader(_ origin: EventOrigin) throws -> OriginReader? {
        var members: [Member] = []
        var needed = FieldSet(names: ["_time"])
        let isPlain = EventDecoder.plainFields(environment.addons, origin)
        let originRow = environment.originRow(origin)
        for (index, request) in requests.enumerated() where environment.mayMatch(request, originRow) {
            var own = request.needed
            own.insert("_time")
            needed.formUnion(own)
            members.append(
                Member(request: index, needed: own, clauses: plan.clauses(of: index, isPlain: isPlain)))
        }
        guard !members.isEmpty else { return nil }
        let decoder = try EventDecoder(
            addons: environment.addons, origin: origin, needed: needed, zone: environment.zone,
            search: environment.search)
        return OriginReader(decoder: decoder, members: members)
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
