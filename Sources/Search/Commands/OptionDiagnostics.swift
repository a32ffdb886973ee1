import SPL

/// A whole number that is not negative: `maxout=100`, `max=0`.
enum CountOption {
    static func value(_ token: Token, of option: String) throws(Diagnostic) -> Int {
        guard let count = Int(token.text), count >= 0 else {
            throw Diagnostic(
                "E730", "'\(token.text)' is no count for '\(option)'", span: token.span, hint: "write a whole number")
        }
        return count
    }
}

extension Diagnostic {
    static func unknownOption(
        _ name: String, of command: String, span: Span, options: [String]
    ) -> Diagnostic {
        Diagnostic(
            "E311", "\(command) has no option '\(name)'", span: span,
            hint: NearestName.hint(name, in: options) ?? "options: \(options.joined(separator: ", "))")
    }

    static func noSubsearch(of command: String, span: Span, example: String) -> Diagnostic {
        Diagnostic("E731", "\(command) has no subsearch", span: span, hint: "write \(example)")
    }
}
