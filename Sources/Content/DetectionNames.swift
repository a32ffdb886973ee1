/// The names by which a detection may be picked, folded once for any number of patterns.
struct DetectionNames {
    private let names: [[Character]]

    init(_ detection: Detection) {
        let path = detection.file.utf8
        let start = path.lastIndex(of: UInt8(ascii: "/")).map { path.index(after: $0) } ?? path.startIndex
        let fileName = detection.file[start...]
        let stem = fileName.utf8.lastIndex(of: UInt8(ascii: ".")).map { fileName[..<$0] } ?? fileName
        names = [detection.name, detection.searchName, detection.file, String(fileName), String(stem)]
            .map { Glob.folded($0) }
    }

    func match(_ glob: Glob) -> Bool { names.contains { glob.matches($0) } }
}
