/// A value of a content file with its place in the file: aliases written out, sizes bounded, keys as text.
struct YAMLNode: Sendable {
    enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

    enum Content: Sendable {
        case scalar(String, Style)
        case list([YAMLNode])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        var key: String
        var keyPosition: TextPosition
        var value: YAMLNode
    }

    var content: Content
    var position: TextPosition

    /// An unquoted empty value, `~` or `null`: the key counts as not given.
    var isNull: Bool {
        guard case .scalar(let text, .plain) = content, text.utf8.count <= 4 else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    var entries: [Entry]? {
        guard case .mapping(let entries) = content else { return nil }
        return entries
    }

    /// What the value is, for messages.
    var kindName: String {
        switch content {
        case .scalar where isNull: "empty"
        case .scalar: "text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A place in a file: one-based line, and one-based column counted in Unicode scalars.
public struct TextPosition: Sendable, Hashable, Comparable {
    public var line: Int
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The first character of a file, for messages about the whole file.
    public static let start = TextPosition(line: 1, column: 1)

    public static func < (lhs: TextPosition, rhs: TextPosition) -> Bool {
        (lhs.line, lhs.column) < (rhs.line, rhs.column)
    }
}
