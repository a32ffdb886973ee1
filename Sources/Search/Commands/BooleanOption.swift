import SPL

/// `t`, `true`, `1`, `f`, `false`, `0` in any case, as Splunk's options accept them.
enum BooleanOption {
    static func value(_ token: Token) throws(Diagnostic) -> Bool {
        switch token.text.lowercased() {
        case "t", "true", "1", "yes": return true
        case "f", "false", "0", "no": return false
        default:
            throw Diagnostic(
                "E313", "'\(token.text)' is neither true nor false", span: token.span, hint: "write t or f")
        }
    }
}
