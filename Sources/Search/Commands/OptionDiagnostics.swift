import SPL

// Messages about arguments that many commands share.

extension Diagnostic {
    /// E311: the command has no option of that name.
    static func unknownOption(_ name: String, of command: String, options: [String], _ span: Span?) -> Diagnostic {
        Diagnostic(
            "E311", "\(command) has no option '\(name)'", span: span,
            hint: NearestName.hint(name, in: options)
                ?? (options.isEmpty
                    ? "\(command) has no options" : "options: \(options.sorted().joined(separator: ", "))"))
    }

    /// E394: the command lacks a field that it needs.
    static func noField(_ command: String, _ span: Span, _ form: String) -> Diagnostic {
        Diagnostic("E394", "\(command) names no field", span: span, hint: "write \(form)")
    }

    /// E731: the command lacks the search in brackets that it runs.
    static func noSubsearch(of command: String, span: Span, example: String) -> Diagnostic {
        Diagnostic("E731", "\(command) has no subsearch", span: span, hint: "write \(example)")
    }
}
