public import Content

/// What turns a detection's row into a scored event about somebody: who a name stands for, and which factors apply.
public struct RiskScoring: Sendable {
    public let matrix: AttackMatrix
    public let resolver: EntityResolver
    public let factors: RiskFactorSet

    public init(matrix: AttackMatrix, resolver: EntityResolver, factors: RiskFactorSet) {
        self.matrix = matrix
        self.resolver = resolver
        self.factors = factors
    }
}
