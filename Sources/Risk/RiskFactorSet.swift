public import Columns
public import Content
import Formats
public import Matching

/// The enabled risk factors, ready to be asked about one risk event after the other.
///
/// How fields are compared is in docs/decisions/0012. Source of the arithmetic: ES 7.3, "Create risk factors to adjust
/// risk scores".
public struct RiskFactorSet: Sendable {
    /// The enabled ones, by name.
    public let factors: [RiskFactor]
    /// The fields that any of them reads; sorted, each once.
    public let fields: [String]
    /// SHA-256 of what the enabled factors compute, in hexadecimal digits: equal for sets that give every event the same
    /// outcome. Descriptions, ids, versions, files, disabled factors and the order of conditions do not count.
    public let version: String
    private let compiled: [CompiledRiskFactor]

    public var isEmpty: Bool { compiled.isEmpty }

    /// - Parameter factors: of different names, as `ContentCatalog.riskFactors` holds them; disabled ones are left out.
    /// - Throws: for a regular expression that cannot be read. The content loader lets none through.
    public init(_ factors: [RiskFactor]) throws(RegexError) {
        self.factors = factors.filter(\.isEnabled).sorted { Text($0.name) < Text($1.name) }
        fields = Set(self.factors.flatMap(\.fields).map { Text($0) }).sorted().map(\.string)
        let indexOfField = Dictionary(uniqueKeysWithValues: fields.enumerated().map { (Text($1), $0) })
        var compiled: [CompiledRiskFactor] = []
        for factor in self.factors { compiled.append(try CompiledRiskFactor(factor, indexOfField)) }
        self.compiled = compiled
        version = Self.digest(self.factors)
    }

    /// - Parameter value: the event's value of a field, its own or what identity and asset lists know; null where it has
    ///   none. Called at most once for each field, in no certain order.
    public func evaluate(_ value: (String) -> Value) -> RiskFactorOutcome {
        evaluate(fieldAt: { value(fields[$0]) })
    }

    /// As ``evaluate(_:)``, with the field by its index in ``fields``.
    public func evaluate(fieldAt value: (Int) -> Value) -> RiskFactorOutcome {
        var outcome = RiskFactorOutcome()
        guard !compiled.isEmpty else { return outcome }
        var known = [Value?](repeating: nil, count: fields.count)
        for factor in compiled {
            factor.apply(to: &outcome) { field in
                if let value = known[field] { return value }
                let new = value(field)
                known[field] = new
                return new
            }
        }
        return outcome
    }

    /// (score + additions) x multipliers: `calculated_risk_score`.
    ///
    /// - Returns: the score itself where no factor applied, else at most ``RiskFactorOutcome/bound`` either way. A score
    ///   that is not finite comes back as it is, for the index to refuse.
    public func calculated(_ riskScore: Double, _ outcome: RiskFactorOutcome) -> Double {
        guard riskScore.isFinite, !outcome.additions.isEmpty || !outcome.multipliers.isEmpty else { return riskScore }
        return RiskFactorOutcome.bounded((riskScore + outcome.addition) * outcome.multiplier)
    }

    private static func digest(_ factors: [RiskFactor]) -> String {
        func joined(_ parts: [String]) -> String { parts.map { "\($0.utf8.count):\($0)" }.joined() }
        // The leading number changes when the same factors are to compute something else.
        let lines =
            ["1"]
            + factors.map { factor in
                let conditions = factor.conditions.map { joined([$0.field, $0.test.operatorName] + $0.test.parts) }
                let amount =
                    switch factor.amount {
                    case .number(let number): ["number", NumberText.print(number)]
                    case .field(let field): ["field", field]
                    }
                return joined(
                    [factor.name, factor.operation.rawValue] + amount
                        + Set(conditions.map { Text($0) }).sorted().map(\.string))
            }
        return SHA256.hexDigest(Array(joined(lines).utf8))
    }
}

extension RiskFactor {
    fileprivate var fields: [String] {
        var fields = conditions.flatMap { [$0.field] + ($0.test.otherField.map { [$0] } ?? []) }
        if case .field(let field) = amount { fields.append(field) }
        return fields
    }
}

extension RiskFactor.Test {
    fileprivate var otherField: String? {
        switch self {
        case .equals(.field(let field)), .notEquals(.field(let field)), .compares(_, .field(let field)): field
        default: nil
        }
    }

    /// What follows the operator, as texts that no other test has.
    fileprivate var parts: [String] {
        switch self {
        case .equals(.text(let text)), .notEquals(.text(let text)), .regex(let text), .like(let text): ["text", text]
        case .compares(_, .number(let number)): ["number", NumberText.print(number)]
        case .equals(.field(let field)), .notEquals(.field(let field)), .compares(_, .field(let field)):
            ["field", field]
        }
    }
}
