/// A message about a place in a search, rule or configuration.
///
/// `code` is stable and never reused; docs/reference/diagnostics.md lists them. `message` is lower case, present
/// tense, with the offending text in single quotes; `hint` is the way out.
public struct Diagnostic: Error, Hashable, Sendable {
    public enum Severity: String, Sendable { case error, warning, note }

    public var code: String
    public var severity: Severity
    public var message: String
    /// UTF-8 offsets into the text that was parsed; nil where the message is about the whole.
    public var span: Span?
    public var hint: String?

    public init(
        _ code: String, _ message: String, span: Span? = nil, hint: String? = nil, severity: Severity = .error
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.span = span
        self.hint = hint
    }
}
