public import SPL

/// Something to say about a place in a content file.
public struct ContentProblem: Error, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The file's name as the caller gave it.
    public var file: String
    /// One-based line and column (in Unicode scalars); 1 and 1 for the whole file.
    public var line: Int
    public var column: Int
    public var diagnostic: Diagnostic

    public init(file: String, position: TextPosition, diagnostic: Diagnostic) {
        self.file = file
        line = position.line
        column = position.column
        self.diagnostic = diagnostic
    }

    /// `file:line:column: severity[code]: message`, then the hint on a line of its own.
    public var description: String {
        let place = "\(file):\(line):\(column)"
        let head = "\(place): \(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(diagnostic.message)"
        return diagnostic.hint.map { head + "\n  hint: " + $0 } ?? head
    }

    /// By file, place, code, then message.
    public static func < (lhs: ContentProblem, rhs: ContentProblem) -> Bool {
        if lhs.file != rhs.file { return lhs.file < rhs.file }
        if (lhs.line, lhs.column) != (rhs.line, rhs.column) { return (lhs.line, lhs.column) < (rhs.line, rhs.column) }
        return (lhs.diagnostic.code, lhs.diagnostic.message) < (rhs.diagnostic.code, rhs.diagnostic.message)
    }
}

/// The codes of content messages. Numbers are never reused.
public enum ContentCode {
    /// A file is not well-formed YAML or JSON.
    public static let syntax = "E401"
    /// A file is larger, deeper or more repetitive than is read.
    public static let tooLarge = "E402"
    /// A file is none of the objects that content is made of.
    public static let unknownObject = "E403"
    public static let unknownKey = "E404"
    public static let missingKey = "E405"
    public static let wrongType = "E406"
    /// A value is not one of those that the key takes.
    public static let unknownValue = "E407"
    public static let scoreOutOfRange = "E408"
    /// A `$` in a message is not part of a `$field$` token.
    public static let unbalancedToken = "E409"
    /// A definition replaces an earlier one of the same name.
    public static let override = "E410"
    /// A detection scores nothing although its type says that it does.
    public static let noEntity = "E411"
    /// `risk_score` is not confidence x impact / 100.
    public static let scoreMismatch = "E412"
    public static let unknownSchedule = "E413"
    /// A cron line, a time modifier or a period cannot be read.
    public static let malformedTime = "E414"
    /// A line of a .conf file cannot be read.
    public static let malformedConf = "E415"
    /// A macro's argument count differs from the one in its name.
    public static let argumentCount = "E416"
    /// A technique or tactic id that the ATT&CK matrix does not hold.
    public static let unknownTechnique = "E417"
    /// A table of the ATT&CK matrix cannot be read.
    public static let malformedMatrix = "E418"
    /// Two objects of different names share an id.
    public static let sharedID = "E419"
    /// A detection's type does not go with what it names.
    public static let typeMismatch = "E420"
    /// A table of identities or assets cannot be read, or a row or value of it.
    public static let malformedEntity = "E421"
    /// A name or address is that of two identities or assets.
    public static let sharedKey = "E422"
    /// A record's name tells nobody apart, or has the form of a name with a host or zone: it merges no risk.
    public static let unusableName = "E423"
    /// A record has so many names or addresses that it merges no risk.
    public static let tooManyNames = "E424"
    /// A regular expression cannot be read.
    public static let malformedPattern = "E425"
}

/// Collects the problems of one file while it is read.
struct ContentReport {
    let file: String
    private(set) var problems: [ContentProblem] = []

    init(file: String) { self.file = file }

    var hasErrors: Bool { problems.contains { $0.diagnostic.severity == .error } }

    mutating func error(_ code: String, _ message: String, at position: TextPosition, hint: String? = nil) {
        add(Diagnostic(code, message, hint: hint, severity: .error), at: position)
    }

    mutating func warning(_ code: String, _ message: String, at position: TextPosition, hint: String? = nil) {
        add(Diagnostic(code, message, hint: hint, severity: .warning), at: position)
    }

    mutating func note(_ code: String, _ message: String, at position: TextPosition, hint: String? = nil) {
        add(Diagnostic(code, message, hint: hint, severity: .note), at: position)
    }

    mutating func add(_ problem: ContentProblem) { problems.append(problem) }

    private mutating func add(_ diagnostic: Diagnostic, at position: TextPosition) {
        problems.append(ContentProblem(file: file, position: position, diagnostic: diagnostic))
    }
}
