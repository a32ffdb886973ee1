/// A file's bytes with its lines, cut where YAML cuts them.
struct SourceText {
    let bytes: [UInt8]
    /// Each line's bytes, without its break.
    private let lineRanges: [Range<Int>]

    init(_ text: String) {
        bytes = Array(text.utf8)
        var ranges: [Range<Int>] = []
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var index = start
        while index < bytes.count {
            guard Self.startsBreak(bytes[index]) else {
                index += 1
                continue
            }
            let length = Self.breakLength(bytes, index)
            if length > 0 {
                ranges.append(start..<index)
                start = index + length
            }
            index += max(1, length)
        }
        ranges.append(start..<bytes.count)
        lineRanges = ranges
    }

    /// The bytes of a one-based line without its line break; nil past the end.
    func line(_ number: Int) -> ArraySlice<UInt8>? {
        guard number >= 1, number <= lineRanges.count else { return nil }
        return bytes[lineRanges[number - 1]]
    }

    /// libYAML counts one more line where the last one has no break.
    func clamped(_ position: TextPosition) -> TextPosition {
        guard position.line > lineRanges.count, let last = lineRanges.last else { return position }
        return TextPosition(line: lineRanges.count, column: bytes[last].count { $0 & 0xC0 != 0x80 } + 1)
    }

    /// The byte offset of a place, counting its column in Unicode scalars.
    func offset(of position: TextPosition) -> Int? {
        guard let line = line(position.line) else { return nil }
        var column = 1
        var index = line.startIndex
        while column < position.column, index < line.endIndex {
            index += 1
            while index < line.endIndex, bytes[index] & 0xC0 == 0x80 { index += 1 }
            column += 1
        }
        return index
    }

    private static func startsBreak(_ byte: UInt8) -> Bool {
        byte < 0x20 ? byte == 0x0A || byte == 0x0D : byte == 0xC2 || byte == 0xE2
    }

    /// Bytes of the line break at an offset: CR LF, CR, LF, U+0085, U+2028, U+2029; 0 when there is none.
    static func breakLength(_ bytes: [UInt8], _ index: Int) -> Int {
        func byte(_ distance: Int) -> UInt8 { index + distance < bytes.count ? bytes[index + distance] : 0 }
        switch byte(0) {
        case 0x0D: return byte(1) == 0x0A ? 2 : 1
        case 0x0A: return 1
        case 0xC2: return byte(1) == 0x85 ? 2 : 0
        case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
        default: return 0
        }
    }
}
