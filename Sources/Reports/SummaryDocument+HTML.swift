// The summary as one page in one file: no script, nothing loaded from elsewhere, light and dark, fit to print.
//
// A picture is never the only place of a figure: a folded table with the same figures follows it.

extension WeeklySummary {
    /// One page in one file: no script, nothing loaded from elsewhere, light and dark, fit to print.
    public var html: String { document.html }
}

extension SummaryDocument {
    var html: String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        html += "<meta name=\"color-scheme\" content=\"light dark\">\n"
        // Nothing may load or run, should anything slip through the escaping.
        html += "<meta http-equiv=\"Content-Security-Policy\" "
        html += "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        html += "<title>\(HTMLText.escape(title))</title>\n<style>\n\(SummaryStyle.css)</style>\n</head>\n<body>\n"
        html += "<header>\n<h1>\(HTMLText.escape(title))</h1>\n"
        html += period.map { "<p>\(HTMLText.escape($0))</p>\n" }.joined()
        html += "<nav aria-label=\"Sections\">\n<ul>\n"
        for section in sections {
            let name = section.title.prefix { $0 != ":" }
            html += "<li><a href=\"#\(section.id)\">\(HTMLText.escape(String(name)))</a></li>\n"
        }
        html += "</ul>\n</nav>\n</header>\n<main>\n"
        for section in sections { html += SummaryDocument.html(section) }
        html += "</main>\n<footer>\n"
        html += notes.map { "<p>\(HTMLText.escape($0))</p>\n" }.joined()
        return html + "</footer>\n</body>\n</html>\n"
    }

    private static func html(_ section: Section) -> String {
        var html = "<section id=\"\(section.id)\" aria-labelledby=\"\(section.id)-heading\">\n"
        html += "<h2 id=\"\(section.id)-heading\">\(HTMLText.escape(section.title))</h2>\n"
        var heading = section.title
        for (position, block) in section.blocks.enumerated() {
            html += self.html(block, heading: heading, id: "\(section.id)-\(position + 1)")
            heading = block.heading ?? ""
        }
        return html + "</section>\n"
    }

    private static func html(_ block: Block, heading: String, id: String) -> String {
        switch block {
        case .paragraph(let spans): return "<p>\(html(spans))</p>\n"
        case .heading(let title): return "<h3>\(HTMLText.escape(title))</h3>\n"
        case .list(let items): return "<ul>\n" + items.map { "<li>\(html($0))</li>\n" }.joined() + "</ul>\n"
        case .figures(let figures): return html(figures)
        case .table(let table): return html(table, heading: heading, id: id)
        case .picture(let picture, let table): return html(picture, table, id: id)
        case .entities(let entries):
            let items = entries.enumerated().map { html($1, rank: $0 + 1, id: "\(id)-\($0 + 1)") }
            return "<ol class=\"entities\">\n" + items.joined() + "</ol>\n"
        }
    }

    private static func html(_ figures: [Figure]) -> String {
        let tiles = figures.map { figure in
            var change = ""
            if figure.previous != nil {
                change =
                    figure.changeText == "0"
                    ? "the same as the week before" : "\(figure.changeText) against \(figure.previousText)"
                change = "<dd class=\"change\">\(HTMLText.escape(change))</dd>"
            }
            return "<div><dt>\(HTMLText.escape(figure.name))</dt><dd class=\"figure\">\(figure.currentText)</dd>"
                + "\(change)</div>\n"
        }
        return "<dl class=\"totals\">\n" + tiles.joined() + "</dl>\n"
    }

    private static func html(_ picture: Picture, _ table: Table, id: String) -> String {
        let (svg, legend) =
            switch picture {
            case .timeline(let timeline):
                (
                    timeline.svg(id: id, title: table.caption),
                    "Filled: this week. Dashed outline: the week before. Below: when findings were "
                        + timeline.lanes.map(\.name).joined(separator: ", ") + "."
                )
            case .heatMap(let map, let title, let description):
                (map.svg(id: id, title: title, description: description), "Darker is more; empty is none.")
            }
        var html = "<figure>\n" + scroll(table.caption + ", picture", svg + "\n")
        html += "<figcaption>\(HTMLText.escape(legend))</figcaption>\n</figure>\n"
        return html + "<details>\n<summary>\(HTMLText.escape(table.caption)), in figures</summary>\n"
            + self.html(table, heading: table.caption, id: id + "-table") + "</details>\n"
    }

    private static func html(_ entry: EntityEntry, rank: Int, id: String) -> String {
        var html = "<li class=\"entity\">\n<div class=\"head\">\n<h3><span class=\"rank\">\(rank)</span> "
        html += "\(HTMLText.value(NameText.short(entry.name))) "
        html += "<span class=\"type\">\(HTMLText.escape(NameText.short(entry.type)))</span>"
        if entry.isNew { html += " <span class=\"tag\">new</span>" }
        html += "</h3>\n\(entry.sparkline.svg(id: id))\n"
        html += "<p class=\"score\"><strong>\(HTMLText.escape(entry.score))</strong> "
        html += "<span>\(HTMLText.escape(entry.change))</span> "
        html += "<span class=\"detail\">\(HTMLText.escape(entry.detail))</span></p>\n</div>\n<ul>\n"
        for line in entry.lines { html += "<li>\(self.html(line))</li>\n" }
        return html + "</ul>\n</li>\n"
    }

    private static func html(_ table: Table, heading: String, id: String) -> String {
        let shown = table.columns.indices.filter { table.columns[$0].place != .terminal }
        let unseen = table.needsCaption(after: heading) ? "" : " class=\"unseen\""
        var html = "<table>\n<caption\(unseen)>\(HTMLText.escape(table.caption))</caption>\n<thead><tr>"
        for column in shown.map({ table.columns[$0] }) {
            html += "<th scope=\"col\"\(column.attribute)>\(HTMLText.escape(column.title))</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for (number, row) in table.rows.enumerated() {
            html += "<tr>"
            for column in shown {
                let content = self.html(row[column], id: "\(id)-\(number + 1)")
                let attribute = table.columns[column].attribute
                html +=
                    column == 0 ? "<th scope=\"row\"\(attribute)>\(content)</th>" : "<td\(attribute)>\(content)</td>"
            }
            html += "</tr>\n"
        }
        html += "</tbody>\n</table>\n"
        let more = table.moreCount > 0 ? "<p>\(HTMLText.escape(WeeklySummary.more(table.moreCount)))</p>\n" : ""
        return scroll(table.caption, html) + more
    }

    /// Wide content scrolls by itself where the screen is narrow; the keyboard can reach it.
    private static func scroll(_ name: String, _ content: String) -> String {
        "<div class=\"scroll\" role=\"region\" aria-label=\"\(HTMLText.escape(name))\" tabindex=\"0\">\n\(content)</div>\n"
    }

    private static func html(_ cell: Cell, id: String) -> String {
        switch cell {
        case .spans(let spans): html(spans)
        case .number(let number): HTMLText.escape(number)
        case .sparkline(let sparkline): sparkline.svg(id: id)
        case .bar: ""
        }
    }

    private static func html(_ spans: [Span]) -> String {
        spans.map { span in
            switch span {
            case .words(let text): HTMLText.escape(text)
            case .name(let name): HTMLText.value(NameText.short(name))
            case .prose(let text): "<bdi>\(HTMLText.escape(NameText.short(text)))</bdi>"
            case .strong(let text): "<strong>\(HTMLText.escape(text))</strong>"
            case .tag(let text): "<span class=\"tag\">\(HTMLText.escape(text))</span>"
            }
        }.joined()
    }
}

extension SummaryDocument.Column {
    fileprivate var attribute: String { isNumber ? " class=\"number\"" : isWhole ? " class=\"whole\"" : "" }
}
