public import Columns

/// A table in a text, as `ps`, `netstat` and reports print it: a header line, and one line a row.
public struct TextTable: Sendable {
    public struct Row: Sendable {
        public var line: Range<Int>
        /// As many as the table has names, without blanks around them; nil where the row has nothing there.
        public var cells: [Range<Int>?]
    }

    public struct Options: Sendable {
        /// The line that holds the names, from 1, empty lines not counted; nil to find it.
        public var headerLine: Int?
        /// False: there are no names, only rows; columns are `Column_1`, `Column_2`, ...
        public var hasHeader = true
        /// A line of capitalised words behind an empty line is the header of a further table.
        public var allowsMany = true

        public init() {}
    }

    /// Cleaned as CLEAN_KEYS does, each different.
    public let names: [Text]
    public let rows: [Row]

    /// The tables of a text, in order; none where no line looks like a header.
    ///
    /// A header is a line of words without numbers: the first line if it has as many words as the next, else the first
    /// in capitals, else the first of capitalised words, else the first. Source: Splunk Search Reference 9.4, "multikv".
    public static func all(in bytes: [UInt8], _ options: Options = Options()) -> [TextTable] {
        var lines = TableLine.all(in: bytes)[...]
        if !options.hasHeader { return lines.isEmpty ? [] : [TextTable(header: nil, lines, bytes)] }
        var tables: [TextTable] = []
        var forced = options.headerLine
        while !lines.isEmpty {
            let header: Int
            if let line = forced {
                guard line >= 1, line <= lines.count else { break }
                header = line - 1
            } else {
                guard let found = TableLine.headerIndex(lines) else { break }
                header = found
            }
            forced = nil
            let body = lines[(header + 1)...]
            let next = options.allowsMany ? body.firstIndex { $0.startsTable && $0.range != lines.last?.range } : nil
            tables.append(TextTable(header: lines[header], body[..<(next ?? lines.endIndex)], bytes))
            guard let next else { break }
            // A later header is taken where it stands.
            lines = ArraySlice(Array(lines[next...]))
            forced = 1
        }
        return tables
    }

    private init(header: TableLine?, _ body: ArraySlice<TableLine>, _ bytes: [UInt8]) {
        guard let example = header ?? body.first else {
            names = []
            rows = []
            return
        }
        let layout = TableLayout(header: example, body, bytes)
        var names: [Text] = []
        for (index, cell) in layout.cells(of: example, bytes).enumerated() {
            var name = "Column_\(index + 1)"
            if header != nil, let cell { name = KeyValueText.cleanedName(bytes[cell]) ?? name }
            var unique = Text(name)
            var number = 2
            while names.contains(unique) {
                unique = Text("\(name)_\(number)")
                number += 1
            }
            names.append(unique)
        }
        self.names = names
        rows = body.map { Row(line: $0.range, cells: layout.cells(of: $0, bytes)) }
    }
}

/// A line that is not empty.
private struct TableLine: Sendable {
    let range: Range<Int>
    let followsEmptyLine: Bool
    /// Its words, between blanks.
    let words: [Range<Int>]
    /// 2 for words in capitals, 1 for capitalised ones, 0 for others; nil where one of them is a number.
    let rank: Int?

    var startsTable: Bool { followsEmptyLine && (rank ?? 0) >= 1 }

    static func all(in bytes: [UInt8]) -> [TableLine] {
        var lines: [TableLine] = []
        var followsEmptyLine = false
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            var end = part.endIndex
            while end > part.startIndex, bytes[end - 1] <= 0x20 { end -= 1 }
            guard end > part.startIndex else {
                followsEmptyLine = true
                continue
            }
            lines.append(TableLine(part.startIndex..<end, bytes, followsEmptyLine: followsEmptyLine))
            followsEmptyLine = false
        }
        return lines
    }

    private init(_ range: Range<Int>, _ bytes: [UInt8], followsEmptyLine: Bool) {
        self.range = range
        self.followsEmptyLine = followsEmptyLine
        words = bytes[range].split(whereSeparator: { $0 <= 0x20 }).map { $0.startIndex..<$0.endIndex }
        let pieces = bytes[range].split(whereSeparator: { $0 <= 0x20 || $0 == UInt8(ascii: ",") })
        var rank = 2
        for piece in pieces {
            let letters = piece.filter { ($0 | 0x20) &- 97 < 26 }
            if NumberText.parse(piece.filter { $0 != UInt8(ascii: "\"") }) != nil {
                self.rank = nil
                return
            }
            if letters.contains(where: { $0 >= 97 }) { rank = min(rank, 1) }
            if let first = letters.first, first >= 97 { rank = 0 }
        }
        self.rank = pieces.contains { $0.contains { ($0 | 0x20) &- 97 < 26 } } ? rank : nil
    }

    static func headerIndex(_ lines: ArraySlice<TableLine>) -> Int? {
        guard let first = lines.first else { return nil }
        if first.rank != nil, lines.count == 1 || lines.dropFirst().first?.words.count == first.words.count {
            return lines.startIndex
        }
        for rank in [2, 1, 0] {
            if let index = lines.firstIndex(where: { $0.rank == rank }) { return index }
        }
        return nil
    }
}

