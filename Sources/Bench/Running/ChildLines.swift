import Formats
import Glibc

/// Reads what a child printed, a line at a time and bounded: it may be more than fits into memory.
enum ChildLines {
    static let maximumLineSize = 1 << 24
    private static let pieceSize = 1 << 18

    /// Calls `body` for each line that is not empty, without its newline.
    ///
    /// - Throws: ``BenchError`` E902 for a file that cannot be read or a longer line.
    static func forEach(of path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        defer { close(file) }
        var held: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = piece.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count < 0 {
                guard errno == EINTR else { throw failure(path, String(cString: strerror(errno))) }
                continue
            }
            if count == 0 { break }
            held.append(contentsOf: piece[..<count])
            var start = 0
            while let end = held[start...].firstIndex(of: UInt8(ascii: "\n")) {
                if end > start { try body(held[start..<end]) }
                start = end + 1
            }
            held.removeFirst(start)
            guard held.count <= maximumLineSize else { throw failure(path, "a line is too long") }
        }
        if !held.isEmpty { try body(held[...]) }
    }

    /// Calls `body` for each line as JSON.
    ///
    /// - Parameter word: only lines that hold it are read.
    static func forEachJSON(of path: String, with word: String = "", _ body: (JSONValue) throws -> Void) throws {
        let word = Array(word.utf8)
        try forEach(of: path) { line in
            guard word.isEmpty || line.withUnsafeBytes({ contains($0, word) }) else { return }
            let value: JSONValue
            do {
                value = try JSONValue.parse(Array(line))
            } catch {
                throw failure(path, "a line is no JSON")
            }
            try body(value)
        }
    }

    private static func contains(_ line: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        guard let first = word.first else { return true }
        var rest = line[...]
        while let place = rest.firstIndex(of: first), place + word.count <= line.count {
            if line[place..<place + word.count].elementsEqual(word) { return true }
            rest = line[(place + 1)...]
        }
        return false
    }

    private static func failure(_ path: String, _ reason: String) -> BenchError {
        BenchError(.child, "the output in '\(path)' cannot be read: \(reason)")
    }
}
