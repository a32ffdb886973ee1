import Columns
public import Content
public import Risk
public import SPL

/// What a backtest changes, as people ask for it; a change of a kind that comes twice holds as it came last.
public struct BacktestChanges: Sendable {
    public enum Cap: Sendable, Hashable {
        /// Times a rule's highest score.
        case factor(Double)
        case off
    }

    public private(set) var macros: [MacroDefinition] = []
    public private(set) var cap: Cap?
    public private(set) var scores: [(glob: String, score: RiskEdits.Score)] = []
    public private(set) var factors: [(glob: String, isOn: Bool)] = []
    /// Names of detections, as globs.
    public var withoutRules: [String] = []
    /// Incident rules that take the place of those of their id or name, or are added; they run whatever they say of
    /// profiles and being on.
    public var incidentRules: [IncidentRule] = []
    /// Names of incident rules, as globs.
    public var enabled: [String] = []
    public var disabled: [String] = []
    public var profile: RiskProfile?
    /// The content's factors are applied anew, also when none of them is switched.
    public var appliesFactors = false

    public init() {}

    public var isEmpty: Bool {
        macros.isEmpty && cap == nil && scores.isEmpty && factors.isEmpty && withoutRules.isEmpty
            && incidentRules.isEmpty && enabled.isEmpty && disabled.isEmpty && profile == nil && !appliesFactors
    }

    static func refusal(_ message: String, hint: String) -> EngineError { EngineError("E813", message, hint: hint) }

    // MARK: As options have them

    /// `MACRO=VALUE`.
    public mutating func set(_ text: String) throws {
        do throws(Diagnostic) {
            macros.append(try MacroDefinition.parse(text))
        } catch {
            throw Self.refusal(
                "--set '\(text)': \(error.message)", hint: "write MACRO=VALUE, such as risk_threshold=80")
        }
    }

    public mutating func setThreshold(_ text: String) throws {
        let number = try Self.number(text, option: "--threshold", hint: "write a number, such as 80")
        macros.append(MacroDefinition(name: "risk_threshold", definition: NumberText.print(number)))
    }

    /// A number of at least 1, or `none`.
    public mutating func setCap(_ text: String) throws {
        if text.lowercased() == "none" {
            cap = .off
            return
        }
        let hint = "write how many times its highest score a rule may count, from 1 to 1000000, or none"
        let number = try Self.number(text, option: "--cap", hint: hint)
        guard (1...1_000_000).contains(number) else { throw Self.refusal("--cap '\(text)' is no cap", hint: hint) }
        cap = .factor(number)
    }

    /// `RULE GLOB=40`, `RULE GLOB=*0.5`.
    public mutating func setScore(_ text: String) throws {
        let hint = "write 'RULE GLOB=40' or 'RULE GLOB=*0.5', within \(NumberText.print(RiskFactor.amountLimit))"
        guard let (glob, value) = Self.split(text) else {
            throw Self.refusal("--score '\(text)' has no rule and score", hint: hint)
        }
        let isScaled = value.hasPrefix("*")
        let number = try Self.number(isScaled ? String(value.dropFirst()) : value, option: "--score", hint: hint)
        guard abs(number) <= RiskFactor.amountLimit else {
            throw Self.refusal("--score '\(text)' is too much", hint: hint)
        }
        scores.append((glob, isScaled ? .scaled(number) : .fixed(number)))
    }

    /// `NAME=on`, `NAME=off`.
    public mutating func setFactor(_ text: String) throws {
        guard let (glob, value) = Self.split(text), ["on", "off"].contains(value.lowercased()) else {
            throw Self.refusal(
                "--factor '\(text)' does not say on or off",
                hint: "write NAME=on or NAME=off; `accrue risk factors` lists them")
        }
        factors.append((glob, value.lowercased() == "on"))
    }

    /// At the last `=`: names may hold others.
    private static func split(_ text: String) -> (name: String, value: String)? {
        guard let equals = text.lastIndex(of: "="), equals != text.startIndex else { return nil }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    private static func number(_ text: String, option: String, hint: String) throws -> Double {
        guard let number = NumberText.parse(Array(text.utf8)), number.isFinite else {
            throw refusal("\(option): '\(text)' is no number", hint: hint)
        }
        return number
    }
}
