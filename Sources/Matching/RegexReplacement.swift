/// The right side of a replacement: `\1` ... `\99` stand for groups, `\0` for the whole match, `\\` for a backslash;
/// every other byte, a backslash before anything else too, is itself.
///
/// Source: Splunk Search Reference, "Text functions", replace (`\1`); the rest is our choice.
public struct RegexReplacement: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case literal([UInt8])
        case group(Int)
    }

    let parts: [Part]

    /// - Throws: ``RegexError/Code/unknownGroup`` for a group that the pattern does not have. Of two digits the second
    ///   belongs to the number only where there is such a group.
    public init(_ template: [UInt8], for regex: Regex) throws(RegexError) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var index = 0
        while index < template.count {
            let byte = template[index]
            let next = index + 1 < template.count ? template[index + 1] : 0
            guard byte == UInt8(ascii: "\\"), next == byte || next &- 48 < 10 else {
                literal.append(byte)
                index += 1
                continue
            }
            if next == byte {
                literal.append(byte)
                index += 2
                continue
            }
            var group = Int(next - 48)
            var end = index + 2
            if group > 0, end < template.count, template[end] &- 48 < 10 {
                let longer = group * 10 + Int(template[end] - 48)
                if longer <= regex.groupCount {
                    group = longer
                    end += 1
                }
            }
            guard group <= regex.groupCount else {
                throw RegexError(
                    .unknownGroup,
                    "replacement refers to group '\\\(group)', but '\(regex.pattern)' has \(regex.groupCount)",
                    offset: index)
            }
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
            parts.append(.group(group))
            index = end
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }
}

extension Regex {
    /// Which matches a replacement takes.
    public enum Occurrences: Hashable, Sendable {
        case all
        /// Counted from 1.
        case only(Int)
    }

    /// `subject` with matches replaced; invalid UTF-8 outside the matches stays as it is.
    ///
    /// - Throws: as ``firstMatch(in:from:)``, and ``RegexError/Code/outputTooLong``.
    public func replacing(
        in subject: UnsafeRawBufferPointer, with replacement: RegexReplacement, _ occurrences: Occurrences = .all
    ) throws(RegexError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(subject.count)
        var copied = 0
        var number = 0
        try forEachMatch(in: subject) { match throws(RegexError) in
            number += 1
            if case .only(let wanted) = occurrences, number != wanted { return number < wanted }
            // \K and lookbehind may begin a match inside the one before.
            let start = max(copied, match.range.lowerBound)
            output += subject[copied..<start]
            for part in replacement.parts {
                switch part {
                case .literal(let bytes): output += bytes
                case .group(let group): output += match[group].map { subject[$0] } ?? subject[0..<0]
                }
            }
            copied = max(start, match.range.upperBound)
            guard output.count <= limits.outputBytes else {
                throw RegexError(.outputTooLong, "replacement by '\(pattern)' gives over \(limits.outputBytes) bytes")
            }
            if case .only = occurrences { return false }
            return true
        }
        return output + subject[copied...]
    }

    public func replacing(
        in subject: [UInt8], with replacement: RegexReplacement, _ occurrences: Occurrences = .all
    ) throws(RegexError) -> [UInt8] {
        try withBytes(of: subject) { bytes throws(RegexError) in
            try replacing(in: bytes, with: replacement, occurrences)
        }
    }

    /// As ``replacing(in:with:_:)`` with every match, compiling the replacement each time.
    public func replaceAll(in subject: [UInt8], with template: [UInt8]) throws(RegexError) -> [UInt8] {
        let replacement = try RegexReplacement(template, for: self)
        return try replacing(in: subject, with: replacement)
    }
}
