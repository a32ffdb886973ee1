import CZlib

/// The bytes of a gzip file, of all its members one after the other.
final class GzipSource: ByteSource {
    private let path: String
    private let compressed: any ByteSource
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var isInMember = true
    private var isAtEnd = false
    /// Damage that came with the last good bytes: told on the next read.
    private var failure: InputError?

    init(_ compressed: any ByteSource, path: String) {
        self.path = path
        self.compressed = compressed
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: 256 << 10, alignment: 64)
        // 16 more than the largest window: gzip headers only.
        let code = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib refuses its own version, or there is no memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        if let failure {
            self.failure = nil
            throw failure
        }
        guard !isAtEnd, !room.isEmpty else { return 0 }
        let wanted = min(room.count, 1 << 30)
        stream.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(wanted)
        while stream.pointee.avail_out == wanted {
            if stream.pointee.avail_in == 0, try !refill() {
                isAtEnd = true
                if isInMember { throw truncated() }
                return 0
            }
            if !isInMember, try !startMember() { return 0 }
            let code = inflate(stream, Z_NO_FLUSH)
            switch code {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END: isInMember = false
            default:
                isAtEnd = true
                guard stream.pointee.avail_out == wanted else {
                    failure = damaged()
                    break
                }
                throw damaged()
            }
        }
        return wanted - Int(stream.pointee.avail_out)
    }

    private func refill() throws(InputError) -> Bool {
        let count = try compressed.read(into: input)
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
        return count > 0
    }

    /// Behind a member comes another, or zeros that some writers pad with, or nothing.
    private func startMember() throws(InputError) -> Bool {
        repeat {
            while stream.pointee.avail_in > 0, let next = stream.pointee.next_in, next.pointee == 0 {
                stream.pointee.next_in = next + 1
                stream.pointee.avail_in -= 1
            }
            if stream.pointee.avail_in > 0 { break }
        } while try refill()
        guard stream.pointee.avail_in > 0 else {
            isAtEnd = true
            return false
        }
        inflateReset(stream)
        isInMember = true
        return true
    }

    private func damaged() -> InputError {
        InputError(
            code: .corruptArchive, path: path, message: "'\(path)' is damaged gzip data",
            hint: "events before the damage are kept; fetch the file again")
    }

    private func truncated() -> InputError {
        InputError(
            code: .truncatedArchive, path: path, message: "'\(path)' ends inside its gzip data",
            hint: "events before the end are kept; fetch the file again")
    }
}
