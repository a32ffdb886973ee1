public import Columns

/// What all chunks of one input share.
struct InputDescription: Sendable {
    var path: String
    /// Place of the input among all inputs.
    var index: Int
    var form: InputForm
    /// JSON records are envelopes around the events.
    var isEnveloped = false
    /// Where events come from that do not say so themselves.
    var origin: EventOrigin
    /// The user said so: what the events say does not count.
    var forced: InputSpec
    /// `origin.sourcetype` is a fallback for the form, not known from the user or the content.
    var sourcetypeIsDefault = true
    var maxRecordBytes: Int
}

/// Some records of one input, cut but not looked at; turned into events by ``ChunkDecoder`` on any thread.
public struct RawChunk: Sendable {
    /// Position among all chunks of a reader, from 0: input order.
    public let sequence: Int
    let input: InputDescription
    let buffer: ByteBuffer
    /// Byte of the input at which the buffer starts.
    let byteOffset: Int
    let cut: FrameCut

    /// Place of the chunk's input among all inputs.
    public var inputIndex: Int { input.index }
    public var path: String { input.path }
    public var byteCount: Int { cut.consumed }
}

/// The events of one chunk.
public struct ChunkEvents: Sendable {
    public var sequence: Int
    public var inputIndex: Int
    public var path: String
    public var batch: EventBatch
    /// What could not be read, by number within the chunk, see ``PositionLedger``; of more than
    /// ``describedRejects`` only so many, as they were found.
    public var rejects: [RejectedRecord]
    /// How many records could not be read, described or not.
    public var rejectCount: Int
    /// Records of the chunk: lines (blank ones too), elements, rows or Windows events, rejected ones too.
    public var recordCount: Int

    /// A chunk of ordinary records has fewer; one of two-byte lines could fill memory with descriptions.
    public static let describedRejects = 10_000
}
