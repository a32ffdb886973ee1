// Keywords and phrases of the search command, tested against `_raw`. Splunk looks them up in an index of terms; without
// one, a keyword matches where it stands between breakers (docs/decisions/0002), and `*` at an end drops that end's breaker.

/// One keyword, phrase, `TERM(...)` or `CASE(...)` of a search.
public struct KeywordMatcher: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Case ignored; delimited by any breaker.
        case keyword
        /// Case ignored; delimited by major breakers, so that minor ones belong to the term.
        case term
        /// Case kept; delimited by any breaker.
        case caseSensitive
    }

    private let segments: [LiteralSearcher]
    private let level: SegmentBreaker.Level
    private let startIsOpen: Bool
    private let endIsOpen: Bool
    /// A `*` inside a keyword stays within one major segment; inside a phrase that itself has major breakers it may
    /// span anything. Splunk leaves both open.
    private let runsStayInSegment: Bool
    private let ignoresCase: Bool
    private let needsUnicodeFolding: Bool

    public init(_ text: [UInt8], kind: Kind) {
        ignoresCase = kind != .caseSensitive
        let folded = ignoresCase ? CaseFolding.fold(text) : text
        needsUnicodeFolding = ignoresCase && !CaseFolding.isASCII(folded)
        level = kind == .term ? .major : .minor
        let star = UInt8(ascii: "*")
        startIsOpen = folded.first == star
        endIsOpen = folded.last == star
        let ignoresCase = ignoresCase
        segments = folded.split(separator: star).map { LiteralSearcher(Array($0), ignoresASCIICase: ignoresCase) }
        runsStayInSegment = !folded.contains { $0 != star && SegmentBreaker.isBreaker($0, level: .major) }
    }

    /// True for `*` alone and for an empty text.
    public var matchesEverything: Bool { segments.isEmpty }

    /// Literals that every matching event contains; see ``WildcardPattern/requiredLiterals``.
    public var requiredLiterals: [[UInt8]] {
        let literals = segments.map(\.needle)
        return ignoresCase ? literals.flatMap(asciiRuns) : literals
    }

    public func matches(_ raw: UnsafeRawBufferPointer) -> Bool {
        if matchesEverything { return true }
        guard needsUnicodeFolding else { return search(raw) }
        return CaseFolding.withFolded(raw, search)
    }

    public func matches(_ raw: [UInt8]) -> Bool { raw.withUnsafeBytes(matches) }

    private func search(_ raw: UnsafeRawBufferPointer) -> Bool {
        let first = segments[0]
        var start = 0
        while let hit = first.firstIndex(in: raw, from: start) {
            start = hit + 1
            guard startIsOpen || isDelimited(startOf: first, at: hit, in: raw) else { continue }
            let end = hit + first.needle.count
            if segments.count == 1 {
                if endIsOpen || isDelimited(endOf: first, at: end, in: raw) { return true }
                continue
            }
            let limit = runsStayInSegment ? SegmentBreaker.majorSegmentEnd(from: end, in: raw) : raw.count
            if restMatches(UnsafeRawBufferPointer(rebasing: raw[..<limit]), from: end, in: raw) { return true }
            // What was not found behind this start is not behind a later one in the same stretch either.
            start = max(start, limit)
        }
        return false
    }

    private func restMatches(_ stretch: UnsafeRawBufferPointer, from start: Int, in raw: UnsafeRawBufferPointer) -> Bool
    {
        var position = start
        for segment in segments[1..<(segments.count - 1)] {
            guard let hit = segment.firstIndex(in: stretch, from: position) else { return false }
            position = hit + segment.needle.count
        }
        let last = segments[segments.count - 1]
        while let hit = last.firstIndex(in: stretch, from: position) {
            if endIsOpen || isDelimited(endOf: last, at: hit + last.needle.count, in: raw) { return true }
            position = hit + 1
        }
        return false
    }

    /// A literal that begins with a breaker delimits itself.
    private func isDelimited(startOf literal: LiteralSearcher, at offset: Int, in raw: UnsafeRawBufferPointer) -> Bool {
        SegmentBreaker.isBreaker(literal.needle[0], level: level)
            || SegmentBreaker.isBoundary(before: offset, in: raw, level: level)
    }

    private func isDelimited(endOf literal: LiteralSearcher, at offset: Int, in raw: UnsafeRawBufferPointer) -> Bool {
        SegmentBreaker.isBreaker(literal.needle[literal.needle.count - 1], level: level)
            || SegmentBreaker.isBoundary(after: offset, in: raw, level: level)
    }
}
