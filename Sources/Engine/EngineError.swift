/// Something that stops a job: an input or a state that cannot be read, or a request that makes no sense.
public struct EngineError: Error, Sendable, CustomStringConvertible {
    public var code: String
    public var message: String
    public var hint: String?

    public init(_ code: String, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var description: String { "error[\(code)]: \(message)" + (hint.map { "\nhint: \($0)" } ?? "") }
}