/// How the lines of one table fall into cells.
private enum TableLayout {
    case delimited(UInt8)
    /// Where the columns begin, counted from the line's start: every line is blank before each of them.
    case aligned([Int])
    /// Words in order; the last cell takes the rest of the line. The header's words, from its start.
    case words([Range<Int>])

    /// Lines are looked at this far for blank columns.
    private static let maxWidth = 4_096

    init(header: TableLine, _ body: ArraySlice<TableLine>, _ bytes: [UInt8]) {
        let line = bytes[header.range]
        if line.contains(UInt8(ascii: "\t")) {
            self = .delimited(UInt8(ascii: "\t"))
            return
        }
        let isCommaList = header.words.dropLast().allSatisfy { bytes[$0.upperBound - 1] == UInt8(ascii: ",") }
        if isCommaList, line.contains(UInt8(ascii: ",")) {
            self = .delimited(UInt8(ascii: ","))
            return
        }
        let start = header.range.lowerBound
        let words = header.words.map { ($0.lowerBound - start)..<($0.upperBound - start) }
        guard body.contains(where: { $0.words.count != words.count }) else {
            self = .words(words)
            return
        }
        let columns = Self.columns(header, body, bytes)
        let hasNamesOfManyWords = body.allSatisfy { $0.words.count < words.count } && columns.count > 1
        self = columns.count == words.count || hasNamesOfManyWords ? .aligned(columns) : .words(words)
    }

    private static func columns(
        _ header: TableLine, _ body: ArraySlice<TableLine>, _ bytes: [UInt8]
    ) -> [Int] {
        let width = min(maxWidth, max(header.range.count, body.map(\.range.count).max() ?? 0))
        var isUsed = [Bool](repeating: false, count: width)
        for line in [header] + body {
            for (offset, byte) in bytes[line.range].prefix(width).enumerated() where byte > 0x20 {
                isUsed[offset] = true
            }
        }
        var starts: [Int] = []
        for offset in 0..<width where isUsed[offset] && (offset == 0 || !isUsed[offset - 1]) { starts.append(offset) }
        // A gap in all rows under one name is no border.
        var columns: [Int] = []
        for (index, start) in starts.enumerated() {
            let end = index + 1 < starts.count ? starts[index + 1] : width
            let name = bytes[header.range].dropFirst(start).prefix(end - start)
            if columns.isEmpty || name.contains(where: { $0 > 0x20 }) { columns.append(start) }
        }
        return columns
    }

    func cells(of line: TableLine, _ bytes: [UInt8]) -> [Range<Int>?] {
        switch self {
        case .delimited(let delimiter):
            return Self.split(line.range, bytes, delimiter).map { Self.trimmed($0, bytes) }
        case .aligned(let starts):
            return starts.enumerated().map { index, start in
                let lower = min(line.range.lowerBound + start, line.range.upperBound)
                let upper = index + 1 < starts.count ? line.range.lowerBound + starts[index + 1] : line.range.upperBound
                return Self.trimmed(lower..<max(lower, min(upper, line.range.upperBound)), bytes)
            }
        case .words(let names):
            return Self.cells(of: line, under: names)
        }
    }

    private static func cells(of line: TableLine, under names: [Range<Int>]) -> [Range<Int>?] {
        guard line.words.count < names.count else {
            var cells: [Range<Int>?] = line.words.prefix(names.count).map { $0 }
            if let last = cells.last, let last { cells[cells.count - 1] = last.lowerBound..<line.range.upperBound }
            return cells
        }
        // Fewer words than names: each goes to the name that it stands under, or next to.
        var cells = [Range<Int>?](repeating: nil, count: names.count)
        for word in line.words {
            let place = (word.lowerBound - line.range.lowerBound)..<(word.upperBound - line.range.lowerBound)
            let nearest = names.indices.min { distance(names[$0], place) < distance(names[$1], place) }
            if let nearest, cells[nearest] == nil { cells[nearest] = word }
        }
        return cells
    }

    private static func distance(_ name: Range<Int>, _ place: Range<Int>) -> Int {
        max(0, max(name.lowerBound - place.upperBound, place.lowerBound - name.upperBound) + 1)
    }

    /// A delimiter inside double quotes does not count; the quotes stay.
    private static func split(_ range: Range<Int>, _ bytes: [UInt8], _ delimiter: UInt8) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        var isInQuotes = false
        for index in range {
            if bytes[index] == UInt8(ascii: "\"") {
                isInQuotes.toggle()
            } else if !isInQuotes, bytes[index] == delimiter {
                parts.append(start..<index)
                start = index + 1
            }
        }
        parts.append(start..<range.upperBound)
        return parts
    }

    private static func trimmed(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
        var range = range
        while let first = range.first, bytes[first] <= 0x20 { range = (first + 1)..<range.upperBound }
        while let last = range.last, bytes[last] <= 0x20 { range = range.lowerBound..<last }
        return range.isEmpty ? nil : range
    }
}
