import Columns
import Fields
import Formats
import Matching
import Search

/// Takes chunks of events through all requests: words, then fields, then the predicate. One per thread.
final class ChunkWorker {
    private let requests: [ScanRequest]
    private var plan: LiteralPlan
    private var scanner: LiteralScanner?
    private let tuning: LiteralTuning?
    private var isTuned = false
    private let environment: ScanEnvironment
    private let stopwatch: Stopwatch?

    /// How events of one origin are read, for all requests that they may satisfy: their fields are extracted once.
    private struct OriginReader {
        var decoder: EventDecoder
        var members: [Member]
        /// Tells of the fields that stand in the text as they are.
        var isPlain: @Sendable (String) -> Bool
        var literals: LiteralIndex
    }

    private struct Member {
        var request: Int
        var needed: FieldSet
    }

    private var readers: [EventOrigin: OriginReader?] = [:]
    /// Envelopes may name any number of hosts and sources; their readers are thrown away when there are too many.
    private static let maximumReaders = 1_024

    /// - Parameter scanner: of the plan; nil where it has no words.
    init(
        _ requests: [ScanRequest], _ plan: LiteralPlan, _ scanner: LiteralScanner?, _ environment: ScanEnvironment,
        tuning: LiteralTuning? = nil, stopwatch: Stopwatch? = nil
    ) {
        self.requests = requests
        self.plan = plan
        self.tuning = tuning
        self.environment = environment
        self.stopwatch = stopwatch
        self.scanner = scanner
    }

    func scan(_ events: EventBatch, sequence: Int, into collectors: [MatchCollector]) throws {
        guard events.count > 0 else { return }
        adoptTuning()
        let hits = try scanner.map { try plan.hits(in: events, $0) }
        for (origin, rows) in events.rowsByOrigin {
            guard let reader = try reader(origin) else { continue }
            // A field that the envelope gave stands nowhere in the event's text.
            let candidates = reader.literals.candidates(rows, hits) { events.envelopeFields[$0] != nil }
            let shares = zip(reader.members, candidates).filter { !$1.isEmpty }
            guard !shares.isEmpty else { continue }
            // Position of an event among those that are decoded; -1 where no request wants it.
            var positions = [Int](repeating: -1, count: events.count)
            for (_, candidates) in shares { for row in candidates { positions[row] = 0 } }
            let decoded = rows.filter { positions[$0] == 0 }
            for (position, row) in decoded.enumerated() { positions[row] = position }
            let batch = try reader.decoder.decode(events, rows: decoded)
            for (member, candidates) in shares {
                let start = stopwatch?() ?? 0
                let places = candidates.count < decoded.count ? candidates.map { positions[$0] } : nil
                let kept = requests[member.request].event.predicate.rows(of: batch, among: places)
                let matches =
                    kept.isEmpty
                    ? nil
                    : matches(member, batch, kept, events, decoded, origin: origin, sequence: sequence)
                collectors[member.request].add(
                    matches,
                    ScanEffort(
                        candidateCount: candidates.count,
                        candidateBytes: candidates.reduce(0) { $0 + events.ranges[$1].count },
                        nanoseconds: (stopwatch?() ?? 0) - start))
            }
        }
        if let hits, !isTuned { try tuning?.record(hits) { isPlain($1, of: $0) } }
    }

    private func adoptTuning() {
        guard !isTuned, let tuned = tuning?.tuned else { return }
        isTuned = true
        plan = tuned.plan
        scanner = tuned.scanner
        for (origin, reader) in readers {
            guard var reader else { continue }
            reader.literals = literals(reader.members, reader.isPlain)
            readers[origin] = reader
        }
    }

    private func literals(_ members: [Member], _ isPlain: (String) -> Bool) -> LiteralIndex {
        LiteralIndex(members.map { plan.clauses(of: $0.request, isPlain: isPlain) })
    }

    /// Whether the field is plain in all events that the request has looked at so far.
    private func isPlain(_ field: String, of request: Int) -> Bool {
        readers.values.allSatisfy { reader in
            guard let reader, reader.members.contains(where: { $0.request == request }) else { return true }
            return reader.isPlain(field)
        }
    }

    /// - Parameters:
    ///   - batch: fields of the events `decoded`, those that the request needs among them.
    ///   - kept: its rows that satisfy the request's predicate.
    private func matches(
        _ member: Member, _ batch: Batch, _ kept: [Int], _ events: EventBatch, _ decoded: [Int], origin: EventOrigin,
        sequence: Int
    ) -> ChunkMatches {
        let request = requests[member.request]
        let timeColumn = batch.column("_time")
        let isBounded = request.range.earliest != nil || request.range.latest != nil
        var rows: [Int] = []
        var times: [Int64] = []
        for row in kept {
            let time = timeColumn?[row].numeric.map { Int64(($0 * 1_000_000).rounded()) }
            guard time.map({ request.range.contains($0) }) ?? !isBounded else { continue }
            rows.append(row)
            times.append(time ?? MatchedEvents.noTime)
        }
        let texts = rows.map { events.text(of: decoded[$0]) }
        let own = batch.selecting(batch.names.filter { member.needed.contains($0) })
        return ChunkMatches(
            sequence: sequence, batch: own.keeping(rows), times: times,
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
            members.append(Member(request: index, needed: own))
        }
        guard !members.isEmpty else { return nil }
        let decoder = try EventDecoder(
            addons: environment.addons, origin: origin, needed: needed, zone: environment.zone,
            search: environment.search)
        return OriginReader(
            decoder: decoder, members: members, isPlain: isPlain, literals: literals(members, isPlain))
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
