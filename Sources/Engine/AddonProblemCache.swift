import Fields
import Formats
import Glibc

// To list what is wrong with add-ons, all their rules are compiled, those of logs that nobody has too: 40 % of the
// instructions of a start. It follows from the files and the program alone, so it is kept between runs.

/// The problems of one set of add-ons, kept between runs under a digest of their files and of the program.
struct AddonProblemCache: Sendable {
    private static let version: UInt32 = 1

    private let folders: [String]
    private let cacheFolder: String
    private let key: [UInt8]

    /// - Parameters:
    ///   - folders: the content folders; each set of them has a file of its own.
    ///   - inputs: digests and names of all that the add-ons are made of.
    /// - Returns: nil where the program cannot tell which it is.
    init?(folders: [String], inputs: [UInt8], in cacheFolder: String) {
        guard let program = Self.program() else { return nil }
        self.folders = folders
        self.cacheFolder = cacheFolder
        key = SHA256.digest(program + inputs)
    }

    func problems(_ find: () -> [AddonProblem]) -> [AddonProblem] {
        let file = CacheFile("addons", ofFolders: folders, in: cacheFolder, version: Self.version)
        if let known = file.read(key, { ProblemReader($0).problems() }) { return known }
        let found = find()
        var bytes: [UInt8] = []
        for problem in found {
            for text in [problem.code, problem.file, String(problem.line), problem.message, problem.hint ?? ""] {
                bytes += CacheFile.littleEndian(UInt32(text.utf8.count)) + text.utf8
            }
            bytes.append(problem.hint == nil ? 0 : 1)
        }
        file.write(kept: [], added: [key: bytes])
        return found
    }

    /// A rebuilt program is another one: which settings it knows is part of the answer.
    private static func program() -> [UInt8]? {
        var info = stat()
        guard stat("/proc/self/exe", &info) == 0 else { return nil }
        let numbers = [
            Int(info.st_dev), Int(info.st_ino), info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec,
        ]
        return numbers.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
    }
}

private struct ProblemReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// - Returns: nil for bytes that hold anything else.
    consuming func problems() -> [AddonProblem]? {
        var problems: [AddonProblem] = []
        while offset < bytes.count {
            guard let code = text(), let file = text(), let line = text().flatMap({ Int($0) }), let message = text(),
                let hint = text(), offset < bytes.count
            else { return nil }
            let hasHint = bytes[offset] != 0
            offset += 1
            problems.append(
                AddonProblem(code: code, file: file, line: line, message: message, hint: hasHint ? hint : nil))
        }
        return problems
    }

    private mutating func text() -> String? {
        guard offset + 4 <= bytes.count else { return nil }
        let count = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        guard count <= bytes.count - offset - 4 else { return nil }
        defer { offset += 4 + count }
        let range = offset + 4..<offset + 4 + count
        return String(validating: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }
}
