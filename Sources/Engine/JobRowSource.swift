import Columns
import Formats
import RiskIndex
import SPL
import Search
import Synchronization

/// Brings rows to the searches of one job and their subsearches: events from one pass over the inputs for all that are
/// known beforehand, from a pass of its own for one that is made while a search runs (`map`); records of the index.
final class JobRowSource: RowSource {
    /// A request that was answered, and the events that satisfied it.
    struct Scanned: Sendable {
        var request: ScanRequest
        var events: MatchedEvents
    }

    private struct Part: Hashable {
        var revision: Int
        var range: TimeRange
    }

    private struct State {
        var scanned: [String: Scanned] = [:]
        var report: ScanReport?
        /// Sets of rows that were given out.
        var revisions = 0
        /// Parts of what was scanned, as the key of a source, its revision and a range have them.
        var parts: [Part: Int] = [:]
        var failure: (any Error)?
    }

    private let scan: @Sendable ([ScanRequest]) throws -> ([MatchedEvents], ScanReport?)
    private let index: @Sendable () throws -> RiskIndex
    private let state = Mutex(State())

    /// - Parameters:
    ///   - scan: reads the inputs for several requests at once.
    ///   - index: called for each search that reads the risk index.
    init(
        scan: @escaping @Sendable ([ScanRequest]) throws -> ([MatchedEvents], ScanReport?),
        index: @escaping @Sendable () throws -> RiskIndex
    ) {
        self.scan = scan
        self.index = index
    }

    /// What the first pass over the inputs found.
    var report: ScanReport? { state.withLock { $0.report } }

    /// What finding events took for all searches so far, and how many satisfied their requests.
    var effort: (scan: ScanEffort, matchedEventCount: Int) {
        state.withLock { state in
            state.scanned.values.reduce(into: (ScanEffort(), 0)) { sum, scanned in
                sum.0 += scanned.events.effort
                sum.1 += scanned.events.batch.rowCount
            }
        }
    }

    /// Why rows could not be brought, as it was thrown: a search only sees a diagnostic.
    var failure: (any Error)? { state.withLock { $0.failure } }

    /// Reads the inputs once for all these searches that read events. Searches that want the same events share them: they
    /// are read once, with the fields of all: hundreds of rules begin with the same dataset.
    ///
    /// - Parameter keepsText: asked per search whether the exact text of its events is wanted later.
    func prepare(
        _ searches: [(search: CompiledSearch, range: TimeRange)], keepsText: (CompiledSearch) -> Bool = { _ in false }
    ) throws {
        var requests: [ScanRequest] = []
        var numbers: [String: Int] = [:]
        for (search, range) in searches {
            guard let request = ScanRequest(search, range: range, keepsText: keepsText(search)) else { continue }
            if let number = numbers[search.sourceKey] {
                requests[number].formUnion(request)
            } else {
                numbers[search.sourceKey] = requests.count
                requests.append(request)
            }
        }
        guard !requests.isEmpty else { return }
        // A wider answer takes the place of an earlier one; what others wanted of that stays in it, or they would scan again.
        for (key, number) in numbers {
            if let known = state.withLock({ $0.scanned[key]?.request }) { requests[number].formUnion(known) }
        }
        let (events, report) = try scan(requests)
        state.withLock { state in
            for (key, number) in numbers {
                state.revisions += 1
                var events = events[number]
                events.revision = state.revisions
                state.scanned[key] = Scanned(request: requests[number], events: events)
            }
            state.report = state.report ?? report
        }
    }

    /// The events of a search in a range, with the fields that it needs; scanned now when that was not done before.
    func events(of search: CompiledSearch, range: TimeRange) throws -> MatchedEvents {
        let known = state.withLock { $0.scanned[search.sourceKey]?.request }
        if known.map({ !$0.range.covers(range) || !$0.needed.covers(search.needed) }) ?? true {
            try prepare([(search, range)])
        }
        // Another search may have had a wider range of the same events read.
        guard let scanned = state.withLock({ $0.scanned[search.sourceKey]?.events }) else { return .empty }
        var events = scanned.inside(range)
        if events.batch.rowCount < scanned.batch.rowCount {
            events.revision = revision(of: Part(revision: scanned.revision, range: range))
        }
        events.batch = events.batch.selecting(events.batch.names.filter { search.needed.contains($0) })
        return events
    }

    private func revision(of part: Part) -> Int {
        state.withLock { state in
            if let known = state.parts[part] { return known }
            state.revisions += 1
            state.parts[part] = state.revisions
            return state.revisions
        }
    }

    func rows(of search: CompiledSearch, range: TimeRange) throws(SearchError) -> Batch {
        do {
            switch search.source {
            case .rows: return Batch()
            case .stored(let request):
                return try StoredSource(index: index()).rows(request, needed: search.needed, range: range)
            case .events: return try events(of: search, range: range).batch
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
            throw Self.diagnostic(error)
        }
    }

    private static func diagnostic(_ error: any Error) -> Diagnostic {
        switch error {
        case let error as Diagnostic: error
        case let error as EngineError: Diagnostic(error.code, error.message, hint: error.hint)
        case let error as IndexError: Diagnostic(error.code.rawValue, error.message, hint: error.hint)
        default: Diagnostic("E359", "rows cannot be read: \(error)")
        }
    }
}

extension FieldSet {
    /// Every field of `other` is in this set, as far as names tell.
    fileprivate func covers(_ other: FieldSet) -> Bool {
        isAll || (!other.isAll && other.names.allSatisfy(contains) && other.patterns.isSubset(of: patterns))
    }
}

extension TimeRange {
    /// The least range that holds both.
    func union(_ other: TimeRange) -> TimeRange {
        TimeRange(
            earliest: earliest.flatMap { own in other.earliest.map { min(own, $0) } },
            latest: latest.flatMap { own in other.latest.map { max(own, $0) } })
    }

    /// Every time of `other` lies in this range.
    func covers(_ other: TimeRange) -> Bool {
        let isEarly = earliest.map { own in other.earliest.map { own <= $0 } ?? false } ?? true
        let isLate = latest.map { own in other.latest.map { own >= $0 } ?? false } ?? true
        return isEarly && isLate
    }
}

extension MatchedEvents {
    /// Those of a half-open range; those without a time only where the range is open on both sides, as a scan has it.
    fileprivate func inside(_ range: TimeRange) -> MatchedEvents {
        let isOpen = range.earliest == nil && range.latest == nil
        let rows = rows(from: range.earliest ?? (isOpen ? .min : .min + 1), to: range.latest ?? .max)
        guard rows.count < batch.rowCount else { return self }
        let texts = Array(texts[rows])
        return MatchedEvents(
            batch: batch.gathered(Array(rows)), times: Array(times[rows]), texts: texts,
            droppedTextCount: droppedTextCount == 0 ? 0 : texts.count { $0.bytes == nil })
    }
}

extension CompiledSearch {
    /// This search and its subsearches, each with the range of time it reads when the outermost runs at `now`.
    func ranges(nowMicroseconds: Int64, zone: TimeZoneRules, outer: TimeRange) -> [(
        search: CompiledSearch, range: TimeRange
    )] {
        let own = times.range(nowMicroseconds: nowMicroseconds, zone: zone, outer: outer)
        return [(self, own)]
            + commands.flatMap(\.subsearches).flatMap {
                $0.ranges(nowMicroseconds: nowMicroseconds, zone: zone, outer: own)
            }
    }
}
