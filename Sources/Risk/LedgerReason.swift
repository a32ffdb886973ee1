import Columns

/// Why an event counts with less, or more, than its calculated score.
public enum LedgerReason: Sendable, Hashable {
    /// Another event of the firing counted already, or counts instead; the line is the difference.
    case sameFiring(as: UInt64)
    /// Another event with this message of the rule counted already, or counts instead; the line is the difference.
    case sameMessage(as: UInt64)
    /// More of the rule's messages than count; a higher one takes the place of the lowest.
    case overMessageLimit(ruleIndex: UInt32, limit: Int)
    case overCap(ruleIndex: UInt32, factor: Double, highest: Double)
    /// The rule's new highest lets earlier events count that the cap held back.
    case raisesCap(ruleIndex: UInt32, factor: Double, highest: Double)
    /// The adjustment comes off this event's score.
    case answers(UInt64)
    /// The event that the adjustment answers is not in the window, or comes later.
    case answeredEventAbsent(UInt64)
    /// The adjustment is greater than what is left of the event that it answers.
    case answersInFull(UInt64)
    /// An adjustment that stands before the event has taken from its score.
    case answered(by: UInt64)
    /// An analyst has silenced it; the number is the caller's.
    case suppressed(by: Int)

    /// A half sentence: "same firing as 1f2e3d", "over the cap of rule X: 2 x 20".
    ///
    /// - Parameters:
    ///   - ruleName: the name of a rule index.
    ///   - eventName: the name of an event's key.
    ///   - suppressionName: the name of a suppression's number.
    public func text(
        ruleName: (UInt32) -> String, eventName: (UInt64) -> String,
        suppressionName: (Int) -> String = { String($0) }
    ) -> String {
        switch self {
        case .sameFiring(let key): "same firing as \(eventName(key))"
        case .sameMessage(let key): "same message as \(eventName(key))"
        case .overMessageLimit(let rule, let limit):
            "over the limit of rule \(ruleName(rule)): the \(limit) highest messages"
        case .overCap(let rule, let factor, let highest):
            "over the cap of rule \(ruleName(rule)): \(Self.product(factor, highest))"
        case .raisesCap(let rule, let factor, let highest):
            "raises the cap of rule \(ruleName(rule)): \(Self.product(factor, highest))"
        case .answers(let key): "answers \(eventName(key))"
        case .answeredEventAbsent(let key): "answers \(eventName(key)), which is not in the window before it"
        case .answersInFull(let key): "nothing more is left of \(eventName(key))"
        case .answered(let key): "answered by \(eventName(key))"
        case .suppressed(let number): "silenced by suppression \(suppressionName(number))"
        }
    }

    private static func product(_ factor: Double, _ highest: Double) -> String {
        "\(NumberText.print(factor)) x \(NumberText.print(highest))"
    }
}
