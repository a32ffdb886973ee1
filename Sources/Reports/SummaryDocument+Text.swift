// The summary for the terminal.

extension WeeklySummary {
    /// For the terminal.
    ///
    /// - Parameter maximumWidth: of tables, in columns.
    public func text(maximumWidth: Int? = nil) -> String { document.text(maximumWidth: maximumWidth) }
}

extension SummaryDocument {
    func text(maximumWidth: Int?) -> String {
        var parts = [title + "\n" + period.joined(separator: "\n") + "\n"]
        for section in sections {
            var blocks: [String] = []
            var heading = section.title
            for block in section.blocks {
                var text = SummaryDocument.text(block, heading: heading, maximumWidth: maximumWidth)
                // A heading stands apart from what is before it and close to what it names.
                if case .heading = block, !blocks.isEmpty { text = "\n" + text }
                blocks.append(text)
                heading = block.heading ?? ""
            }
            parts.append(section.title + "\n" + blocks.joined())
        }
        return (parts + [notes.joined(separator: "\n") + "\n"]).joined(separator: "\n")
    }

    private static func text(_ block: Block, heading: String, maximumWidth: Int?) -> String {
        switch block {
        case .paragraph(let spans): return "  \(text(spans))\n"
        case .heading(let title): return "  \(title)\n"
        case .list(let items): return items.map { "  - \(text($0))\n" }.joined()
        case .figures(let figures): return text(figures, maximumWidth: maximumWidth)
        case .table(let table), .picture(_, let table):
            return text(table, heading: heading, maximumWidth: maximumWidth)
        case .entities(let entries):
            return entries.enumerated().map { position, entry in
                let name = TerminalText.escape(NameText.short(entry.name))
                var text = "  \(position + 1). \(name) (\(TerminalText.escape(NameText.short(entry.type)))): "
                text += "\(entry.score), \(entry.change), \(entry.detail)\n"
                return text + entry.lines.map { "     - \(SummaryDocument.text($0))\n" }.joined()
            }.joined()
        }
    }

    private static func text(_ figures: [Figure], maximumWidth: Int?) -> String {
        var table = TextTable([
            .init(""), .init("this week", .right), .init("week before", .right), .init("change", .right),
        ])
        for figure in figures {
            table.append([figure.name, figure.currentText, figure.previousText, figure.changeText])
        }
        return table.text(maximumWidth: maximumWidth, indent: 2)
    }

    private static func text(_ table: Table, heading: String, maximumWidth: Int?) -> String {
        let shown = table.columns.indices.filter { table.columns[$0].place != .page }
        var lines = TextTable(
            shown.map { .init(table.columns[$0].title, table.columns[$0].isNumber ? .right : .left) })
        for row in table.rows { lines.append(shown.map { text(row[$0]) }) }
        let more = table.moreCount > 0 ? "  \(WeeklySummary.more(table.moreCount))\n" : ""
        let caption = table.needsCaption(after: heading) ? "  \(table.caption)\n" : ""
        return caption + lines.text(maximumWidth: maximumWidth, indent: 2) + more
    }

    private static func text(_ cell: Cell) -> String {
        switch cell {
        case .spans(let spans):
            // The column says that it holds names: no quotes.
            return spans.map { span in
                if case .name(let name) = span { return TerminalText.escape(NameText.short(name)) }
                return text([span])
            }.joined()
        case .number(let number): return number
        case .sparkline: return ""
        case .bar(let share): return String(repeating: "#", count: Int((share * 20).rounded()))
        }
    }

    private static func text(_ spans: [Span]) -> String {
        spans.map { span in
            switch span {
            case .words(let text), .strong(let text): text
            case .name(let name): "'\(TerminalText.escape(NameText.short(name)))'"
            case .prose(let text): TerminalText.escape(NameText.short(text))
            case .tag(let text): "(\(text))"
            }
        }.joined()
    }
}
