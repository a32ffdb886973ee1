/// Which risk factors applied to one risk event, and how much each.
public struct RiskFactorOutcome: Sendable, Hashable {
    /// A factor that applied, and what it added or multiplied by.
    public struct Applied: Sendable, Hashable {
        public var name: String
        public var amount: Double

        public init(name: String, amount: Double) {
            self.name = name
            self.amount = amount
        }
    }

    /// A factor that did not apply although none of its conditions fails.
    public struct Undecided: Sendable, Hashable {
        public enum Reason: Sendable, Hashable {
            /// A regular expression takes more steps than it may on this event's values.
            case patternLimit
            /// A field to be matched with a pattern has more values, or a longer one, than are tried.
            case valueLimit
            /// The field with the factor's value is missing, has several values, is no finite number, or is out of range.
            case noAmount
        }

        public var name: String
        public var reason: Reason

        public init(name: String, reason: Reason) {
            self.name = name
            self.reason = reason
        }
    }

    /// By name, as are the others: `risk_factor_add_matched`.
    public var additions: [Applied] = []
    /// `risk_factor_mult_matched`.
    public var multipliers: [Applied] = []
    public var undecided: [Undecided] = []

    public init() {}

    /// `risk_factor_add`: the sum of the additions; 0 where there is none.
    public var addition: Double { Self.bounded(additions.reduce(0) { $0 + $1.amount }) }

    /// `risk_factor_mult`: the product of the multipliers; 1 where there is none.
    public var multiplier: Double { multipliers.reduce(1) { Self.bounded($0 * $1.amount) } }

    /// The furthest from 0 that a sum, a product or a calculated score gets. Far above any threshold, and so small that
    /// scores of any number of events add up to a finite number.
    public static let bound = 1e12

    static func bounded(_ number: Double) -> Double {
        // No negative zero: it would print as -0.
        max(-bound, min(bound, number)) + 0
    }
}
