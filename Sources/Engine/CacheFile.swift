import Formats
import Foundation
import Glibc

// The file: magic, XXH64 of all that follows, version of what blobs hold, how many entries there are; the entries in the
// order of their keys (32 bytes, where its blob starts, its size); the blobs. Numbers are little-endian. Not mapped but
// read: a mapped file that somebody cuts short ends the process.

/// Blobs by key, kept between runs (decision 0021). The file may be deleted at any time; one that is damaged, of another
/// version or cannot be written is as good as none, and never an error.
struct CacheFile: Sendable {
    static let maximumBytes = 256 << 20

    private static let magic = Array("accrueCC".utf8)
    private static let keyBytes = 32
    private static let entryBytes = keyBytes + 8
    private static let headerBytes = 24

    private let path: String
    private let version: UInt32
    /// The file's; empty where there is none that is right.
    private let bytes: [UInt8]
    private let entryCount: Int

    /// - Parameters:
    ///   - kind: what its name begins with.
    ///   - place: what the blobs belong to, such as a folder's real path; each place has a file of its own.
    ///   - version: of what blobs hold.
    init(_ kind: String, of place: UnsafeRawBufferPointer, in cacheFolder: String, version: UInt32) {
        path = "\(cacheFolder)/\(kind)-\(SHA256.hexDigest(place).prefix(32)).cache"
        self.version = version
        let found = (try? FileBytes.read(path, limit: Self.maximumBytes)) ?? []
        let count = found.withUnsafeBytes { Self.entryCount($0, version) }
        bytes = count == nil ? [] : found
        entryCount = count ?? 0
    }

    /// Of several content folders together.
    init(_ kind: String, ofFolders folders: [String], in cacheFolder: String, version: UInt32) {
        self = Array(folders.joined(separator: "\n").utf8).withUnsafeBytes {
            CacheFile(kind, of: $0, in: cacheFolder, version: version)
        }
    }

    /// The blob's bytes; `read` may give nil for some that it did not write.
    func read<Made>(_ key: [UInt8], _ read: (UnsafeRawBufferPointer) -> Made?) -> Made? {
        bytes.withUnsafeBytes { all in
            blob(key, all).flatMap { read(UnsafeRawBufferPointer(rebasing: all[$0])) }
        }
    }

    /// Replaces the file by one of these entries alone. The folder is made where it is missing.
    ///
    /// - Parameter kept: keys of entries that are in it already.
    func write(kept: Set<[UInt8]>, added: [[UInt8]: [UInt8]]) {
        let keys = kept.union(added.keys).sorted { $0.lexicographicallyPrecedes($1) }
        let entries = bytes.withUnsafeBytes { all in
            keys.map { key in added[key] ?? blob(key, all).map { Array(all[$0]) } ?? [] }
        }
        var start = Self.headerBytes + keys.count * Self.entryBytes
        guard entries.reduce(start, { $0 + $1.count }) <= Self.maximumBytes else { return }
        var body = Self.littleEndian(version) + Self.littleEndian(UInt32(keys.count))
        for (key, entry) in zip(keys, entries) {
            body += key + Self.littleEndian(UInt32(start)) + Self.littleEndian(UInt32(entry.count))
            start += entry.count
        }
        for entry in entries { body += entry }
        let checksum = body.withUnsafeBytes(XXHash64.hash)
        replaceFile(Self.magic + withUnsafeBytes(of: checksum.littleEndian, Array.init) + body)
    }

    /// - Returns: nil for a file that is not exactly what ``write(kept:added:)`` makes.
    private static func entryCount(_ all: UnsafeRawBufferPointer, _ version: UInt32) -> Int? {
        guard all.count >= headerBytes, all.starts(with: magic), number(all, 16) == version else { return nil }
        let checksum = UInt64(littleEndian: all.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        guard XXHash64.hash(UnsafeRawBufferPointer(rebasing: all[16...])) == checksum else { return nil }
        let count = Int(number(all, 20))
        return count <= (all.count - headerBytes) / entryBytes ? count : nil
    }

    /// Where the blob of a key lies.
    private func blob(_ key: [UInt8], _ all: UnsafeRawBufferPointer) -> Range<Int>? {
        guard key.count == Self.keyBytes, let base = all.baseAddress else { return nil }
        var low = 0
        var high = entryCount
        while low < high {
            let middle = (low + high) / 2
            let entry = Self.headerBytes + middle * Self.entryBytes
            let order = memcmp(base + entry, key, Self.keyBytes)
            if order == 0 {
                let start = Int(Self.number(all, entry + Self.keyBytes))
                let end = start + Int(Self.number(all, entry + Self.keyBytes + 4))
                return end <= all.count ? start..<end : nil
            }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static func number(_ all: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(littleEndian: all.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    static func littleEndian(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }

    /// Whole or not at all: of two processes the last one's file stays, and both are right.
    private func replaceFile(_ bytes: [UInt8]) {
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var name = Array((path + ".XXXXXX").utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { return }
        let isWritten = Self.write(bytes, to: descriptor)
        if close(descriptor) != 0 || !isWritten || rename(name, path) != 0 { unlink(name) }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        bytes.withUnsafeBytes { all in
            var offset = 0
            while offset < all.count {
                let count = Glibc.write(descriptor, all.baseAddress.map { $0 + offset }, all.count - offset)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }
}
