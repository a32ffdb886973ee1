/// A table for the terminal: aligned columns two blanks apart, a line of dashes under the header.
public struct TextTable: Sendable {
    public enum Alignment: Sendable { case left, right }

    public struct Column: Sendable {
        public var title: String
        public var alignment: Alignment

        public init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    public let columns: [Column]
    private var rows: [[String]] = []

    public init(_ columns: [Column]) { self.columns = columns }

    /// - Parameter cells: one a column. Control characters are escaped on printing.
    public mutating func append(_ cells: [String]) {
        precondition(cells.count == columns.count, "row of another table")
        rows.append(cells)
    }

    /// The table, each line ended by a newline; only the header when there are no rows.
    ///
    /// - Parameters:
    ///   - maximumWidth: in columns; the widest columns are cut with `…`, down to 4 each; none is left out.
    ///   - indent: blanks before each line, part of the width.
    public func text(maximumWidth: Int? = nil, indent: Int = 0) -> String {
        guard !columns.isEmpty else { return "" }
        let header = columns.map { TerminalText.escape($0.title) }
        let body = rows.map { $0.map(TerminalText.escape) }
        var widths = columns.indices.map { column in
            body.reduce(TerminalText.width(header[column])) { max($0, TerminalText.width($1[column])) }
        }
        if let maximumWidth { shrink(&widths, to: maximumWidth - indent - 2 * (columns.count - 1)) }
        let dashes = widths.map { String(repeating: "-", count: $0) }
        return ([header, dashes] + body).map { line($0, widths: widths, indent: indent) }.joined()
    }

    private func shrink(_ widths: inout [Int], to total: Int) {
        let minimum = 4
        var excess = widths.reduce(0, +) - total
        while excess > 0, let widest = widths.max(), widest > minimum {
            // All columns of that width together, down to the next narrower one: values may be megabytes long.
            let columns = widths.indices.filter { widths[$0] == widest }
            let next = max(minimum, widths.filter { $0 < widest }.max() ?? minimum)
            let step = min(widest - next, max(1, excess / columns.count))
            for column in columns.reversed() where excess > 0 {
                widths[column] -= step
                excess -= step
            }
        }
    }

    private func line(_ cells: [String], widths: [Int], indent: Int) -> String {
        var line = String(repeating: " ", count: indent)
        for (position, cell) in cells.enumerated() {
            let text = TerminalText.cut(cell, toWidth: widths[position])
            let padding = String(repeating: " ", count: max(0, widths[position] - TerminalText.width(text)))
            line += columns[position].alignment == .right ? padding + text : text + padding
            line += "  "
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line + "\n"
    }
}
