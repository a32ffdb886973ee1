// The summary in GitHub-flavoured Markdown.

extension WeeklySummary {
    /// GitHub-flavoured Markdown.
    public var markdown: String { document.markdown }
}

extension SummaryDocument {
    var markdown: String {
        var parts = ["# \(MarkdownText.prose(title))\n\n\(MarkdownText.prose(period.joined(separator: " ")))\n"]
        for section in sections {
            parts.append("## \(MarkdownText.prose(section.title))\n")
            var heading = section.title
            for block in section.blocks {
                parts.append(SummaryDocument.markdown(block, heading: heading))
                heading = block.heading ?? ""
            }
        }
        return (parts + [MarkdownText.prose(notes.joined(separator: " ")) + "\n"]).joined(separator: "\n")
    }

    private static func markdown(_ block: Block, heading: String) -> String {
        switch block {
        case .paragraph(let spans): return markdown(spans) + "\n"
        case .heading(let title): return "### \(MarkdownText.prose(title))\n"
        case .list(let items): return items.map { "- \(markdown($0))\n" }.joined()
        case .figures(let figures):
            return MarkdownText.table(
                ["", "this week", "week before", "change"], numeric: [1, 2, 3],
                rows: figures.map { [$0.name, $0.currentText, $0.previousText, $0.changeText] })
        case .table(let table), .picture(_, let table): return markdown(table, heading: heading)
        case .entities(let entries):
            return entries.map { entry in
                let name = MarkdownText.code(NameText.short(entry.name), inTable: false)
                var text = "### \(name) (\(MarkdownText.prose(NameText.short(entry.type))))\n\n"
                text += "Risk score **\(entry.score)**, \(entry.change), from \(entry.detail).\n\n"
                return text + entry.lines.map { "- \(markdown($0))\n" }.joined()
            }.joined(separator: "\n")
        }
    }

    private static func markdown(_ table: Table, heading: String) -> String {
        let shown = table.columns.indices.filter { table.columns[$0].place == .everywhere }
        let numeric = shown.indices.filter { table.columns[shown[$0]].isNumber }
        let rows = table.rows.map { row in shown.map { markdown(row[$0]) } }
        let more = table.moreCount > 0 ? "\n\(MarkdownText.prose(WeeklySummary.more(table.moreCount)))\n" : ""
        let caption = table.needsCaption(after: heading) ? "\(MarkdownText.prose(table.caption)):\n\n" : ""
        return caption
            + MarkdownText.table(
                shown.map { MarkdownText.prose(table.columns[$0].title) }, numeric: Set(numeric), rows: rows) + more
    }

    private static func markdown(_ cell: Cell) -> String {
        switch cell {
        case .spans(let spans): markdown(spans, inTable: true)
        case .number(let number): number
        case .sparkline, .bar: ""
        }
    }

    private static func markdown(_ spans: [Span], inTable: Bool = false) -> String {
        spans.map { span in
            switch span {
            case .words(let text): MarkdownText.prose(text)
            case .name(let name): MarkdownText.code(NameText.short(name), inTable: inTable)
            case .prose(let text): MarkdownText.prose(NameText.short(text))
            case .strong(let text): "**\(MarkdownText.prose(text))**"
            case .tag(let text): "(\(text))"
            }
        }.joined()
    }
}
