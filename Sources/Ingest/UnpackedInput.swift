/// The bytes of one input, decompressed where it is gzip or zstd; nothing is made of them.
///
/// Not Sendable: one thread reads.
public final class UnpackedInput {
    private let source: any ByteSource

    /// - Parameter path: `-` is standard input.
    public init(path: String) throws(InputError) {
        let file = try FileSource(opening: path)
        var start = [UInt8](repeating: 0, count: 16)
        let filled = start.withUnsafeMutableBytes { file.fill($0) }
        if let failure = filled.failure { throw failure }
        start.removeSubrange(filled.byteCount...)
        let whole = PrefetchedSource(start, then: file)
        switch InputEncoding.compression(start) {
        case .none:
            if let refusal = InputEncoding.refusal(start, path: path) { throw refusal }
            source = whole
        case .gzip: source = GzipSource(whole, path: path)
        case .zstd: source = ZstdSource(whole, path: path)
        }
    }

    /// Writes up to `room.count` bytes; 0 is the end.
    public func read(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        try source.read(into: room)
    }
}
