import Glibc

/// What is wrong with an input as a whole; single records are ``RejectedRecord``.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable codes, never reused.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        case notFound = "E501"
        case notPermitted = "E502"
        case readFailed = "E503"
        case unsupportedEncoding = "E504"
        case unsupportedFormat = "E505"
        case truncatedArchive = "E506"
        case corruptArchive = "E507"
        case empty = "E508"
        case skippedFile = "E509"
    }

    public enum Severity: Hashable, Sendable {
        /// Events are missing: the input, or its rest, could not be read.
        case error
        /// Nothing is lost that was an event.
        case note
    }

    public var code: Code
    public var path: String
    /// Lower case, without path and code.
    public var message: String
    public var hint: String

    public var severity: Severity {
        switch code {
        case .empty, .skippedFile: .note
        default: .error
        }
    }

    public var description: String {
        "\(path): \(severity == .error ? "error" : "note")[\(code.rawValue)]: \(message) (\(hint))"
    }

    static func opening(_ path: String, _ errorNumber: CInt) -> InputError {
        switch errorNumber {
        case ENOENT, ENOTDIR:
            InputError(
                code: .notFound, path: path, message: "no such file or folder: '\(path)'",
                hint: "check the path; '-' reads standard input")
        case EACCES, EPERM:
            InputError(
                code: .notPermitted, path: path, message: "no permission to read '\(path)'",
                hint: "grant read access, or run as a user who has it")
        default:
            InputError(
                code: .readFailed, path: path, message: "cannot open '\(path)': \(systemText(errorNumber))",
                hint: "check that the path is readable")
        }
    }

    static func reading(_ path: String, _ errorNumber: CInt) -> InputError {
        InputError(
            code: .readFailed, path: path, message: "reading '\(path)' fails: \(systemText(errorNumber))",
            hint: "events before the failure are kept; check the disk or the pipe and run again")
    }

    private static func systemText(_ errorNumber: CInt) -> String {
        var text = [CChar](repeating: 0, count: 256)
        guard strerror_r(errorNumber, &text, text.count) == 0 else { return "error \(errorNumber)" }
        let message = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: message, as: UTF8.self).lowercased()
    }
}
