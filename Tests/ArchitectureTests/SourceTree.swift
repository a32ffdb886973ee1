import Foundation

/// The repository this test was built from, and the Swift files in it.
enum SourceTree {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    static func folders(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey]
        )
        .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
        .map(\.lastPathComponent)
        .sorted()
    }

    /// Paths of the Swift files below `path`, relative to the repository, sorted. Empty where there is no such folder.
    static func swiftFiles(below path: String) -> [String] {
        let folder = root.appending(path: path)
        guard let names = FileManager.default.enumerator(atPath: folder.path(percentEncoded: false)) else { return [] }
        return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { "\(path)/\($0)" }.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
