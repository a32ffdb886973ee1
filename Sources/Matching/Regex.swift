// PCRE2, the family of engines that Splunk uses too: Swift's own Regex takes thirty times as long (2026-11-23).
// Patterns and subjects are UTF-8, but log bytes need not be: with PCRE2_MATCH_INVALID_UTF an invalid byte matches nothing
// and ends no process. Case folding follows Unicode; \w, \d and \s are ASCII, as in PCRE by default.

import CPCRE2
import Synchronization

/// A compiled regular expression. Matching is unanchored and case-sensitive unless the pattern says otherwise (`(?i)`).
///
/// One instance may be used from many threads at once.
public final class Regex: Sendable {
    public struct Group: Hashable, Sendable {
        public let name: String
        public let index: Int
    }

    public let pattern: String
    /// Capture groups without the whole match.
    public let groupCount: Int
    /// Named groups in the order of their numbers; `(?<name>...)` and `(?P<name>...)` alike.
    public let groupNames: [Group]
    public let limits: RegexLimits
    private let code: RegexCode
    private let idleScratch = Mutex<[RegexScratch]>([])

    /// - Throws: ``RegexError/Code/syntax`` with the offset for a pattern that PCRE2 refuses, and for one over the limits.
    public init(_ pattern: String, limits: RegexLimits = .standard) throws(RegexError) {
        guard pattern.utf8.count <= limits.patternBytes else {
            throw RegexError(.patternTooLong, "regular expression is longer than \(limits.patternBytes) bytes")
        }
        self.pattern = pattern
        self.limits = limits
        code = try RegexCode(pattern)
        groupCount = code.groupCount
        groupNames = code.groupNames
    }

    /// The first match at or after `start`.
    ///
    /// - Returns: nil when nothing matches.
    /// - Throws: when the match is given up (``RegexError/Code/matchLimit`` and its kin) and for a subject that is too
    ///   long. Neither is a "no".
    public func firstMatch(in subject: UnsafeRawBufferPointer, from start: Int = 0) throws(RegexError) -> RegexMatch? {
        let scratch = try takeScratch()
        defer { idleScratch.withLock { $0.append(scratch) } }
        guard try run(subject, from: start, options: 0, scratch: scratch) else { return nil }
        return scratch.match(groupCount: groupCount)
    }

    public func firstMatch(in subject: [UInt8], from start: Int = 0) throws(RegexError) -> RegexMatch? {
        try withBytes(of: subject) { bytes throws(RegexError) in try firstMatch(in: bytes, from: start) }
    }

    /// Whether the pattern matches anywhere. Allocates nothing.
    ///
    /// - Throws: as ``firstMatch(in:from:)``.
    public func matches(_ subject: UnsafeRawBufferPointer) throws(RegexError) -> Bool {
        let scratch = try takeScratch()
        defer { idleScratch.withLock { $0.append(scratch) } }
        return try run(subject, from: 0, options: 0, scratch: scratch)
    }

    public func matches(_ subject: [UInt8]) throws(RegexError) -> Bool {
        try withBytes(of: subject) { bytes throws(RegexError) in try matches(bytes) }
    }

    /// Calls `body` with each match from left to right, until it returns false. Matches do not overlap; one may be empty.
    ///
    /// - Throws: as ``firstMatch(in:from:)``; matches before the error have been passed on.
    public func forEachMatch(
        in subject: UnsafeRawBufferPointer, _ body: (RegexMatch) throws(RegexError) -> Bool
    ) throws(RegexError) {
        let scratch = try takeScratch()
        defer { idleScratch.withLock { $0.append(scratch) } }
        var start = 0
        var options: UInt32 = 0
        while try run(subject, from: start, options: options, scratch: scratch) {
            let match = scratch.match(groupCount: groupCount)
            guard try body(match) else { return }
            start = max(start, match.range.upperBound)
            // After an empty match the next one may begin here, but not be empty here. (Perl's way, an anchored second
            // try, would leave the JIT.)
            options = match.range.isEmpty ? UInt32(PCRE2_NOTEMPTY_ATSTART) : 0
        }
    }

    /// The matches from left to right, at most `limit` of them.
    ///
    /// - Throws: as ``firstMatch(in:from:)``.
    public func allMatches(in subject: [UInt8], limit: Int = .max) throws(RegexError) -> [RegexMatch] {
        guard limit > 0 else { return [] }
        return try withBytes(of: subject) { bytes throws(RegexError) in
            var matches: [RegexMatch] = []
            try forEachMatch(in: bytes) { match throws(RegexError) in
                matches.append(match)
                return matches.count < limit
            }
            return matches
        }
    }

    private func takeScratch() throws(RegexError) -> RegexScratch {
        if let idle = idleScratch.withLock({ $0.popLast() }) { return idle }
        return try RegexScratch(code: code, limits: limits)
    }

    private func run(
        _ subject: UnsafeRawBufferPointer, from start: Int, options: UInt32, scratch: RegexScratch
    ) throws(RegexError) -> Bool {
        guard subject.count <= limits.subjectBytes else {
            throw RegexError(.subjectTooLong, "text of \(subject.count) bytes is too long for a regular expression")
        }
        precondition(start >= 0 && start <= subject.count, "match start outside the text")
        let result = scratch.run(code: code, subject, from: start, options: options)
        if result > 0 { return true }
        switch result {
        case PCRE2_ERROR_NOMATCH:
            return false
        case PCRE2_ERROR_MATCHLIMIT:
            throw RegexError(
                .matchLimit, "regular expression '\(pattern)' gives up after \(limits.matchSteps) steps",
                hint: "nested repetitions such as '(a+)+' take exponential time; make the pattern stricter")
        case PCRE2_ERROR_DEPTHLIMIT:
            throw RegexError(.depthLimit, "regular expression '\(pattern)' nests too deeply on this text")
        case PCRE2_ERROR_HEAPLIMIT, PCRE2_ERROR_JIT_STACKLIMIT, PCRE2_ERROR_NOMEMORY:
            throw RegexError(.memoryLimit, "regular expression '\(pattern)' needs too much memory on this text")
        default:
            throw RegexError(.engine, "regular expression '\(pattern)' fails: \(RegexCode.message(result))")
        }
    }
}

/// Where a pattern matched: byte offsets into the subject.
public struct RegexMatch: Hashable, Sendable {
    /// The whole match, then the capture groups by number; nil for a group that took no part.
    public let groups: [Range<Int>?]

    public var range: Range<Int> { groups[0] ?? 0..<0 }

    /// - Returns: nil for a group that took no part, and for a number that the pattern does not have.
    public subscript(group: Int) -> Range<Int>? { groups.indices.contains(group) ? groups[group] : nil }
}

/// `withUnsafeBytes` for a body with typed errors.
func withBytes<Result>(
    of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(RegexError) -> Result
) throws(RegexError) -> Result {
    let result: Swift.Result<Result, RegexError> = bytes.withUnsafeBytes { buffer in
        do throws(RegexError) { return .success(try body(buffer)) } catch { return .failure(error) }
    }
    return try result.get()
}
