// Where an input's bytes come from: read(2), perhaps through a decompressor. Never mmap: mapped pages count as resident.

import Glibc

/// A stream of bytes that ends.
protocol ByteSource: AnyObject {
    /// Writes up to `room.count` bytes; 0 is the end.
    func read(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int
}

/// A file, pipe or terminal.
final class FileSource: ByteSource {
    private let path: String
    private let descriptor: CInt

    init(opening path: String) throws(InputError) {
        self.path = path
        if path == "-" {
            descriptor = STDIN_FILENO
            return
        }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .opening(path, errno) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        while true {
            let count = Glibc.read(descriptor, room.baseAddress, room.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .reading(path, errno) }
        }
    }
}

/// Bytes that were looked at already, then the rest.
final class PrefetchedSource: ByteSource {
    private var prefix: ArraySlice<UInt8>
    private let rest: any ByteSource

    init(_ prefix: [UInt8], then rest: any ByteSource) {
        self.prefix = prefix[...]
        self.rest = rest
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        guard !prefix.isEmpty else { return try rest.read(into: room) }
        let taken = prefix.prefix(room.count)
        room.copyBytes(from: taken)
        prefix = prefix.dropFirst(taken.count)
        if prefix.isEmpty { prefix = [] }
        return taken.count
    }
}

extension ByteSource {
    /// Reads until `room` is full or the source ends; what was read before a failure counts.
    func fill(_ room: UnsafeMutableRawBufferPointer) -> (byteCount: Int, isAtEnd: Bool, failure: InputError?) {
        var count = 0
        while count < room.count {
            do throws(InputError) {
                let more = try read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
                if more == 0 { return (count, true, nil) }
                count += more
            } catch {
                return (count, true, error)
            }
        }
        return (count, false, nil)
    }
}
