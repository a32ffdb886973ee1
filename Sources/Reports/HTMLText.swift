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
    static func value(_ text: String) -> String {
        "<bdi class=\"value\">" + (text.isEmpty ? "(empty)" : escape(text)) + "</bdi>"
    }
}
