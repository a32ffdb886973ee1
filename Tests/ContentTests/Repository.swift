import Content
import Foundation

/// Where the tests' files are.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The reference material beside the repository (`ACCRUE_SHARED`, else ../shared); nil where there is none.
    static let shared: URL? = {
        let path = ProcessInfo.processInfo.environment["ACCRUE_SHARED"]
        let url = path.map { URL(filePath: $0) } ?? root.deletingLastPathComponent().appending(path: "shared")
        return FileManager.default.fileExists(atPath: url.appending(path: "corpus").path) ? url : nil
    }()

    /// Content files below a folder, sorted, named relative to `base`.
    static func files(below folder: URL, endings: [String] = ["yml", "json"]) throws -> [(name: String, text: String)] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.resolvingSymlinksInPath().path)
        return try names.sorted().filter { name in endings.contains { name.hasSuffix(".\($0)") } }.map { name in
            (folder.lastPathComponent + "/" + name, try text(folder.appending(path: name)))
        }
    }

    static func text(_ url: URL) throws -> String {
        String(decoding: try Data(contentsOf: url), as: UTF8.self)
    }

    static func catalog(_ files: [(name: String, text: String)]) -> ContentCatalog {
        var loader = ContentLoader()
        for file in files { loader.add(file: file.name, text: file.text) }
        return loader.catalog()
    }

    /// The content that ships with the repository.
    static func shippedCatalog() throws -> ContentCatalog {
        let conf = "rules/macros/macros.conf"
        return catalog(
            try ["rules", "risk"].flatMap { try files(below: root.appending(path: $0)) }
                + [(conf, try text(root.appending(path: conf)))])
    }

    static func attackMatrix() throws -> AttackMatrix {
        let folder = root.appending(path: "risk/attack")
        return try AttackMatrix(
            tactics: ("tactics.csv", try text(folder.appending(path: "tactics.csv"))),
            techniques: ("techniques.csv", try text(folder.appending(path: "techniques.csv"))))
    }
}
