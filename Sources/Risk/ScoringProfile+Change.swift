extension ScoringProfile {
    /// Whether an analyst is told again by what is new, not by the clock.
    public var isChangeAware: Bool { name == Self.recommended.name }
}
