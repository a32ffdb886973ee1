/// Raises or lowers the score of those risk events whose fields satisfy its conditions (ES: risk factor).
///
/// Source: ES 7.3, "Create risk factors to adjust risk scores".
public struct RiskFactor: Sendable, Hashable {
    public enum Operation: String, Sendable, Hashable, CaseIterable {
        case addition, multiplication
    }

    /// What is added, or multiplied by.
    public enum Amount: Sendable, Hashable {
        /// Finite, and no further from 0 than ``RiskFactor/amountLimit``.
        case number(Double)
        /// The number in this field of the risk event.
        case field(String)
    }

    /// What a field is compared with: a text, or any value of another field.
    public enum Operand: Sendable, Hashable {
        case text(String)
        case field(String)
    }

    /// As ``Operand``, for the comparisons that are of numbers only.
    public enum Bound: Sendable, Hashable {
        case number(Double)
        case field(String)
    }

    public enum Order: String, Sendable, Hashable, CaseIterable {
        case greaterOrEqual = ">="
        case lessOrEqual = "<="
        case greater = ">"
        case less = "<"
    }

    public enum Test: Sendable, Hashable {
        case equals(Operand)
        case notEquals(Operand)
        /// A pattern of PCRE2, found anywhere in a value.
        case regex(String)
        /// A pattern of SPL's `like`, over the whole value.
        case like(String)
        case compares(Order, Bound)

        /// The operator as a content file writes it.
        public var operatorName: String {
            switch self {
            case .equals: "equals"
            case .notEquals: "not_equals"
            case .regex: "regex"
            case .like: "like"
            case .compares(let order, _): order.rawValue
            }
        }

        static let operatorNames = ["equals", "not_equals", "regex", "like"] + Order.allCases.map(\.rawValue)
    }

    public struct Condition: Sendable, Hashable {
        public var field: String
        public var test: Test

        public init(field: String, test: Test) {
            self.field = field
            self.test = test
        }
    }

    public var name: String
    public var id: String
    public var version: Int
    public var description: String
    public var isEnabled: Bool
    public var operation: Operation
    public var amount: Amount
    /// All must hold; at least one.
    public var conditions: [Condition]
    public var file: String

    /// The largest amount either way: far beyond any use, and small enough that scores stay finite.
    public static let amountLimit = 1_000_000.0

    public init(
        name: String, id: String, version: Int = 1, description: String = "", isEnabled: Bool, operation: Operation,
        amount: Amount, conditions: [Condition], file: String
    ) {
        self.name = name
        self.id = id
        self.version = version
        self.description = description
        self.isEnabled = isEnabled
        self.operation = operation
        self.amount = amount
        self.conditions = conditions
        self.file = file
    }
}
