/// Parts of a path as text. Foundation's ways to them first clean the path, at a cost that a start of the program feels.
struct ContentPath {
    private let path: Substring

    init(_ path: String) {
        var path = Substring(path)
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        self.path = path
    }

    /// The last component.
    var name: String { String(path.utf8[nameStart...]) ?? "" }

    /// The path without its last component; empty where there is none before it.
    var parent: ContentPath {
        let head = Substring(path.utf8[..<nameStart])
        return ContentPath(String(head))
    }

    var text: String { String(path) }

    /// Of the name: what follows the last dot, unless nothing stands before it.
    var fileExtension: String { dot.map { String(path.utf8[path.utf8.index(after: $0)...]) ?? "" } ?? "" }

    /// The name without its extension.
    var stem: String { dot.map { String(path.utf8[nameStart..<$0]) ?? "" } ?? name }

    private var nameStart: String.Index {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
    }

    private var dot: String.Index? {
        let start = nameStart
        guard let dot = path.utf8[start...].lastIndex(of: UInt8(ascii: ".")), dot > start else { return nil }
        return dot
    }
}
