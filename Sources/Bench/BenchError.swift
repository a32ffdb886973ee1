import Glibc

/// Something that ends a benchmark.
public struct BenchError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Data or scratch cannot be written or read.
        case files = "E901"
        /// A program cannot be started, fails, or prints what cannot be read.
        case child = "E902"
        /// Two sides give different answers; nothing was timed.
        case answers = "E903"
        /// Another benchmark uses the folder.
        case busy = "E904"
    }

    public var code: Code
    public var message: String
    public var hint: String?

    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var description: String {
        "error[\(code.rawValue)]: \(message)" + (hint.map { "\nhint: \($0)" } ?? "")
    }

    /// With the system's reason (`errno`) behind the message.
    static func system(_ message: String, _ reason: Int32) -> BenchError {
        BenchError(.files, message + ": " + String(cString: strerror(reason)), hint: "choose another --folder")
    }
}
