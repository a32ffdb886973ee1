import Glibc

/// Whole files of bounded size. Foundation's readers ask for owners and attributes that nobody wants: five times the cost.
enum FileBytes {
    enum Failure: Error {
        case unreadable
        /// Bytes that the file says it has, or that were read of it.
        case tooLarge(Int)
    }

    /// Pipes and devices count as unreadable: they may never end, or never begin.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable }
        defer { close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { throw .unreadable }
        guard info.st_size <= limit else { throw .tooLarge(info.st_size) }
        var bytes: [UInt8] = []
        // A byte more than it says shows the end at the first look. A file of /proc says that it has none.
        var room = max(4096, info.st_size + 1)
        while true {
            let part = read(descriptor, count: room)
            guard let part else { throw .unreadable }
            if part.isEmpty { return bytes }
            if bytes.isEmpty { bytes = part } else { bytes += part }
            guard bytes.count <= limit else { throw .tooLarge(bytes.count) }
            if part.count < room, bytes.count == info.st_size { return bytes }
            room = 64 << 10
        }
    }

    /// Up to so many bytes; empty at the end, nil for an error.
    private static func read(_ descriptor: CInt, count room: Int) -> [UInt8]? {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            var result: Int
            repeat { result = Glibc.read(descriptor, buffer.baseAddress, room) } while result < 0 && errno == EINTR
            failed = result < 0
            count = max(0, result)
        }
        return failed ? nil : bytes
    }
}
