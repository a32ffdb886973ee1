import Columns
import Foundation
import Ingest
import Testing

/// What comes out must not depend on where the chunks end.
@Suite struct ChunkBoundaryTests {
    static let inputs: [(name: String, text: String)] = [
        ("lines.json", "{\"n\":1}\r\n\n{\"n\":\"é\"}\n{bad\n{\"n\":3,\"cut\n{\"n\":[4]}\n{\"n\":5}"),
        (
            "records.json",
            #"{"Records":[{"n":"a\\\"b{}"},{"n":[2,{"x":"]"}]} , {"n":tru},5],"t":"\"}"}{"Records":[{"n":4}]}"#
        ),
        (
            "pretty.json",
            "{\n  \"a\": {\n    \"b\": \"x\\\\\"\n  }\n}\n{\n  \"a\": \"open\n}\n{\n  \"a\": 3\n}\nstray\n[{\"n\":4}]\n"
        ),
        ("array.json", "[\n  {\"n\": 1},\n  {\"n\": {\"m\": 2},\n  {\"n\": 3}\n]"),
        ("cut.json", #"{"Records":[{"n":1},{"n":2"#),
        (
            "hec.json",
            #"{"event":"a\nb","time":1.5}{"event":{"x":[1]},"host":"h"}"# + "\n" + #"{"event":"","time":1}"# + "\n"
                + #"{"event":"d"}"#
        ),
        (
            "raw.json",
            #"{"sourcetype":"a","source":"b","raw":"é\u00e9\\"}"# + "\n" + #"{"sourcetype":"a","source":"c","raw":"2"}"#
        ),
        ("rows.csv", "a,b,c\r\n1,\"x\n,\"\"y\",3\r\n\n4,5\n\"open,6\n7,8,9"),
        ("events.xml", "<Events><Event>1</Event>\n<Event a='b'>2</Event> x <Event>3 <Event>4</Event></Events>"),
        ("text.log", "one\r\n\r\ntwo\n\u{FEFF}three\nfo\u{0}ur\nfive"),
    ]

    @Test(arguments: inputs.map(\.name))
    func resultsAreEqualForEveryChunkSize(_ name: String) throws {
        let text = try #require(Self.inputs.first { $0.name == name }?.text)
        let whole = try read(text, name: name)
        #expect(!whole.texts.isEmpty)
        var options = IngestOptions()
        options.sampleBytes = 1_024
        for chunkBytes in 1...64 {
            options.chunkBytes = chunkBytes
            #expect(try read(text, name: name, options) == whole, "chunks of \(chunkBytes)")
        }
    }

    @Test(arguments: inputs.map(\.name))
    func recordBoundsDoNotDependOnChunksEither(_ name: String) throws {
        let text = try #require(Self.inputs.first { $0.name == name }?.text)
        var options = IngestOptions()
        options.sampleBytes = 1_024
        for maxRecordBytes in [14, 20, 33] {
            options.maxRecordBytes = maxRecordBytes
            options.chunkBytes = 1 << 20
            let whole = try read(text, name: name, options)
            for chunkBytes in [1, 2, 3, 5, 8, 13, 21, 34] {
                options.chunkBytes = chunkBytes
                let reading = try read(text, name: name, options)
                #expect(reading.texts == whole.texts, "records of \(maxRecordBytes), chunks of \(chunkBytes)")
                #expect(reading.rejectedNumbers == whole.rejectedNumbers, "\(maxRecordBytes), chunks of \(chunkBytes)")
            }
        }
    }

    @Test func workersGiveTheSameAsOneReader() throws {
        let folder = TemporaryFolder()
        var text = ""
        for line in 0..<20_000 { text += line % 97 == 5 ? "{\"n\":\(line)\n" : "{\"n\":\(line)}\n" }
        let path = try folder.write("big.json", text)
        let whole = Reading([InputSpec(path: path)])
        var options = IngestOptions()
        options.chunkBytes = 4_096
        let reader = InputReader([InputSpec(path: path)], options: options)
        let collected = Collected()
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let decoder = ChunkDecoder()
            while let chunk = reader.nextChunk() { collected.add(decoder.events(of: chunk)) }
        }
        let chunks = collected.chunks.sorted { $0.sequence < $1.sequence }
        #expect(chunks.map(\.sequence) == Array(0..<chunks.count))
        let texts = chunks.flatMap { chunk in
            (0..<chunk.batch.count).map { String(decoding: chunk.batch.text(of: $0), as: UTF8.self) }
        }
        #expect(texts == whole.texts)
        var ledger = PositionLedger()
        for chunk in collected.chunks { ledger.add(chunk) }
        let rejects = ledger.resolved(collected.chunks.flatMap(\.rejects))
        #expect(rejects.map(\.recordNumber) == whole.rejects.map(\.recordNumber))
        #expect(rejects.map(\.recordNumber).first == 6)
    }
}

private final class Collected: @unchecked Sendable {  // Guarded by the lock.
    private let lock = NSLock()
    private var held: [ChunkEvents] = []

    var chunks: [ChunkEvents] { lock.withLock { held } }
    func add(_ events: ChunkEvents) { lock.withLock { held.append(events) } }
}
