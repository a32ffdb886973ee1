import Columns
import Foundation
import Ingest

/// All that comes out of some inputs.
struct Reading: Equatable {
    var texts: [String] = []
    var sourcetypes: [String] = []
    var sources: [String] = []
    var hosts: [String] = []
    var indexes: [String] = []
    var times: [Int64?] = []
    var fields: [[String]] = []
    var rejects: [RejectedRecord] = []
    var rejectCount = 0
    var problems: [InputError] = []

    init(_ specs: [InputSpec], _ options: IngestOptions = IngestOptions()) {
        let reader = InputReader(specs, options: options)
        let decoder = ChunkDecoder()
        var ledger = PositionLedger()
        while let chunk = reader.nextChunk() {
            let events = decoder.events(of: chunk)
            ledger.add(events)
            append(events)
        }
        rejects = ledger.resolved(rejects).map { reject in
            // The chunk a reject came in depends on the chunk size, which must not show.
            var reject = reject
            reject.chunkSequence = 0
            return reject
        }
        problems = reader.problems
    }

    private mutating func append(_ events: ChunkEvents) {
        let batch = events.batch
        for event in 0..<batch.count {
            let origin = batch.origin(of: event)
            texts.append(String(decoding: batch.text(of: event), as: UTF8.self))
            sourcetypes.append(origin.sourcetype)
            sources.append(origin.source)
            hosts.append(origin.host)
            indexes.append(origin.index)
            times.append(batch.envelopeTime(of: event))
            fields.append((batch.envelopeFields[event] ?? []).map { "\($0.name)=\($0.value.printed ?? "null")" })
        }
        rejects += events.rejects
        rejectCount += events.rejectCount
    }

    /// Rejects as `number code`.
    var rejectedNumbers: [String] { rejects.map { "\($0.recordNumber) \($0.code.rawValue)" } }
}

/// A folder that lives as long as the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "accrue-ingest-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }
}

func read(
    _ text: String, name: String = "input.log", sourcetype: String? = nil, _ options: IngestOptions = IngestOptions()
) throws -> Reading {
    try read(Array(text.utf8), name: name, sourcetype: sourcetype, options)
}

func read(
    _ bytes: [UInt8], name: String = "input.log", sourcetype: String? = nil, _ options: IngestOptions = IngestOptions()
) throws -> Reading {
    let folder = TemporaryFolder()
    let path = try folder.write(name, bytes)
    var reading = Reading([InputSpec(path: path, sourcetype: sourcetype)], options)
    let prefix = folder.path + "/"
    func relative(_ text: String) -> String { text.replacingOccurrences(of: prefix, with: "") }
    reading.sources = reading.sources.map(relative)
    for index in reading.rejects.indices { reading.rejects[index].path = relative(reading.rejects[index].path) }
    for index in reading.problems.indices {
        reading.problems[index].path = relative(reading.problems[index].path)
        reading.problems[index].message = relative(reading.problems[index].message)
    }
    return reading
}

/// Cuts at line feeds that a digit follows.
struct BreakBeforeDigit: LineBreaking {
    func breaks(in text: UnsafeRawBufferPointer) -> [Range<Int>] {
        var breaks: [Range<Int>] = []
        var at = 0
        while at < text.count {
            guard text[at] == 0x0A || text[at] == 0x0D else {
                at += 1
                continue
            }
            let start = at
            while at < text.count, text[at] == 0x0A || text[at] == 0x0D { at += 1 }
            if at < text.count, text[at] &- 0x30 < 10 { breaks.append(start..<at) }
        }
        return breaks
    }
}
