import Glibc

/// A file of invented events, and what is true of it.
public struct TrailFile: Sendable {
    public var path: String
    public var truth: SeedTruth
    public var state: State

    public enum State: String, Sendable {
        /// It was there, byte for byte.
        case kept
        /// It was not there.
        case written
        /// It was there and held something else: another version of the generator, or damage.
        case replaced
    }

    /// Bytes made, written and compared at a time; the benchmark's own memory is a floor of what it can say of others'.
    private static let pieceSize = 1 << 20

    /// Makes `path` hold the events of `generator`, whole or not at all.
    ///
    /// What is there is not trusted by a digest: making the events again takes less time than reading them, and truth is
    /// counted on the way. The read also brings the file into memory, for all sides alike.
    ///
    /// - Throws: ``BenchError`` E901.
    public static func prepare(path: String, _ generator: TrailGenerator) throws -> TrailFile {
        if access(path, F_OK) == 0 {
            if let truth = try compare(path: path, generator) {
                return TrailFile(path: path, truth: truth, state: .kept)
            }
            return TrailFile(path: path, truth: try write(path: path, generator), state: .replaced)
        }
        return TrailFile(path: path, truth: try write(path: path, generator), state: .written)
    }

    /// Writes the events to `path`; to what is no plain file, such as a pipe, as it is.
    ///
    /// - Throws: ``BenchError`` E901.
    public static func write(path: String, _ generator: TrailGenerator) throws -> SeedTruth {
        var status = stat()
        let isPlain = stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        let written = isPlain ? path + ".partial" : path
        let file = open(written, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw BenchError.system("'\(path)' cannot be written", errno) }
        defer { close(file) }
        var generator = generator
        var piece: [UInt8] = []
        while generator.fill(&piece, to: pieceSize) {
            guard writeAll(piece, to: file) else {
                let reason = errno
                if isPlain { unlink(written) }
                throw BenchError.system("'\(path)' cannot be written", reason)
            }
            piece.removeAll(keepingCapacity: true)
        }
        guard !isPlain || rename(written, path) == 0 else {
            throw BenchError.system("'\(path)' cannot be written", errno)
        }
        return generator.truthSoFar
    }

    /// - Returns: nil where the file holds anything else.
    private static func compare(path: String, _ generator: TrailGenerator) throws -> SeedTruth? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw BenchError.system("'\(path)' cannot be read", errno) }
        defer { close(file) }
        var generator = generator
        var expected: [UInt8] = []
        var found = [UInt8](repeating: 0, count: 2 * pieceSize)
        while generator.fill(&expected, to: pieceSize) {
            guard expected.count <= found.count, readAll(file, expected.count, into: &found),
                memcmp(expected, found, expected.count) == 0
            else { return nil }
            expected.removeAll(keepingCapacity: true)
        }
        return readAll(file, 1, into: &found) ? nil : generator.truthSoFar
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + done, $0.count - done) }
            guard count > 0 || (count < 0 && errno == EINTR) else { return false }
            done += max(0, count)
        }
        return true
    }

    /// - Returns: false when the file ends before, or cannot be read.
    private static func readAll(_ file: Int32, _ size: Int, into bytes: inout [UInt8]) -> Bool {
        var done = 0
        while done < size {
            let count = bytes.withUnsafeMutableBytes { read(file, $0.baseAddress! + done, size - done) }
            guard count > 0 || (count < 0 && errno == EINTR) else { return false }
            done += max(0, count)
        }
        return true
    }
}
