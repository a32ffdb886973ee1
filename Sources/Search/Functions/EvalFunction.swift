public import Columns
import SPL

/// One function of eval expressions: a value, not a type, so that it stands in one table with its documentation.
public struct EvalFunction: Sendable {
    public enum Group: String, Sendable, CaseIterable {
        case bitwise = "Bitwise"
        case conditional = "Comparison and conditional"
        case conversion = "Conversion"
        case cryptographic = "Cryptographic"
        case informational = "Informational"
        case json = "JSON"
        case mathematical = "Mathematical"
        case multivalue = "Multivalue"
        case statistical = "Statistical"
        case text = "Text"
        case time = "Date and time"
        case trigonometric = "Trigonometry and hyperbolic"
    }

    typealias Body = @Sendable (inout Arguments) throws(SearchError) -> Value

    /// A function that is more than its arguments' values; ``ExpressionCompiler`` builds a node of its own for it.
    enum Form: Sendable {
        /// The condition runs once for each value of the one field it names.
        case filter
        /// The second argument runs once for each value of the first, which its field then has.
        case map
        /// The argument is a search expression.
        case searchMatch
        /// A table is found when the search is compiled.
        case lookup
        /// The result is rounded to the digits that the operands were written with.
        case significantFigures
        /// Each call site draws numbers of its own.
        case random
    }

    /// Arguments that the function may give back as they are: what is true of all of them is true of the result.
    enum Passed: Sendable {
        case none, first, all
        /// Those behind a condition: `if`.
        case branches
        /// Every second one: `case`, `validate`.
        case pairs

        func contains(_ index: Int) -> Bool {
            switch self {
            case .none: false
            case .first: index == 0
            case .all: true
            case .branches: index > 0
            case .pairs: index % 2 == 1
            }
        }
    }

    public let name: String
    public let arity: ClosedRange<Int>
    public let group: Group
    public let summary: String
    /// Expression to printed result over ``exampleRow``; run as tests and printed as documentation. `null` is the null
    /// result.
    public let examples: [(expression: String, result: String)]
    /// The result is a boolean.
    let isPredicate: Bool
    /// Equal arguments may give other results in a search that starts at another time.
    let readsClock: Bool
    let passed: Passed
    /// Arguments are taken as they print, significant digits and all; see ``NumberPrecision``.
    let printsArguments: Bool
    /// From this argument on there are pairs.
    let pairsFrom: Int?
    /// The argument that is a regular expression.
    let patternArgument: Int?
    let form: Form?
    let body: Body

    init(
        _ name: String, arity: ClosedRange<Int>, group: Group, summary: String,
        examples: KeyValuePairs<String, String>, isPredicate: Bool = false, passed: Passed = .none,
        printsArguments: Bool = false, pairsFrom: Int? = nil, readsClock: Bool = false,
        patternArgument: Int? = nil, body: @escaping Body
    ) {
        self.name = name
        self.arity = arity
        self.group = group
        self.summary = summary
        self.examples = examples.map { ($0.key, $0.value) }
        self.isPredicate = isPredicate
        self.readsClock = readsClock
        self.passed = passed
        self.printsArguments = printsArguments
        self.pairsFrom = pairsFrom
        self.patternArgument = patternArgument
        self.form = nil
        self.body = body
    }

    init(
        _ name: String, arity: ClosedRange<Int>, group: Group, summary: String,
        examples: KeyValuePairs<String, String>, isPredicate: Bool = false, form: Form
    ) {
        self.name = name
        self.arity = arity
        self.group = group
        self.summary = summary
        self.examples = examples.map { ($0.key, $0.value) }
        self.isPredicate = isPredicate
        self.readsClock = false
        self.passed = .none
        self.printsArguments = false
        self.pairsFrom = nil
        self.patternArgument = nil
        self.form = form
        self.body = { _ throws(SearchError) in
            throw Diagnostic("E302", "eval function '\(name)' cannot be called by value")
        }
    }

    /// The row that examples read.
    public static let exampleRow: [(field: String, value: Value)] = [
        ("names", .list(["alex", "celestino", "claudia", "david"].map { .text($0) })),
        ("ports", .list(["22", "80", "443"].map { .text($0) })),
        ("status", .text("404")),
        ("_raw", .text("GET /index.html status=404")),
    ]

    /// What `now()` is in examples: 2025-11-23T08:20:00Z.
    public static let exampleNowMicroseconds: Int64 = 1_763_886_000_000_000

    var arityText: String {
        if pairsFrom != nil { return pairsFrom == 0 ? "pairs of arguments" : "one argument and then pairs" }
        if arity.upperBound == Int.max {
            return "at least \(arity.lowerBound) argument\(arity.lowerBound == 1 ? "" : "s")"
        }
        if arity.lowerBound == arity.upperBound {
            return "\(arity.lowerBound) argument\(arity.lowerBound == 1 ? "" : "s")"
        }
        return "\(arity.lowerBound) to \(arity.upperBound) arguments"
    }

    func accepts(argumentCount count: Int) -> Bool {
        guard arity.contains(count) else { return false }
        return pairsFrom.map { (count - $0) % 2 == 0 } ?? true
    }
}
