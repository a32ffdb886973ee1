import Columns

// A table of wildcards may have tens of thousands of rows (`*.example.net`), and trying each on every value costs a
// millisecond a value. Nearly all patterns begin or end in a literal, so they are filed under it.

/// Which rows of a table a value may match, going by the literal at the end or at the start of each row's pattern.
struct WildcardIndex: Sendable {
    /// Longer anchors tell no more apart, and each length costs a probe a value.
    private static let anchorLength = 8

    private var suffixes: [[UInt8]: [Int]] = [:]
    private var prefixes: [[UInt8]: [Int]] = [:]
    private var suffixLengths: Set<Int> = []
    private var prefixLengths: Set<Int> = []
    /// Patterns with a `*` at both ends.
    private var others: [Int] = []

    /// - Parameter patterns: of all rows; folded where case is ignored.
    init(_ patterns: [[UInt8]]) {
        let star = UInt8(ascii: "*")
        for (row, pattern) in patterns.enumerated() {
            let suffix = pattern.reversed().prefix { $0 != star }.prefix(Self.anchorLength).reversed()
            let prefix = pattern.prefix { $0 != star }.prefix(Self.anchorLength)
            if suffix.isEmpty, prefix.isEmpty, !pattern.isEmpty {
                others.append(row)
            } else if suffix.count >= prefix.count {
                suffixes[Array(suffix), default: []].append(row)
                suffixLengths.insert(suffix.count)
            } else {
                prefixes[Array(prefix), default: []].append(row)
                prefixLengths.insert(prefix.count)
            }
        }
    }

    /// Rows in file order; every row that matches is among them.
    func candidates(_ value: [UInt8]) -> [Int] {
        var rows = others
        for length in suffixLengths where length <= value.count {
            if let found = suffixes[Array(value.suffix(length))] { rows += found }
        }
        for length in prefixLengths where length <= value.count {
            if let found = prefixes[Array(value.prefix(length))] { rows += found }
        }
        return rows.sorted()
    }
}
