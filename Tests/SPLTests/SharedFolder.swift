import Foundation

/// Where reference material lies that is no part of the repository: `ACCRUE_SHARED`, or `shared` beside the repository.
enum SharedFolder {
    static let path: String? = {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let path =
            ProcessInfo.processInfo.environment["ACCRUE_SHARED"]
            ?? repository.appending(path: "../shared").standardized.path()
        return FileManager.default.fileExists(atPath: path + "/corpus") ? path : nil
    }()
}
