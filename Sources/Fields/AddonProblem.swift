/// Something in an add-on that is not run as written: where it is, and the way out.
///
/// Codes: E450 unreadable line, E451 setting not supported, E452 malformed value, E453 regular expression, E454 eval
/// expression, E455 reference to something missing, E456 event type, E457 lookup table, E458 tag.
public struct AddonProblem: Hashable, Sendable {
    public var code: String
    /// `app/default/props.conf`, or `app/lookups/x.csv`.
    public var file: String
    /// One-based; 0 where the problem is about the whole file.
    public var line: Int
    public var message: String
    public var hint: String?

    public init(code: String, file: String, line: Int, message: String, hint: String? = nil) {
        self.code = code
        self.file = file
        self.line = line
        self.message = message
        self.hint = hint
    }
}

/// Collects problems while rules are read; the same rule read twice reports once.
struct ProblemList {
    private(set) var problems: [AddonProblem] = []
    private var known: Set<AddonProblem> = []

    mutating func add(_ problem: AddonProblem) {
        if known.insert(problem).inserted { problems.append(problem) }
    }

    mutating func add(_ code: String, _ place: ConfValue, _ message: String, hint: String? = nil) {
        add(AddonProblem(code: code, file: place.file, line: place.line, message: message, hint: hint))
    }
}
