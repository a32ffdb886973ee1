/// Which fields a search needs of its source. Extraction computes these and no others.
public struct FieldSet: Hashable, Sendable {
    /// Every field there is.
    public var isAll: Bool
    public var names: Set<String>
    /// Names with `*` wildcards, such as `requestParameters.*`.
    public var patterns: Set<String>

    public init(isAll: Bool = false, names: Set<String> = [], patterns: Set<String> = []) {
        self.isAll = isAll
        self.names = names
        self.patterns = patterns
    }

    public static let all = FieldSet(isAll: true)
    public static let none = FieldSet()

    /// A name that holds `*` counts as a pattern; `*` alone is everything.
    public mutating func insert(_ name: String) {
        if name == "*" {
            isAll = true
        } else if name.contains("*") {
            patterns.insert(name)
        } else {
            names.insert(name)
        }
    }

    public mutating func formUnion(_ other: FieldSet) {
        isAll = isAll || other.isAll
        names.formUnion(other.names)
        patterns.formUnion(other.patterns)
    }

    public func contains(_ name: String) -> Bool {
        isAll || names.contains(name) || patterns.contains { FieldSet.matches($0, name) }
    }

    /// `*` is any run of characters, the empty run too; names are case-sensitive.
    public static func matches(_ pattern: String, _ name: String) -> Bool {
        let pattern = Array(pattern.utf8)
        let name = Array(name.utf8)
        var p = 0, n = 0, star = -1, mark = 0
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = p
                mark = n
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] {
                p += 1
                n += 1
            } else if star >= 0 {
                p = star + 1
                mark += 1
                n = mark
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
        return p == pattern.count
    }
}
