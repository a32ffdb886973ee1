public import RiskIndex

extension RiskColumns {
    /// What ``ledgerEvent(_:_:_:)`` needs of the index.
    public static let ledgerParts: RiskColumnParts = [.scores, .firings, .messages, .keys]

    /// The event of a row as arithmetic takes it. All versions of a rule are one rule.
    ///
    /// - Parameters:
    ///   - dimensions: those of this read.
    ///   - adjustments: the entries by hand of the index.
    public func ledgerEvent(_ row: Int, _ dimensions: RiskDimensions, _ adjustments: Adjustments) -> LedgerEvent {
        let key = keys[row]
        if let answered = adjustments.answeredKeys[key] {
            return .adjustment(
                timeMicroseconds: timesMicroseconds[row], key: LedgerEvent.number(ofKey: key),
                score: calculatedRiskScores[row], answeredKey: answered.map { LedgerEvent.number(ofKey: $0) })
        }
        return LedgerEvent(
            timeMicroseconds: timesMicroseconds[row], key: LedgerEvent.number(ofKey: key),
            ruleIndex: dimensions.ruleGroup(rules[row]), firing: UInt64(bitPattern: firings[row]),
            message: UInt64(messageIDs[row]), riskScore: riskScores[row], factorAdd: riskFactorAdds[row],
            factorMultiply: riskFactorMults[row], calculatedRiskScore: calculatedRiskScores[row])
    }
}

extension LedgerEvent {
    /// The first 16 hex digits of a risk event's key: the same in every run and index.
    public static func number(ofKey key: String) -> UInt64 { UInt64(key.prefix(16), radix: 16) ?? 0 }
}
