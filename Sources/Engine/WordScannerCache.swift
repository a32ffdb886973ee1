import Formats
import Matching

// Three thousand words, those of all published detections, take 0.2 s to compile; to read what was compiled takes
// milliseconds.

/// The scanner for the words of a run's rules, kept between runs under a digest of the words and of what compiled them.
struct WordScannerCache: Sendable {
    private static let version: UInt32 = 1
    /// Fewer are compiled in less time than a file takes.
    private static let fewestWords = 256

    /// The content folders; each set of them has a file of its own.
    let folders: [String]
    let cacheFolder: String

    /// - Throws: as ``LiteralScanner``.
    func scanner(_ words: [[UInt8]]) throws(LiteralScannerError) -> LiteralScanner {
        guard words.count >= Self.fewestWords else {
            return try LiteralScanner(literals: words, caseInsensitive: true)
        }
        let key = SHA256.digest(
            Array(LiteralScanner.engineVersion.utf8)
                + words.flatMap { CacheFile.littleEndian(UInt32($0.count)) + $0 })
        let file = CacheFile("words", ofFolders: folders, in: cacheFolder, version: Self.version)
        // Vectorscan wants its bytes to begin at an address that eight divides, which those of a file do not.
        let known = file.read(key) { Array($0) }
        let made: Result<LiteralScanner, LiteralScannerError> = (known ?? []).withUnsafeBytes { bytes in
            do throws(LiteralScannerError) {
                return .success(
                    try LiteralScanner(
                        literals: words, caseInsensitive: true, compiled: known == nil ? nil : bytes))
            } catch {
                return .failure(error)
            }
        }
        let scanner = try made.get()
        if known == nil, let bytes = scanner.compiledBytes { file.write(kept: [], added: [key: bytes]) }
        return scanner
    }
}
