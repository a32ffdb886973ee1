public import Content

extension RiskProfile {
    /// How the profile adds up.
    public var scoring: ScoringProfile {
        switch self {
        case .splunk: .splunk
        case .recommended: .recommended
        }
    }

    /// Whether an analyst is told again by what is new, not by the clock.
    public var isChangeAware: Bool { self == .recommended }
}
