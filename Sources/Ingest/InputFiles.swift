// From what the user named to the files to read, in an order that depends on names alone.

import Glibc

/// One file to read.
struct PlannedInput: Sendable {
    /// As the user gave it, or the folder as given plus the names below.
    var path: String
    var spec: InputSpec
}

enum InputFiles {
    /// A deeper tree than this is a loop or a mistake.
    private static let maxFolderDepth = 64

    /// The files of `specs` in the order given, those of a folder sorted by the bytes of their paths.
    static func expand(_ specs: [InputSpec]) -> (inputs: [PlannedInput], problems: [InputError]) {
        var inputs: [PlannedInput] = []
        var problems: [InputError] = []
        for spec in specs {
            if spec.path == "-" {
                inputs.append(PlannedInput(path: "-", spec: spec))
                continue
            }
            var status = stat()
            guard stat(spec.path, &status) == 0 else {
                problems.append(.opening(spec.path, errno))
                continue
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                inputs.append(PlannedInput(path: spec.path, spec: spec))
                continue
            }
            var paths: [String] = []
            walk(spec.path, [FolderIdentity(status)], &paths, &problems)
            paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            inputs += paths.map { PlannedInput(path: $0, spec: spec) }
            if paths.isEmpty {
                problems.append(
                    InputError(
                        code: .empty, path: spec.path, message: "no files in '\(spec.path)'",
                        hint: "name a folder that holds logs"))
            }
        }
        return (inputs, problems)
    }

    private struct FolderIdentity: Hashable {
        var device: UInt64
        var inode: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// - Parameter above: the folders that lead here, to see a link that leads back.
    private static func walk(
        _ folder: String, _ above: [FolderIdentity], _ paths: inout [String], _ problems: inout [InputError]
    ) {
        guard let names = list(folder) else {
            problems.append(.opening(folder, errno))
            return
        }
        for name in names {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            var status = stat()
            guard stat(path, &status) == 0 else {
                problems.append(.opening(path, errno))
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                paths.append(path)
            case S_IFDIR:
                let identity = FolderIdentity(status)
                if above.contains(identity) {
                    problems.append(skipped(path, "a link back to a folder above"))
                } else if above.count >= maxFolderDepth {
                    problems.append(skipped(path, "nested more than \(maxFolderDepth) folders deep"))
                } else {
                    walk(path, above + [identity], &paths, &problems)
                }
            default:
                problems.append(skipped(path, "neither a file nor a folder"))
            }
        }
    }

    private static func skipped(_ path: String, _ reason: String) -> InputError {
        InputError(
            code: .skippedFile, path: path, message: "'\(path)' is \(reason)", hint: "name it on its own to read it")
    }

    /// The names in a folder, sorted; nil with errno set where it cannot be listed.
    private static func list(_ folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: field.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
