import Formats
import RiskIndex

// One entity: what risk it carries now, how it came to that, and under which names. Every point of the score stands in
// the ledger; the ledger's last total is the score.

/// The risk of one entity, as of a time.
public struct EntityReport: Sendable {
    public let normalizedRiskObject: String
    public let riskObjectType: String
    let zone: TimeZoneRules
    let nowMicroseconds: Int64
    /// Inclusive; `now` is its exclusive end.
    let windowStartMicroseconds: Int64
    let windowMicroseconds: Int64
    /// Of the events in the window.
    let risk: RiskTally
    /// Of all given events up to now, so also the first and last sighting; nil when there are none.
    let allRisk: RiskTally?
    let days: [Day]
    let aliases: [Alias]
    let rules: [Sighting]
    let threatObjects: [Sighting]
    let tactics: [Sighting]
    /// By time, then key.
    let findings: [Finding]
    /// The events of the window, by time, then key.
    let ledger: [LedgerLine]

    /// The score: the sum of `calculated_risk_score` in the window.
    public var riskScore: Double { risk.riskScore }

    struct Day: Sendable, Hashable {
        /// `2026-11-16`.
        var date: String
        /// Of the events of that day inside the window.
        var added: RiskTally
        /// Score over a window of the same length that ends with the day, or now on the last day.
        var riskScoreAtEnd: Double
    }

    /// A raw name under which the entity was seen.
    struct Alias: Sendable, Hashable {
        var riskObject: String
        /// Fields of the result rows that held it, sorted.
        var entityFields: [String]
        /// Why it counts as this entity.
        var reason: String
        var risk: RiskTally
    }

    /// A rule, threat object or tactic.
    struct Sighting: Sendable, Hashable {
        var name: String
        /// The threat object's type; empty for others.
        var type = ""
        /// In the window.
        var risk: RiskTally
        /// In all given events up to now.
        var allRisk: RiskTally
    }

    struct LedgerLine: Sendable, Hashable {
        var timeMicroseconds: Int64
        var riskEventID: String
        var searchName: String
        /// Before and after risk factors.
        var riskScore: Double
        var calculatedRiskScore: Double
        var total: Double
        var riskMessage: String
    }
}
