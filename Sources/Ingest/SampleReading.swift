import Columns
import Formats

/// What the first records of an input say about the rest: envelopes or not, and the sourcetype.
enum SampleReading {
    private static let sampleEvents = 64

    /// Completes `description`.
    static func recognise(
        _ description: inout InputDescription, _ sample: [UInt8], isWhole: Bool, _ options: IngestOptions
    ) {
        let buffer = ByteBuffer(sample)
        var framer = description.form.framer(maxRecordBytes: options.maxRecordBytes, nil)
        let cut = framer.frame(buffer.bytes, isWhole ? .end : .more)
        let decoder = ChunkDecoder()
        func events() -> EventBatch {
            decoder.events(
                of: RawChunk(sequence: 0, input: description, buffer: buffer, byteOffset: 0, cut: cut)
            ).batch
        }
        if description.form == .jsonLines || description.form == .jsonDocuments {
            description.isEnveloped = areEnvelopes(events(), buffer.bytes, decoder.parser)
        }
        guard description.forced.sourcetype == nil, let recognise = options.recogniseSourcetype else { return }
        let batch = events()
        let texts = batch.ranges.prefix(sampleEvents).indices.map { Text(batch.text(of: $0)) }
        guard !texts.isEmpty, let sourcetype = recognise(texts, description.path) else { return }
        description.origin.sourcetype = sourcetype
        description.sourcetypeIsDefault = false
    }

    /// Whether the first record, which the sample does not hold whole, looks like an envelope as far as it can be seen.
    private static func beginsAsEnvelope(_ sample: UnsafeRawBufferPointer, _ parser: JSONParser) -> Bool {
        guard let whole = JSONCompletion.completed(sample) else { return false }
        return whole.withUnsafeBytes { bytes in
            guard let tokens = try? parser.tokens(of: bytes, maxLevel: 1) else { return false }
            return Envelope.mayBegin(tokens, bytes)
        }
    }

    /// Whether at least half of the first records are envelopes.
    private static func areEnvelopes(
        _ batch: EventBatch, _ sample: UnsafeRawBufferPointer, _ parser: JSONParser
    ) -> Bool {
        var envelopeCount = 0
        let looked = min(sampleEvents, batch.count)
        if looked == 0 { return beginsAsEnvelope(sample, parser) }
        for event in 0..<looked {
            let text = batch.text(of: event)
            guard let tokens = try? parser.tokens(of: text, maxLevel: 1) else { continue }
            if Envelope(tokens, text) != nil { envelopeCount += 1 }
        }
        return envelopeCount > 0 && envelopeCount * 2 >= looked
    }
}
