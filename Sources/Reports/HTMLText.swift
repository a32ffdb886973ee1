/// Text and attributes of a page. Everything from logs or content passes here.
enum HTMLText {
    /// For element content and for quoted attributes; control characters and direction marks become visible.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in TerminalText.escape(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A value from a log. `bdi`: a name in a right-to-left script must not reorder the figures beside it.
    static func value(_ text: String) -> String { "<bdi class=\"value\">" + escape(text) + "</bdi>" }

    /// A table with a caption and scoped headers; scrolls by itself where the screen is narrow.
    ///
    /// - Parameters:
    ///   - caption: plain text.
    ///   - header: plain text.
    ///   - numeric: the columns to align right.
    ///   - rows: cells as HTML; the first of each row is its header.
    static func table(_ caption: String, header: [String], numeric: Set<Int>, rows: [[String]]) -> String {
        func classes(_ column: Int) -> String { numeric.contains(column) ? " class=\"number\"" : "" }
        var html = "<div class=\"scroll\" role=\"region\" aria-label=\"\(escape(caption))\" tabindex=\"0\">\n<table>\n"
        html += "<caption>\(escape(caption))</caption>\n<thead><tr>"
        for (column, title) in header.enumerated() {
            html += "<th scope=\"col\"\(classes(column))>\(escape(title))</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for row in rows {
            html += "<tr>"
            for (column, cell) in row.enumerated() {
                html += column == 0 ? "<th scope=\"row\">\(cell)</th>" : "<td\(classes(column))>\(cell)</td>"
            }
            html += "</tr>\n"
        }
        return html + "</tbody>\n</table>\n</div>\n"
    }
}
