// YAML says where a value starts, not where each of its characters came from: indentation is cut off, lines are
// folded, quotes are doubled. The value is laid beside the file again to find its pieces; where the two cannot be
// matched any further, the last piece stands for the rest.

/// Where the characters of a value stand in their file, for messages about a search.
public struct TextOrigin: Sendable, Hashable {
    /// A run of the value that stands unbroken in the file.
    struct Piece: Sendable, Hashable {
        var valueOffset: Int
        var position: TextPosition
    }

    /// Ordered by `valueOffset`; never empty.
    private var pieces: [Piece]

    /// A value that starts at `position` and runs on in one line.
    public init(position: TextPosition) { pieces = [Piece(valueOffset: 0, position: position)] }

    init(of node: YAMLNode, in source: SourceText) {
        self.init(position: node.position)
        guard case .scalar(let value, let style) = node.content else { return }
        let found =
            switch style {
            case .literal, .folded: Self.blockPieces(Array(value.utf8), node.position, source)
            case .plain, .singleQuoted, .doubleQuoted:
                FlowScalarAlignment.pieces(Array(value.utf8), style, node.position, source)
            }
        if !found.isEmpty { pieces = found }
    }

    /// Where the value starts.
    public var start: TextPosition { pieces[0].position }

    /// The place of a byte of the value; offsets outside it give the nearest place known.
    ///
    /// - Parameter text: the value itself, to count columns in Unicode scalars.
    public func position(ofUTF8Offset offset: Int, in text: String) -> TextPosition {
        var low = 0
        var high = pieces.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if pieces[middle].valueOffset <= offset { low = middle } else { high = middle }
        }
        let piece = pieces[low]
        guard offset > piece.valueOffset else { return piece.position }
        var position = piece.position
        for byte in text.utf8.dropFirst(piece.valueOffset).prefix(offset - piece.valueOffset)
        where byte & 0xC0 != 0x80 {
            position.column += 1
        }
        return position
    }

    /// `|` and `>` values: each line of the file, less its indentation, is found in the value in turn.
    private static func blockPieces(_ value: [UInt8], _ start: TextPosition, _ source: SourceText) -> [Piece] {
        guard let indentation = blockIndentation(start, source) else { return [] }
        var pieces: [Piece] = []
        var offset = 0
        var number = start.line + 1
        while offset < value.count, let line = source.line(number) {
            defer { number += 1 }
            let content = line.dropFirst(indentation)
            guard !content.isEmpty else { continue }
            // Between two lines stand the breaks and blanks that folding left.
            while offset < value.count, value[offset] == 0x0A || value[offset] == 0x20,
                !value[offset...].starts(with: content)
            {
                offset += 1
            }
            guard value[offset...].starts(with: content) else { break }
            let position = TextPosition(line: number, column: indentation + 1)
            pieces.append(Piece(valueOffset: offset, position: position))
            offset += content.count
        }
        if let first = pieces.first, first.valueOffset > 0 {
            pieces.insert(Piece(valueOffset: 0, position: first.position), at: 0)
        }
        return pieces
    }

    /// Blanks before each line: of the first line that is not blank, unless the header gives a digit.
    private static func blockIndentation(_ start: TextPosition, _ source: SourceText) -> Int? {
        var number = start.line + 1
        while let line = source.line(number) {
            if let first = line.firstIndex(where: { $0 != 0x20 }) {
                let blanks = first - line.startIndex
                guard let digit = headerDigit(start, source) else { return blanks }
                // The digit counts from the parent's indentation, which only the parser knows; content starts with
                // more blanks than that exactly when the author had to write the digit.
                return min(blanks, parentIndentation(start, source) + digit)
            }
            number += 1
        }
        return nil
    }

    private static func headerDigit(_ start: TextPosition, _ source: SourceText) -> Int? {
        guard let offset = source.offset(of: start) else { return nil }
        return source.bytes[offset...].dropFirst().prefix(2)
            .first { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
            .map { Int($0 - UInt8(ascii: "0")) }
    }

    private static func parentIndentation(_ start: TextPosition, _ source: SourceText) -> Int {
        guard let line = source.line(start.line) else { return 0 }
        // `- search: |2` indents from the key, not from the dash.
        return line.prefix { $0 == 0x20 || $0 == UInt8(ascii: "-") }.count
    }
}
