import Engine
import Foundation

/// A file that has its name only when it is whole: it is written beside it. What is no plain file, such as a pipe, is
/// written as it is.
final class OutputFile {
    private let path: String
    private let writtenPath: String
    private let descriptor: Int32
    private var isFinished = false

    init(path: String) throws {
        var status = stat()
        let isPlain = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        self.path = path
        writtenPath = isPlain ? path + ".partial" : path
        descriptor = open(writtenPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw Self.failure(path) }
    }

    deinit {
        close(descriptor)
        if !isFinished, writtenPath != path { unlink(writtenPath) }
    }

    func write(_ bytes: [UInt8]) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            guard count > 0 || errno == EINTR else { throw Self.failure(path) }
            written += max(0, count)
        }
    }

    func finish() throws {
        guard writtenPath != path else { return }
        guard fsync(descriptor) == 0, rename(writtenPath, path) == 0 else { throw Self.failure(path) }
        isFinished = true
    }

    private static func failure(_ path: String) -> EngineError {
        EngineError(
            "E806", "the output '\(path)' cannot be written: \(String(cString: strerror(errno)))",
            hint: "free space there, or name another file")
    }
}
