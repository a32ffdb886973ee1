/// The frame and the parts of pages in one file: no script, nothing loaded from elsewhere, light and dark, fit to print.
enum HTMLPage {
    /// - Parameters:
    ///   - title: trusted.
    ///   - name: from a log; shown after the title.
    ///   - content: HTML.
    static func document(_ title: String, _ name: String, styles: [String], content: String) -> String {
        var html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        html += "<meta name=\"color-scheme\" content=\"light dark\">\n"
        // Nothing may load or run, should anything slip through the escaping.
        html += "<meta http-equiv=\"Content-Security-Policy\" "
        html += "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
        html += "<title>\(HTMLText.escape("\(title) \(name)"))</title>\n"
        html += "<style>\n\(SummaryStyle.css)\(styles.joined())</style>\n</head>\n"
        html += "<body>\n<header>\n<h1>\(title) \(HTMLText.value(name))</h1>\n</header>\n<main>\n"
        return html + content + "</main>\n</body>\n</html>\n"
    }

    /// Nothing without rows. A title that begins with `#` is one of numbers.
    static func table(_ caption: String, _ titles: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        var html = "<table>\n<caption class=\"unseen\">\(HTMLText.escape(caption))</caption>\n<thead><tr>"
        for title in titles {
            let number = title.hasPrefix("#") ? " class=\"number\"" : ""
            let text = HTMLText.escape(title.hasPrefix("#") ? String(title.dropFirst()) : title)
            html += "<th scope=\"col\"\(number)>\(text)</th>"
        }
        html += "</tr></thead>\n<tbody>\n"
        for row in rows {
            html += "<tr>"
            for (title, cell) in zip(titles, row) {
                let text = HTMLText.escape(NameText.short(cell))
                html += title.hasPrefix("#") ? "<td class=\"number\">\(text)</td>" : "<td><bdi>\(text)</bdi></td>"
            }
            html += "</tr>\n"
        }
        return "<h3>\(HTMLText.escape(caption))</h3>\n" + scroll(caption, html + "</tbody>\n</table>\n")
    }

    static func tile(_ title: String, _ figure: String, _ detail: String) -> String {
        "<div><dt>\(HTMLText.escape(title))</dt><dd class=\"figure\">\(HTMLText.escape(figure))</dd>"
            + "<dd class=\"change\">\(HTMLText.escape(detail))</dd></div>\n"
    }

    /// Wide content scrolls by itself where the screen is narrow; the keyboard can reach it.
    static func scroll(_ name: String, _ content: String) -> String {
        "<div class=\"scroll\" role=\"region\" aria-label=\"\(HTMLText.escape(name))\" tabindex=\"0\">\n\(content)</div>\n"
    }
}
