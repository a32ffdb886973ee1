import Columns
public import RiskIndex

extension RiskEvent {
    /// Sets what the factors make of the score: `risk_factor_add`, `risk_factor_mult`, the factors that matched, and
    /// `calculated_risk_score`.
    ///
    /// A factor sees the event's own fields, of the risk event as of the detection's row, and what the identity and asset
    /// lists know of its entity and of `user`, `src_user`, `src`, `dest` and `dvc`.
    ///
    /// - Returns: the factors that could not be decided, and did not apply.
    @discardableResult
    public mutating func apply(_ scoring: RiskScoring) -> [RiskFactorOutcome.Undecided] {
        forgetFactors()
        guard !scoring.factors.isEmpty else { return [] }
        let outcome = outcome(of: scoring)
        riskFactorAdd = outcome.addition
        riskFactorMult = outcome.multiplier
        riskFactorAddMatched = outcome.additions.map(\.name)
        riskFactorMultMatched = outcome.multipliers.map(\.name)
        calculatedRiskScore = scoring.factors.calculated(riskScore, outcome)
        return outcome.undecided
    }

    /// The score as the detection gave it.
    public mutating func forgetFactors() {
        riskFactorAdd = 0
        riskFactorMult = 1
        riskFactorAddMatched = []
        riskFactorMultMatched = []
        calculatedRiskScore = riskScore
    }

    /// What the factors make of the event; what they made of it before is no input.
    public func outcome(of scoring: RiskScoring) -> RiskFactorOutcome {
        let own = Dictionary(splunkFields.map { ($0.name, $0.value) }) { first, _ in first }
        let attributes = EntityAttributes(
            scoring.resolver, object: riskObject, type: riskObjectType, zone: entityZone.isEmpty ? nil : entityZone
        ) { own[$0] ?? .null }
        return scoring.factors.evaluate { attributes.value($0) }
    }
}

extension RiskIndex {
    /// Lets past events follow the identity and asset lists when these have changed since the index saw them.
    ///
    /// - Returns: how many raw names moved to another entity.
    @discardableResult
    public func rekey(_ resolver: EntityResolver) throws(IndexError) -> Int {
        try rekey(version: resolver.version) { object in
            let entity = resolver.resolve(
                object.riskObject, type: object.riskObjectType,
                zone: object.entityZone.isEmpty ? nil : object.entityZone,
                host: object.entityHost.isEmpty ? nil : object.entityHost)
            return EntityAssignment(
                normalizedRiskObject: entity.normalizedRiskObject, reason: entity.provenance.description)
        }
    }
}
