/// Matches a plain or quoted value with its text in the file.
enum FlowScalarAlignment {
    static func pieces(
        _ value: [UInt8], _ style: YAMLNode.Style, _ start: TextPosition, _ source: SourceText
    ) -> [TextOrigin.Piece] {
        guard let offset = source.offset(of: start) else { return [] }
        var walk = Walk(value: value, bytes: source.bytes, offset: offset, position: start)
        switch style {
        case .singleQuoted:
            walk.skip(1)
            walk.run { $0.takeSingleQuoted() }
        case .doubleQuoted:
            walk.skip(1)
            walk.run { $0.takeDoubleQuoted() }
        case .plain, .literal, .folded:
            walk.run { $0.takeEqual() }
        }
        return walk.pieces
    }

    private struct Walk {
        let value: [UInt8]
        let bytes: [UInt8]
        var offset: Int
        var position: TextPosition
        var valueOffset = 0
        var pieces: [TextOrigin.Piece] = []
        var isContiguous = false

        init(value: [UInt8], bytes: [UInt8], offset: Int, position: TextPosition) {
            self.value = value
            self.bytes = bytes
            self.offset = offset
            self.position = position
        }

        /// Takes characters until the value ends or the two texts part.
        mutating func run(_ take: (inout Walk) -> Bool) {
            while valueOffset < value.count, offset < bytes.count {
                if !isContiguous {
                    pieces.append(.init(valueOffset: valueOffset, position: position))
                    isContiguous = true
                }
                if takeFold() { continue }
                guard take(&self) else { return }
            }
        }

        /// Moves over bytes of one line of the file.
        mutating func skip(_ count: Int) {
            for byte in bytes[offset..<min(bytes.count, offset + count)] where byte & 0xC0 != 0x80 {
                position.column += 1
            }
            offset += count
        }

        mutating func takeEqual() -> Bool {
            guard bytes[offset] == value[valueOffset] else { return false }
            skip(1)
            valueOffset += 1
            return true
        }

        mutating func takeSingleQuoted() -> Bool {
            guard takeEqual() else { return false }
            if bytes[offset - 1] == UInt8(ascii: "'"), offset < bytes.count, bytes[offset] == UInt8(ascii: "'") {
                skip(1)
                isContiguous = false
            }
            return true
        }

        mutating func takeDoubleQuoted() -> Bool {
            guard bytes[offset] == UInt8(ascii: "\\"), offset + 1 < bytes.count else { return takeEqual() }
            isContiguous = false
            switch bytes[offset + 1] {
            case UInt8(ascii: "x"): takeEscape(length: 4)
            case UInt8(ascii: "u"): takeEscape(length: 6)
            case UInt8(ascii: "U"): takeEscape(length: 10)
            case 0x0A, 0x0D: takeJoin()
            default: takeEscape(length: 2)
            }
            return true
        }

        private mutating func takeEscape(length: Int) {
            skip(min(length, bytes.count - offset))
            valueOffset += 1
            while valueOffset < value.count, value[valueOffset] & 0xC0 == 0x80 { valueOffset += 1 }
        }

        /// A backslash before the line break: the lines join without a blank.
        private mutating func takeJoin() {
            skip(1)
            skipBreak()
            skipBlanks()
        }

        /// A line break with the blanks around it: one becomes a blank, more become one fewer breaks.
        private mutating func takeFold() -> Bool {
            var index = offset
            while index < bytes.count, isBlank(bytes[index]) { index += 1 }
            guard index < bytes.count, SourceText.breakLength(bytes, index) > 0 else { return false }
            skipBlanks()
            var breakCount = 0
            while offset < bytes.count, SourceText.breakLength(bytes, offset) > 0 {
                skipBreak()
                skipBlanks()
                breakCount += 1
            }
            valueOffset += max(1, breakCount - 1)
            isContiguous = false
            return true
        }

        private mutating func skipBlanks() {
            while offset < bytes.count, isBlank(bytes[offset]) { skip(1) }
        }

        private mutating func skipBreak() {
            offset += max(1, SourceText.breakLength(bytes, offset))
            position.line += 1
            position.column = 1
        }

        private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    }
}
