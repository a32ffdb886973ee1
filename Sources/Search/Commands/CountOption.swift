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
