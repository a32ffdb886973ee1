import Columns
import Risk
public import RiskIndex

/// Threat objects by how widespread they are. One that is seen with half the entities is infrastructure, or noise; one
/// that is seen with a single entity is worth a look.
public struct ThreatRanking: Sendable {
    public var threats: [ThreatPrevalence]
    /// Of the window, those included that a limit left out.
    public var totalCount: Int

    /// By number of entities, then of risk events, then of rules, the most first; `rareFirst` turns that round. Equal
    /// ones stand by value, then type.
    public init(_ threats: [ThreatPrevalence], rareFirst: Bool, limit: Int?) {
        totalCount = threats.count
        let sorted = threats.indices.sorted { a, b in
            let first = (threats[a].entityCount, threats[a].riskEventCount, threats[a].ruleCount)
            let second = (threats[b].entityCount, threats[b].riskEventCount, threats[b].ruleCount)
            // Given by value, then type.
            if first == second { return a < b }
            return rareFirst ? first < second : first > second
        }
        self.threats = sorted.prefix(limit ?? .max).map { threats[$0] }
    }

    /// One row a threat object.
    ///
    /// - Parameter forPeople: times as dates; else epoch seconds.
    public func rows(forPeople: Bool) -> [[ResultField]] {
        let time = RankingValue.time(forPeople)
        return threats.map { threat in
            [
                ResultField("threat_object", .text(Text(threat.threatObject.value))),
                ResultField("threat_object_type", .text(Text(threat.threatObject.type))),
                ResultField("entity_count", .number(Double(threat.entityCount))),
                ResultField("rule_count", .number(Double(threat.ruleCount))),
                ResultField("risk_event_count", .number(Double(threat.riskEventCount))),
                time("first_seen", threat.firstMicroseconds), time("last_seen", threat.lastMicroseconds),
            ]
        }
    }
}
