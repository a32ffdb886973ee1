// Markdown around text from logs. Values stand in code spans, where neither HTML nor links nor emphasis work
// (CommonMark 0.31, 6.1); rule names are prose with its punctuation escaped.

enum MarkdownText {
    /// A code span. In a table a bar must be escaped even there (GFM, "Tables").
    static func code(_ text: String, inTable: Bool = true) -> String {
        let shown = TerminalText.escape(text)
        guard !shown.isEmpty else { return "(empty)" }
        var longestRun = 0
        var run = 0
        for byte in shown.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longestRun = max(longestRun, run)
        }
        let fence = String(repeating: "`", count: longestRun + 1)
        // A blank at both ends is stripped by renderers, a backtick at an end would join the fence.
        let needsPadding = longestRun > 0 || shown.hasPrefix(" ") || shown.hasSuffix(" ")
        let body = needsPadding ? " \(shown) " : shown
        return fence + (inTable ? escapingBars(body) : body) + fence
    }

    static func prose(_ text: String) -> String {
        var escaped = ""
        for scalar in TerminalText.escape(text).unicodeScalars {
            if "\\`*_{}[]<>#|~&!$".unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// - Parameter cells: Markdown already.
    static func table(_ header: [String], numeric: Set<Int>, rows: [[String]]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        let rule = header.indices.map { numeric.contains($0) ? "---:" : "---" }
        return line(header) + line(rule) + rows.map(line).joined()
    }

    private static func escapingBars(_ text: String) -> String {
        String(
            text.unicodeScalars.reduce(into: String.UnicodeScalarView()) { escaped, scalar in
                if scalar == "|" { escaped.append("\\") }
                escaped.append(scalar)
            })
    }
}
