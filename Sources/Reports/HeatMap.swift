/// Scores in rows and columns, darker for more. Each cell says its figure; what is new says so in words.
struct HeatMap: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        /// Plain text; cut to what fits.
        var label: String
        /// As many as there are columns; nil for no risk.
        var cells: [Cell?]
        /// Of a row that sums the others: figures without shade.
        var isTotal = false
    }

    struct Cell: Sendable, Hashable {
        var score: Double
        var isNew: Bool
    }

    /// Plain text: `privilege-escalation`.
    var columns: [String]
    var rows: [Row]

    static let levelCount = 5

    private static let (labelWidth, labelColumns, cellWidth, cellHeight, lineHeight) = (214, 26, 76, 36, 13)

    /// - Parameter id: unique in the page.
    func svg(id: String, title: String, description: String) -> String {
        let peak = rows.filter { !$0.isTotal }.flatMap(\.cells).compactMap { $0?.score }.max() ?? 0
        let titles = columns.map { HeatMap.lines($0) }
        let lineCount = titles.map(\.count).max() ?? 0
        let top = lineCount * Self.lineHeight + 8
        let width = Self.labelWidth + Self.cellWidth * columns.count
        var content = ""
        for (column, lines) in titles.enumerated() {
            let x = Self.labelWidth + column * Self.cellWidth + Self.cellWidth / 2
            for (number, line) in lines.enumerated() {
                let y = (lineCount - lines.count + number + 1) * Self.lineHeight
                content += SVGText.text(line, "column", x: x, y: y)
            }
        }
        content += "\n"
        for (number, row) in rows.enumerated() {
            content += svg(row, y: top + number * Self.cellHeight, peak: peak) + "\n"
        }
        return SVGText.picture(
            id: id, className: "heatmap", width: width, height: top + rows.count * Self.cellHeight + 1, title: title,
            description: description, content: content)
    }

    private func svg(_ row: Row, y: Int, peak: Double) -> String {
        let label = NameText.short(row.label)
        let shown = TerminalText.cut(TerminalText.escape(label), toWidth: Self.labelColumns)
        let name = SVGText.text(
            shown, row.isTotal ? "total" : "row", x: Self.labelWidth - 10, y: y + Self.cellHeight / 2 + 4, anchor: .end)
        var svg = SVGText.group(tip: label, name)
        for (column, cell) in row.cells.enumerated() {
            let x = Self.labelWidth + column * Self.cellWidth
            guard let cell else {
                svg += SVGText.rectangle(
                    "heat-0", x: x + 1, y: y + 1, width: Self.cellWidth - 2, height: Self.cellHeight - 2)
                continue
            }
            let level = row.isTotal ? 0 : HeatMap.level(cell.score, peak: peak)
            let middle = x + Self.cellWidth / 2
            var content = SVGText.rectangle(
                "heat-\(level)", x: x + 1, y: y + 1, width: Self.cellWidth - 2, height: Self.cellHeight - 2)
            content += SVGText.text(
                ScoreText.short(cell.score), "ink-\(level)\(row.isTotal ? " total" : "")", x: middle,
                y: y + Self.cellHeight / 2 + (cell.isNew ? -1 : 4))
            if cell.isNew { content += SVGText.text("new", "ink-\(level) mark", x: middle, y: y + Self.cellHeight - 7) }
            let tip = "\(label), \(NameText.short(columns[column])): \(ScoreText.grouped(cell.score))"
            svg += SVGText.group(tip: tip + (cell.isNew ? ", new" : ""), content)
        }
        return svg
    }

    /// 1 to 5: fifths of the square root, since a few scores dwarf the rest. 0 for none, and for sums below zero.
    static func level(_ score: Double, peak: Double) -> Int {
        guard score > 0, peak > 0 else { return 0 }
        return max(1, min(levelCount, Int(((score / peak).squareRoot() * Double(levelCount)).rounded(.up))))
    }

    /// A column's name in at most four short lines: at hyphens, and inside words that are too long.
    static func lines(_ name: String) -> [String] {
        let (limit, most) = (11, 4)
        var lines: [String] = []
        for word in TerminalText.escape(NameText.short(name)).split(whereSeparator: { $0 == "-" || $0 == " " }) {
            var rest = Substring(word)
            if let last = lines.last, TerminalText.width(last) + 1 + TerminalText.width(String(rest)) <= limit {
                lines[lines.count - 1] = last + " " + rest
                continue
            }
            while TerminalText.width(String(rest)) > limit + 1, lines.count <= most {
                // A character may be two columns wide.
                var head = rest.prefix(limit - 2)
                while TerminalText.width(String(head)) > limit - 1, head.count > 1 { head = head.dropLast() }
                lines.append(head + "-")
                rest = rest.dropFirst(head.count)
            }
            if !rest.isEmpty { lines.append(String(rest)) }
        }
        return lines.count > most ? lines.prefix(most - 1) + [lines[most - 1] + "…"] : lines
    }
}
