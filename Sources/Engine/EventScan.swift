import Columns
import Dispatch
import Fields
import Formats
public import Ingest
import Search
import Synchronization

/// What reading the inputs amounted to.
public struct ScanReport: Sendable {
    public var eventCount = 0
    /// Events that a rule of their sourcetype threw away (queue = nullQueue); not among `eventCount`.
    public var droppedCount = 0
    public var byteCount = 0
    /// From the first byte to the last match; 0 where nobody takes the time.
    public var nanoseconds: UInt64 = 0
    /// In input order, numbered over whole inputs; bounded, see `rejectCount`.
    public var rejects: [RejectedRecord] = []
    public var rejectCount = 0
    /// Inputs that could not be read, or not to their end, and notes about inputs.
    public var problems: [InputError] = []
    /// Events by sourcetype, sorted by name.
    public var eventsBySourcetype: [(name: String, count: Int)] = []
    /// Time of the first and the last event by sourcetype, as far as a sample of the events tells; empty where the scan
    /// does not sample them.
    public var timesBySourcetype: [String: ClosedRange<Int64>] = [:]

    /// What to tell where events were thrown away.
    public var droppedNote: String? {
        droppedCount == 0
            ? nil : "events thrown away by their add-ons (queue = nullQueue in transforms.conf): \(droppedCount)"
    }

    /// Rejects beyond this are counted, not listed.
    public static let listedRejects = 1_000
}

/// One pass over the inputs for all requests: chunks are read in order and worked on by as many threads as there are
/// cores; what comes out does not depend on their number.
struct EventScan {
    let inputs: [InputSpec]
    let environment: ScanEnvironment
    let threadCount: Int
    /// Whether the report has times.
    var samplesTimes = false
    var stopwatch: Stopwatch?
    var scannerCache: WordScannerCache?

    private struct Progress {
        var ledger = PositionLedger()
        var rejects: [RejectedRecord] = []
        var rejectCount = 0
        var eventCount = 0
        var droppedCount = 0
        var counts: [String: Int] = [:]
        var times: [String: ClosedRange<Int64>] = [:]
        var failure: (any Error)?
    }

    func run(_ requests: [ScanRequest]) throws -> ([MatchedEvents], ScanReport) {
        let plan = LiteralPlan(environment.search.isPlain ? [] : requests)
        let scanner = plan.isEmpty ? nil : try plan.makeScanner(scannerCache)
        let tuning = LiteralTuning(plan)
        let collectors = requests.map { _ in MatchCollector() }
        let report = try read {
            ChunkWorker(requests, plan, scanner, environment, tuning: tuning, stopwatch: stopwatch)
        } _: { worker, events in
            try worker.scan(events.batch, sequence: events.sequence, into: collectors)
        }
        return (collectors.map { $0.finish() }, report)
    }

    /// Every chunk once, on any thread and in any order; their sequence numbers count from 0 without gaps.
    ///
    /// - Parameter makeWorker: one a thread.
    func read<Worker>(
        _ makeWorker: @Sendable () throws -> Worker, _ body: @Sendable (Worker, ChunkEvents) throws -> Void
    ) throws -> ScanReport {
        let reader = InputReader(inputs, options: options())
        let progress = Mutex(Progress())
        DispatchQueue.concurrentPerform(iterations: max(1, threadCount)) { _ in
            do {
                let worker = try makeWorker()
                let decoder = ChunkDecoder()
                let sampler = samplesTimes ? SourceTimeSampler(environment) : nil
                let indexing = EventIndexing(
                    environment.addons, zone: environment.zone,
                    nowMicroseconds: environment.search.nowMicroseconds)
                while progress.withLock({ $0.failure == nil }), let chunk = reader.nextChunk() {
                    var events = decoder.events(of: chunk)
                    let (batch, droppedCount) = indexing.indexed(events.batch)
                    events.batch = batch
                    try body(worker, events)
                    let times = try sampler?.ranges(of: batch) ?? [:]
                    progress.withLock {
                        Self.note(events, droppedCount, &$0)
                        for (sourcetype, range) in times { $0.times.extend(sourcetype, by: range) }
                    }
                }
            } catch {
                progress.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let done = progress.withLock { $0 }
        if let failure = done.failure { throw failure }
        var report = ScanReport()
        report.eventCount = done.eventCount
        report.droppedCount = done.droppedCount
        report.byteCount = reader.byteCount
        report.rejects = Array(done.ledger.resolved(done.rejects).prefix(ScanReport.listedRejects))
        report.rejectCount = done.rejectCount
        report.problems = reader.problems
        report.eventsBySourcetype = done.counts.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        report.timesBySourcetype = done.times
        return report
    }

    private static func note(_ events: ChunkEvents, _ droppedCount: Int, _ progress: inout Progress) {
        progress.droppedCount += droppedCount
        progress.ledger.add(events)
        progress.rejectCount += events.rejectCount
        progress.eventCount += events.batch.count
        if events.batch.originOfEvent.isEmpty {
            if events.batch.count > 0 {
                progress.counts[events.batch.origins[0].sourcetype, default: 0] += events.batch.count
            }
        } else {
            for origin in events.batch.originOfEvent {
                progress.counts[events.batch.origins[Int(origin)].sourcetype, default: 0] += 1
            }
        }
        progress.rejects += events.rejects
        // The first so many in input order must survive, whatever order chunks come in.
        if progress.rejects.count > 4 * ScanReport.listedRejects {
            progress.rejects.sort { ($0.chunkSequence, $0.recordNumber) < ($1.chunkSequence, $1.recordNumber) }
            progress.rejects.removeLast(progress.rejects.count - ScanReport.listedRejects)
        }
    }

    private func options() -> IngestOptions {
        var options = IngestOptions()
        let addons = environment.addons
        options.recogniseSourcetype = { sample, path in
            let buffer = ByteBuffer(sample.flatMap(\.bytes))
            var slices: [UnsafeRawBufferPointer] = []
            var start = 0
            for text in sample {
                slices.append(buffer.slice(start..<start + text.count))
                start += text.count
            }
            return withExtendedLifetime(buffer) { addons.recognise(sample: slices, path: path) }
        }
        options.lineBreaking = { origin in addons.eventBreaking(of: origin).map { AddonBreaking(rules: $0) } }
        options.tableReading = { origin in addons.tableReading(of: origin).map { AddonTable(rules: $0) } }
        return options
    }
}

private struct AddonBreaking: LineBreaking {
    let rules: EventBreaking

    func breaks(in text: UnsafeRawBufferPointer) -> [Range<Int>] { rules.breaks(in: text) }
}

private struct AddonTable: TableReading {
    let rules: TableReadingRules

    var quote: UInt8? { rules.quote }
    var delimiter: UInt8? { rules.delimiter }

    func role(of line: UnsafeRawBufferPointer, number: Int, hasHeader: Bool) -> TableLine {
        switch rules.role(of: line, number: number, hasHeader: hasHeader) {
        case .row: .row
        case .passedOver: .passedOver
        case .header(let start): .header(start: start)
        }
    }
}
