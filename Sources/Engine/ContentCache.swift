import Content
import Formats
import Glibc

/// What the files of one content folder were parsed to, kept between runs (decision 0021).
struct ContentCache: Sendable {
    private let file: CacheFile

    /// - Parameter cacheFolder: made when the first file is written to it.
    /// - Returns: nil for a folder that is not there.
    init?(of folder: String, in cacheFolder: String) {
        guard let place = realpath(folder, nil) else { return nil }
        defer { free(place) }
        file = CacheFile(
            "content", of: UnsafeRawBufferPointer(start: place, count: strlen(place)), in: cacheFolder,
            version: ContentTree.encodingVersion)
    }

    /// Of a file's bytes. Its name has no part in it: what a text is parsed to does not depend on it.
    static func key(of bytes: [UInt8]) -> [UInt8] { SHA256.digest(bytes) }

    func tree(_ key: [UInt8]) -> ContentTree? { file.read(key) { ContentTree(encoded: $0) } }

    /// Replaces the file by one of these entries alone.
    ///
    /// - Parameter kept: keys of entries that are in it already.
    /// - Parameter added: what ``ContentTree/encoded()`` made, by key.
    func write(kept: Set<[UInt8]>, added: [[UInt8]: [UInt8]]) { file.write(kept: kept, added: added) }
}
