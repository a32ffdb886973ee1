import Columns
import Content

// A risk factor as people read it.

extension FactorTrial.Factor {
    public var name: String { factor.name }
    public var isEnabled: Bool { factor.isEnabled }
    public var description: String { factor.description }
    public var file: String { factor.file }
    /// `addition`, `multiplication`.
    public var operation: String { factor.operation.rawValue }

    /// `1.5`, `field dest_score`.
    public var amount: String {
        switch factor.amount {
        case .number(let number): NumberText.print(number)
        case .field(let field): "field \(field)"
        }
    }

    /// `user_priority equals "high"`, `risk_score > field limit`.
    public var conditions: [String] { factor.conditions.map(\.text) }
}

extension RiskFactor.Condition {
    fileprivate var text: String {
        let operand =
            switch test {
            case .equals(.text(let text)), .notEquals(.text(let text)), .regex(let text), .like(let text): "\"\(text)\""
            case .compares(_, .number(let number)): NumberText.print(number)
            case .equals(.field(let name)), .notEquals(.field(let name)), .compares(_, .field(let name)):
                "field \(name)"
            }
        return "\(field) \(test.operatorName) \(operand)"
    }
}
