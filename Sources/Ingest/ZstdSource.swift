import CZstd

/// The bytes of a Zstandard file, of all its frames one after the other.
///
/// Windows above 128 MiB (`zstd --ultra --long=28` and up) are refused by the library's default; what a writer may make
/// us allocate is so bounded.
final class ZstdSource: ByteSource {
    private let path: String
    private let compressed: any ByteSource
    private let stream: OpaquePointer
    private let storage: UnsafeMutableRawBufferPointer
    private var input: ZSTD_inBuffer
    private var isInFrame = true
    private var isAtEnd = false
    /// Damage that came with the last good bytes: told on the next read.
    private var failure: InputError?

    init(_ compressed: any ByteSource, path: String) {
        self.path = path
        self.compressed = compressed
        guard let stream = ZSTD_createDStream() else { preconditionFailure("out of memory") }
        self.stream = stream
        storage = .allocate(byteCount: ZSTD_DStreamInSize(), alignment: 64)
        input = ZSTD_inBuffer(src: UnsafeRawPointer(storage.baseAddress), size: 0, pos: 0)
    }

    deinit {
        ZSTD_freeDStream(stream)
        storage.deallocate()
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        if let failure {
            self.failure = nil
            throw failure
        }
        guard !isAtEnd, !room.isEmpty else { return 0 }
        var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
        while output.pos == 0 {
            if input.pos == input.size {
                input.size = try compressed.read(into: storage)
                input.pos = 0
                // What the decoder still holds comes out without more input.
                if input.size == 0, !isInFrame {
                    isAtEnd = true
                    return 0
                }
            }
            let inputWasEmpty = input.size == 0
            let code = ZSTD_decompressStream(stream, &output, &input)
            if ZSTD_isError(code) != 0 {
                isAtEnd = true
                let reason = String(cString: ZSTD_getErrorName(code)).lowercased()
                let error = InputError(
                    code: .corruptArchive, path: path, message: "'\(path)' is damaged Zstandard data: \(reason)",
                    hint: "events before the damage are kept; fetch the file again")
                if output.pos == 0 { throw error }
                failure = error
                break
            }
            isInFrame = code != 0
            if inputWasEmpty, output.pos == 0 {
                isAtEnd = true
                throw InputError(
                    code: .truncatedArchive, path: path, message: "'\(path)' ends inside its Zstandard data",
                    hint: "events before the end are kept; fetch the file again")
            }
        }
        return output.pos
    }
}
