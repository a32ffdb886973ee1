/// How risk adds up and when a finding opens again.
///
/// `splunk` reproduces the arithmetic of Splunk's own risk incident rules; `recommended` counts a firing and a message
/// once, caps each rule, and opens again on change only (docs/decisions/0015).
public enum RiskProfile: String, Sendable, Hashable, CaseIterable {
    case splunk, recommended
}
