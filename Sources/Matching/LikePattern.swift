/// The pattern of `like(text, pattern)` and `LIKE`: `%` is any run, `_` one character, the rest literal and
/// case-sensitive; it must cover the whole text.
///
/// A character is a code point; a byte that is not valid UTF-8 counts as one. There is no escape: none is documented.
/// Source: Splunk Search Reference, "Comparison and conditional functions", like.
public struct LikePattern: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case segments(SegmentPattern)
        case characters([UInt8])
    }

    private let form: Form

    public init(_ pattern: [UInt8]) {
        form =
            pattern.contains(UInt8(ascii: "_"))
            ? .characters(pattern) : .segments(SegmentPattern(pattern, run: UInt8(ascii: "%"), ignoresASCIICase: false))
    }

    public func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch form {
        case .segments(let segments): segments.matches(bytes)
        case .characters(let pattern): pattern.withUnsafeBytes { LikePattern.matches(bytes, pattern: $0) }
        }
    }

    public func matches(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes(matches) }

    /// Only the last `%` is ever taken up again: what lies before it has its leftmost place already. At worst the work
    /// is text times pattern, never exponential.
    private static func matches(_ text: UnsafeRawBufferPointer, pattern: UnsafeRawBufferPointer) -> Bool {
        var textIndex = 0
        var patternIndex = 0
        var run: (pattern: Int, text: Int)?
        while textIndex < text.count {
            if patternIndex < pattern.count {
                let byte = pattern[patternIndex]
                if byte == UInt8(ascii: "%") {
                    run = (patternIndex + 1, textIndex)
                    patternIndex += 1
                    continue
                }
                if byte == UInt8(ascii: "_") {
                    textIndex += characterCount(text, at: textIndex)
                    patternIndex += 1
                    continue
                }
                if byte == text[textIndex] {
                    textIndex += 1
                    patternIndex += 1
                    continue
                }
            }
            guard let last = run else { return false }
            // A whole character, so that `_` never begins inside one.
            textIndex = last.text + characterCount(text, at: last.text)
            patternIndex = last.pattern
            run = (last.pattern, textIndex)
        }
        while patternIndex < pattern.count, pattern[patternIndex] == UInt8(ascii: "%") { patternIndex += 1 }
        return patternIndex == pattern.count
    }

    private static func characterCount(_ text: UnsafeRawBufferPointer, at index: Int) -> Int {
        let count =
            switch text[index] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard index + count <= text.count else { return 1 }
        for offset in 1..<max(count, 1) where text[index + offset] & 0xC0 != 0x80 { return 1 }
        return count
    }
}
