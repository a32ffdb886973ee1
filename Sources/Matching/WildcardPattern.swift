// Patterns in which one byte stands for any run: `*` in search, `%` in like. Between the runs lie literals; the first and
// last may be anchored, and each of the others is taken at its leftmost place, which is never worse than a later one. So
// there is no backtracking and no pattern is slow.

struct SegmentPattern: Hashable, Sendable {
    private let first: LiteralSearcher?
    private let middle: [LiteralSearcher]
    private let last: LiteralSearcher?
    /// No run at all: the pattern is one literal that must be the whole text.
    private let exact: LiteralSearcher?
    private let minimumCount: Int

    init(_ pattern: [UInt8], run: UInt8, ignoresASCIICase: Bool) {
        let parts = pattern.split(separator: run, omittingEmptySubsequences: false).map {
            LiteralSearcher(Array($0), ignoresASCIICase: ignoresASCIICase)
        }
        minimumCount = parts.reduce(0) { $0 + $1.needle.count }
        if parts.count == 1 {
            (exact, first, last, middle) = (parts[0], nil, nil, [])
        } else {
            exact = nil
            first = parts.first.flatMap { $0.needle.isEmpty ? nil : $0 }
            last = parts.last.flatMap { $0.needle.isEmpty ? nil : $0 }
            middle = parts.dropFirst().dropLast().filter { !$0.needle.isEmpty }
        }
    }

    var literals: [[UInt8]] {
        ([exact, first].compactMap(\.self) + middle + [last].compactMap(\.self)).map(\.needle).filter { !$0.isEmpty }
    }

    func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= minimumCount else { return false }
        if let exact { return bytes.count == exact.needle.count && exact.isPresent(in: bytes, at: 0) }
        var start = 0
        var end = bytes.count
        if let first {
            guard first.isPresent(in: bytes, at: 0) else { return false }
            start = first.needle.count
        }
        if let last {
            end -= last.needle.count
            guard last.isPresent(in: bytes, at: end) else { return false }
        }
        if middle.isEmpty { return true }
        let text = UnsafeRawBufferPointer(rebasing: bytes[..<end])
        for literal in middle {
            guard let hit = literal.firstIndex(in: text, from: start) else { return false }
            start = hit + literal.needle.count
        }
        return true
    }
}

/// A search pattern over a whole value: `*` is any run of bytes, the empty one too, and there is no escape.
///
/// Source: Splunk Search Manual, "Wildcards".
public struct WildcardPattern: Hashable, Sendable {
    public let isCaseSensitive: Bool
    /// `*`: accepts every value.
    public let matchesEverything: Bool
    /// True when there is no `*`.
    public let isLiteral: Bool
    private let segments: SegmentPattern
    private let needsUnicodeFolding: Bool

    public init(_ pattern: [UInt8], caseSensitive: Bool) {
        let folded = caseSensitive ? pattern : CaseFolding.fold(pattern)
        isCaseSensitive = caseSensitive
        matchesEverything = !pattern.isEmpty && pattern.allSatisfy { $0 == UInt8(ascii: "*") }
        isLiteral = !pattern.contains(UInt8(ascii: "*"))
        needsUnicodeFolding = !caseSensitive && !CaseFolding.isASCII(folded)
        segments = SegmentPattern(folded, run: UInt8(ascii: "*"), ignoresASCIICase: !caseSensitive)
    }

    public func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if matchesEverything { return true }
        guard needsUnicodeFolding else { return segments.matches(bytes) }
        return CaseFolding.withFolded(bytes, segments.matches)
    }

    public func matches(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes(matches) }

    /// Literals that every matching value contains, in order; in lower case when case is ignored.
    ///
    /// They are fit for ``LiteralScanner``, whose caselessness ends with ASCII: where case is ignored, bytes beyond ASCII
    /// are left out and divide a literal in two.
    public var requiredLiterals: [[UInt8]] {
        isCaseSensitive ? segments.literals : segments.literals.flatMap(asciiRuns)
    }
}

/// The maximal runs of ASCII bytes.
func asciiRuns(_ literal: [UInt8]) -> [[UInt8]] {
    literal.split { $0 >= 0x80 }.map(Array.init)
}
