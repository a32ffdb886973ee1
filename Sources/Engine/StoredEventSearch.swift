import Columns
import RiskIndex
import Search

/// Runs a search over events that the index keeps, through the same extraction as the logs themselves.
struct StoredEventSearch {
    let content: LoadedContent
    let job: SearchJob

    func run(
        _ search: CompiledSearch, over events: [StoredEvent], index: @escaping @Sendable () throws -> RiskIndex
    ) throws -> SearchJob.Outcome {
        let source = JobRowSource(
            scan: { [content, job] scans in
                let environment = ScanEnvironment(
                    addons: content.addons, zone: job.zone,
                    search: content.environment(nowMicroseconds: job.nowMicroseconds, zone: job.zone))
                let collectors = scans.map { _ in MatchCollector() }
                // To look for words first would cost more than it saves: these events were found once already.
                let worker = ChunkWorker(scans, LiteralPlan([]), nil, environment)
                try worker.scan(Self.batch(events), sequence: 0, into: collectors)
                return (collectors.map { $0.finish() }, nil)
            }, index: index)
        return try job.run(search, source)
    }

    private static func batch(_ events: [StoredEvent]) -> EventBatch {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        var origins: [EventOrigin] = []
        var originOfEvent: [UInt32] = []
        for event in events {
            ranges.append(bytes.count..<bytes.count + event.raw.count)
            bytes += event.raw
            bytes.append(UInt8(ascii: "\n"))
            let origin = EventOrigin(
                sourcetype: event.sourcetype, source: event.source, host: event.host, index: event.index)
            if let known = origins.firstIndex(of: origin) {
                originOfEvent.append(UInt32(known))
            } else {
                originOfEvent.append(UInt32(origins.count))
                origins.append(origin)
            }
        }
        return EventBatch(
            buffer: ByteBuffer(bytes), ranges: ranges, origins: origins, originOfEvent: originOfEvent,
            envelopeTimes: events.map(\.timeMicroseconds))
    }
}
