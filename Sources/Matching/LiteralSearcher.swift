// One literal in a text: memchr for the literal's rarest byte, then a comparison. memchr reads 32 bytes a step, so a rare
// byte decides the speed. Text made to defeat this (many near hits) goes over to a search that is linear.

import Glibc

struct LiteralSearcher: Hashable, Sendable {
    /// In lower case when `ignoresASCIICase`.
    let needle: [UInt8]
    let ignoresASCIICase: Bool
    private let rareIndex: Int

    /// - Parameter ignoresASCIICase: `needle` must then be folded. Letters beyond ASCII compare as they are.
    init(_ needle: [UInt8], ignoresASCIICase: Bool) {
        self.needle = needle
        self.ignoresASCIICase = ignoresASCIICase
        rareIndex =
            needle.indices.min { LiteralSearcher.frequency(needle[$0]) < LiteralSearcher.frequency(needle[$1]) } ?? 0
    }

    /// The offset of the first occurrence at or after `start`; `start` itself for an empty literal.
    func firstIndex(in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        guard !needle.isEmpty else { return start }
        guard bytes.count - start >= needle.count else { return nil }
        // Where the rare byte may stand.
        let end = bytes.count - needle.count + rareIndex + 1
        var hit = nextRareByte(in: bytes, from: start + rareIndex, to: end)
        var budget = 8 * (bytes.count - start) + 256
        while hit < end {
            if isPresent(in: bytes, at: hit - rareIndex) { return hit - rareIndex }
            budget -= needle.count
            if budget < 0 { return linearIndex(in: bytes, from: hit - rareIndex + 1) }
            hit = nextRareByte(in: bytes, from: hit + 1, to: end)
        }
        return nil
    }

    /// The rarest byte in either case, `end` when there is none.
    private func nextRareByte(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        let lower = needle[rareIndex]
        guard ignoresASCIICase, lower &- 97 < 26 else { return find(lower, in: bytes, from: start, to: end) }
        // Windows that grow: were one case looked for to the very end each time, text with many hits in the other case
        // would take quadratic time.
        var start = start
        var window = 256
        while start < end {
            let windowEnd = min(end, start + window)
            let lowerHit = find(lower, in: bytes, from: start, to: windowEnd)
            let hit = find(lower & 0xDF, in: bytes, from: start, to: lowerHit)
            if hit < windowEnd { return hit }
            start = windowEnd
            window *= 2
        }
        return end
    }

    /// Whether the literal stands at `offset`; false where it would reach over the end.
    func isPresent(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        guard offset >= 0, bytes.count - offset >= needle.count else { return false }
        guard let base = bytes.baseAddress else { return needle.isEmpty }
        let text = base + offset
        if !ignoresASCIICase { return memcmp(text, needle, needle.count) == 0 }
        return needle.withUnsafeBytes { needle in
            for index in 0..<needle.count
            where CaseFolding.asciiLower(text.load(fromByteOffset: index, as: UInt8.self)) != needle[index] {
                return false
            }
            return true
        }
    }

    private func find(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        guard start < end, let base = bytes.baseAddress, let hit = memchr(base + start, Int32(byte), end - start) else {
            return end
        }
        return UnsafeRawPointer(hit) - base
    }

    /// Knuth, Morris and Pratt: every byte of the text is looked at no more than twice.
    private func linearIndex(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var borders = [0]
        var border = 0
        for index in needle.indices.dropFirst() {
            while border > 0, needle[index] != needle[border] { border = borders[border - 1] }
            if needle[index] == needle[border] { border += 1 }
            borders.append(border)
        }
        var matched = 0
        for index in start..<bytes.count {
            let byte = ignoresASCIICase ? CaseFolding.asciiLower(bytes[index]) : bytes[index]
            while matched > 0, byte != needle[matched] { matched = borders[matched - 1] }
            if byte == needle[matched] { matched += 1 }
            if matched == needle.count { return index + 1 - matched }
        }
        return nil
    }

    /// How common a byte is in logs, roughly; letters in either case.
    private static func frequency(_ byte: UInt8) -> Int {
        commonBytes.firstIndex(of: CaseFolding.asciiLower(byte)).map { commonBytes.count - $0 } ?? 0
    }

    private static let commonBytes = Array(" \"etaoinsrlc0,:1dmup.2-/h_3f5g4bv68w97\\yk='x;zqj".utf8)
}
