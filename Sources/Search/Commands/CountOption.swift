import SPL

/// A whole number in a command's arguments.
enum CountOption {
    /// - Throws: E393 for anything but a whole number of at least `minimum`.
    static func value(_ token: Token, of name: String, minimum: Int = 0) throws(Diagnostic) -> Int {
        guard let count = Int(token.text), count >= minimum else {
            throw Diagnostic(
                "E393", "'\(token.text)' is no count for '\(name)'", span: token.span,
                hint: "write a whole number from \(minimum) on")
        }
        return count
    }
}

extension Diagnostic {
    /// E311: the command has no option of that name.
    static func unknownOption(_ name: String, of command: String, options: [String], _ span: Span) -> Diagnostic {
        Diagnostic(
            "E311", "\(command) has no option '\(name)'", span: span,
            hint: NearestName.hint(name, in: options)
                ?? (options.isEmpty ? "\(command) has no options" : "options: \(options.joined(separator: ", "))"))
    }

    /// E394: the command lacks a field that it needs.
    static func noField(_ command: String, _ span: Span, _ form: String) -> Diagnostic {
        Diagnostic("E394", "\(command) names no field", span: span, hint: "write \(form)")
    }
}
