/// Why a regular expression could not be compiled or run.
public struct RegexError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        /// The pattern is not valid; `offset` says where.
        case syntax
        case patternTooLong
        /// A replacement names a group that the pattern does not have.
        case unknownGroup
        case subjectTooLong
        /// The match was given up: too many steps. It neither matched nor failed to.
        case matchLimit
        case depthLimit
        case memoryLimit
        case outputTooLong
        /// Anything else that PCRE2 reports.
        case engine
    }

    public let code: Code
    public let message: String
    /// UTF-8 offset into the pattern, or into the replacement for ``Code/unknownGroup``; nil for errors of a run.
    public let offset: Int?
    public let hint: String?

    init(_ code: Code, _ message: String, offset: Int? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.hint = hint
    }
}

/// How much work one match may take.
///
/// Splunk's limits.conf has 100,000 steps and depth 1,000 for [rex]; PCRE2's JIT, which Splunk's numbers do not mean,
/// counts otherwise and uses a stack instead of a depth. A million steps take about 10 ms.
public struct RegexLimits: Hashable, Sendable {
    public var matchSteps: UInt32
    /// Only without JIT.
    public var depth: UInt32
    /// Only without JIT.
    public var heapKiB: UInt32
    /// Only with JIT.
    public var jitStackBytes: Int
    public var patternBytes: Int
    public var subjectBytes: Int
    /// The longest result of a replacement.
    public var outputBytes: Int

    public init(
        matchSteps: UInt32 = 1_000_000, depth: UInt32 = 100_000, heapKiB: UInt32 = 20_000, jitStackBytes: Int = 1 << 20,
        patternBytes: Int = 1 << 16, subjectBytes: Int = 1 << 26, outputBytes: Int = 1 << 26
    ) {
        self.matchSteps = matchSteps
        self.depth = depth
        self.heapKiB = heapKiB
        self.jitStackBytes = jitStackBytes
        self.patternBytes = patternBytes
        self.subjectBytes = subjectBytes
        self.outputBytes = outputBytes
    }

    public static let standard = RegexLimits()
}
