/// Something that holds in every sound index.
public enum IndexCheck: String, Sendable, CaseIterable {
    case integrity
    case foreignKeys = "foreign-keys"
    case keyOrder = "key-order"
    case messageHash = "message-hash"
    case calculatedScore = "calculated-score"
    case eventLists = "event-lists"
    case ruleLists = "rule-lists"
    case findingLists = "finding-lists"
    case runLists = "run-lists"
    case findingEvents = "finding-events"
    case findingState = "finding-state"
    case foldedNames = "folded-names"
    case orphans

    /// One line for people.
    public var meaning: String {
        switch self {
        case .integrity: "SQLite finds every page and index in order"
        case .foreignKeys: "what a row refers to is there"
        case .keyOrder: "key_order of a risk event is that of its key"
        case .messageHash: "message_hash of a risk event is that of its message"
        case .calculatedScore: "a score is a number; with factors, calculated = (score + additions) x multiplications"
        case .eventLists: "factors and fields of risk events can be read"
        case .ruleLists: "stories and annotations of rules can be read"
        case .findingLists: "names, fields, sources, tactics and threat objects of findings can be read"
        case .runLists: "lost risk of runs can be read"
        case .findingEvents: "every risk event of a finding is there, none left out between"
        case .findingState: "the state of a finding is that of its last change"
        case .foldedNames: "the form in which names compare is that of the name"
        case .orphans: "no shared row is without events (`accrue index compact` removes them)"
        }
    }

    /// Nothing is wrong where it does not hold: names that moved to another entity and expired events leave such rows.
    public var isNote: Bool { self == .orphans }
}

/// How one check went.
public struct IndexCheckResult: Sendable, Hashable {
    public var check: IndexCheck
    /// How many records do not hold.
    public var faultCount: Int
    /// The first of them, for people.
    public var examples: [String]

    public var holds: Bool { faultCount == 0 }

    static let shownExamples = 5

    init(_ check: IndexCheck) {
        self.check = check
        faultCount = 0
        examples = []
    }

    mutating func add(_ example: @autoclosure () -> String) {
        faultCount += 1
        if examples.count < Self.shownExamples { examples.append(example()) }
    }
}

/// What the scores of a risk event must be to each other.
enum RiskArithmetic {
    /// With risk factors `calculated_risk_score = (risk_score + additions) x multiplications`, up to the last digits of a
    /// Double: the order of a product is the caller's. Without any, the calculated score is whatever the source said.
    ///
    /// Source: Splunk ES 8.0, "Risk factoring".
    static func holds(score: Double, add: Double, mult: Double, calculated: Double) -> Bool {
        guard score.isFinite, add.isFinite, mult.isFinite, calculated.isFinite else { return false }
        guard add != 0 || mult != 1 else { return true }
        let expected = (score + add) * mult
        return abs(expected - calculated) <= 1e-9 * max(abs(expected), abs(calculated), 1)
    }
}
