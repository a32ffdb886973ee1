// What readers hand to field extraction: the exact text of events, still as bytes in one buffer.

/// Bytes read once and never changed, followed by 64 readable zero bytes (SIMDJSON_PADDING).
public final class ByteBuffer: @unchecked Sendable {  // Immutable after init: no lock is needed.
    public static let padding = 64
    public let count: Int
    private let base: UnsafeMutableRawPointer

    /// - Parameter fill: writes into the `capacity` bytes it is given and returns how many it wrote.
    public init(capacity: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
        let base = UnsafeMutableRawPointer.allocate(byteCount: capacity + Self.padding, alignment: 64)
        do {
            let written = try fill(UnsafeMutableRawBufferPointer(start: base, count: capacity))
            precondition(written <= capacity, "reader wrote past its buffer")
            memset(base, from: written, count: capacity + Self.padding - written)
            self.base = base
            count = written
        } catch {
            base.deallocate()
            throw error
        }
    }

    public convenience init(_ bytes: [UInt8]) {
        self.init(capacity: bytes.count) { buffer in
            buffer.copyBytes(from: bytes)
            return bytes.count
        }
    }

    deinit { base.deallocate() }

    /// The bytes, without the padding; the padding behind them is readable.
    public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    public func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[range])
    }
}

private func memset(_ base: UnsafeMutableRawPointer, from offset: Int, count: Int) {
    (base + offset).initializeMemory(as: UInt8.self, repeating: 0, count: count)
}

/// Where an event came from, as Splunk's default fields name it.
public struct EventOrigin: Hashable, Sendable {
    public var sourcetype: String
    public var source: String
    public var host: String
    public var index: String

    public init(sourcetype: String, source: String, host: String, index: String = "main") {
        self.sourcetype = sourcetype
        self.source = source
        self.host = host
        self.index = index
    }
}

/// Events whose texts lie in one buffer.
public struct EventBatch: Sendable {
    public var buffer: ByteBuffer
    /// The exact text of each event, in input order.
    public var ranges: [Range<Int>]
    /// The origins that occur in this batch; most batches have one.
    public var origins: [EventOrigin]
    /// Per event an index into `origins`; empty when all events are of `origins[0]`.
    public var originOfEvent: [UInt32]
    /// Per event the time its envelope gave, UTC microseconds; nil where the text decides. Empty when no event has one.
    public var envelopeTimes: [Int64?]
    /// Fields that the envelope gave (HEC `fields`), by event; rare, so sparse.
    public var envelopeFields: [Int: [(name: String, value: Value)]]
    /// The lines that name the columns of the tables whose rows are among the events.
    public var headers: [Text]
    /// Per event 0 for no row, else one more than an index into `headers`. Empty when no event is a row.
    public var headerOfEvent: [UInt32]

    public init(
        buffer: ByteBuffer, ranges: [Range<Int>], origins: [EventOrigin], originOfEvent: [UInt32] = [],
        envelopeTimes: [Int64?] = [], envelopeFields: [Int: [(name: String, value: Value)]] = [:],
        headers: [Text] = [], headerOfEvent: [UInt32] = []
    ) {
        self.buffer = buffer
        self.ranges = ranges
        self.origins = origins
        self.originOfEvent = originOfEvent
        self.envelopeTimes = envelopeTimes
        self.envelopeFields = envelopeFields
        self.headers = headers
        self.headerOfEvent = headerOfEvent
    }

    public var count: Int { ranges.count }
    public func origin(of event: Int) -> EventOrigin {
        origins[originOfEvent.isEmpty ? 0 : Int(originOfEvent[event])]
    }
    public func envelopeTime(of event: Int) -> Int64? { envelopeTimes.isEmpty ? nil : envelopeTimes[event] }
    /// The line that names the columns of the table that the event is a row of.
    public func header(of event: Int) -> Text? {
        guard !headerOfEvent.isEmpty, headerOfEvent[event] > 0 else { return nil }
        return headers[Int(headerOfEvent[event]) - 1]
    }
    public func text(of event: Int) -> UnsafeRawBufferPointer { buffer.slice(ranges[event]) }
}
