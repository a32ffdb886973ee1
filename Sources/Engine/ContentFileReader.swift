import Content
import Formats
import SPL

/// Reads files of a content folder on several threads, as far as one file can be read without the others.
struct ContentFileReader: Sendable {
    /// Files above this are no content; a log that lies in the wrong folder must not be read whole.
    static let maximumFileBytes = 16 << 20

    enum File: Sendable {
        /// YAML, or a data model.
        case object(ContentFile)
        /// Tables, `.conf` files and other JSON, with their digest where there is a cache.
        case bytes([UInt8], digest: [UInt8])
        case problem(ContentProblem)
    }

    let cache: ContentCache?
    let threadCount: Int

    private struct Outcome: Sendable {
        var file: File?
        var key: [UInt8]?
        /// What the cache lacked.
        var encoded: [UInt8]?
    }

    /// In the order of `paths`; nil for what is not content. Writes the cache when it lacked something.
    func read(_ paths: [String]) -> [File?] {
        let run = 16
        let found = stride(from: 0, to: paths.count, by: run).map { $0 }.concurrentMap(threadCount) { start in
            paths[start..<min(paths.count, start + run)].map { outcome(of: $0) }
        }.flatMap { $0 }
        keep(found)
        return found.map(\.file)
    }

    private func keep(_ outcomes: [Outcome]) {
        guard let cache, outcomes.contains(where: { $0.encoded != nil }) else { return }
        var kept: Set<[UInt8]> = []
        var added: [[UInt8]: [UInt8]] = [:]
        for outcome in outcomes {
            guard let key = outcome.key else { continue }
            if let encoded = outcome.encoded { added[key] = encoded } else { kept.insert(key) }
        }
        cache.write(kept: kept, added: added)
    }

    private func outcome(of path: String) -> Outcome {
        let isObject = Self.isObject(path)
        guard isObject || ["yml", "yaml", "conf", "csv", "json"].contains(ContentPath(path).fileExtension) else {
            return Outcome()
        }
        do throws(FileBytes.Failure) {
            let bytes = try FileBytes.read(path, limit: Self.maximumFileBytes)
            if isObject { return object(path, bytes) }
            return Outcome(file: .bytes(bytes, digest: cache == nil ? [] : SHA256.digest(bytes)))
        } catch {
            return Outcome(file: .problem(Self.problem(error, path)))
        }
    }

    /// What cannot be parsed is not kept, since its message names the file; there is little of it.
    private func object(_ path: String, _ bytes: [UInt8]) -> Outcome {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let cache else { return Outcome(file: .object(ContentFile(name: path, text: text))) }
        let key = ContentCache.key(of: bytes)
        if let tree = cache.tree(key) {
            return Outcome(file: .object(ContentFile(name: path, text: text, tree: tree)), key: key)
        }
        do throws(ContentProblem) {
            let tree = try ContentTree(text, file: path)
            guard let encoded = tree.encoded() else {
                return Outcome(file: .object(ContentFile(name: path, text: text, tree: tree)))
            }
            return Outcome(
                file: .object(ContentFile(name: path, text: text, tree: tree)), key: key, encoded: encoded)
        } catch {
            return Outcome(file: .object(ContentFile(name: path, problem: error)))
        }
    }

    private static func isObject(_ path: String) -> Bool {
        // Nearly all files are these, and the long way costs more than a file of a few lines.
        for ending in [".yml", ".yaml"] where path.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8) {
            return path.utf8.dropLast(ending.utf8.count).last.map { $0 != UInt8(ascii: "/") } ?? false
        }
        let path = ContentPath(path)
        return path.fileExtension == "json" && ["datamodels", "models"].contains(path.parent.name)
    }

    private static func problem(_ failure: FileBytes.Failure, _ path: String) -> ContentProblem {
        let diagnostic =
            switch failure {
            case .tooLarge(let size):
                Diagnostic("E402", "file of \(size) bytes is too large for content", severity: .warning)
            case .unreadable: Diagnostic("E804", "file cannot be read", hint: "check its permissions")
            }
        return ContentProblem(file: path, position: .start, diagnostic: diagnostic)
    }
}
