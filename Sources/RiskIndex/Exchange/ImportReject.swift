/// A line of an import that was left out, and why.
public struct ImportReject: Error, Sendable, Hashable {
    /// Stable; numbers are never reused.
    public enum Code: String, Sendable, CaseIterable {
        case notAnObject = "E620"
        case tooLong = "E621"
        case unknownKind = "E622"
        case badMember = "E623"
        case notFinite = "E624"
        case missingRecord = "E625"
        case newerVersion = "E626"
    }

    /// From 1, within its input.
    public var lineNumber: Int
    public var code: Code
    /// Lower case; names the member where there is one.
    public var reason: String

    init(_ code: Code, _ reason: String, lineNumber: Int = 0) {
        self.lineNumber = lineNumber
        self.code = code
        self.reason = reason
    }

    static func badMember(_ name: String, _ what: String) -> ImportReject {
        ImportReject(.badMember, "'\(name)' \(what)")
    }
}
