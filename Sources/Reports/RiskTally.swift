import Columns
import RiskIndex

/// Count, sum and span of some risk events.
struct RiskTally: Sendable, Hashable {
    private(set) var eventCount = 0
    /// Sum of `calculated_risk_score`.
    private(set) var riskScore = 0.0
    private(set) var firstMicroseconds = Int64.max
    private(set) var lastMicroseconds = Int64.min

    init() {}

    /// - Parameter events: in the index's order, so that sums of fractions come out the same every time.
    init(_ events: some Sequence<RiskEvent>) {
        for event in events { add(event) }
    }

    mutating func add(_ event: RiskEvent) {
        eventCount += 1
        riskScore += event.calculatedRiskScore
        firstMicroseconds = min(firstMicroseconds, event.timeMicroseconds)
        lastMicroseconds = max(lastMicroseconds, event.timeMicroseconds)
    }
}

/// What a risk rule groups by. Bytes, not `String`: names that differ in Unicode composition are two entities.
struct EntityKey: Hashable, Comparable, Sendable {
    var normalizedRiskObject: Text
    var riskObjectType: Text

    static func < (lhs: EntityKey, rhs: EntityKey) -> Bool {
        (lhs.normalizedRiskObject, lhs.riskObjectType) < (rhs.normalizedRiskObject, rhs.riskObjectType)
    }
}

/// A threat object as a key.
struct ThreatKey: Hashable, Comparable, Sendable {
    var value: Text
    var type: Text

    static func < (lhs: ThreatKey, rhs: ThreatKey) -> Bool { (lhs.value, lhs.type) < (rhs.value, rhs.type) }
}

extension RiskEvent {
    var entityKey: EntityKey {
        EntityKey(normalizedRiskObject: Text(normalizedRiskObject), riskObjectType: Text(riskObjectType))
    }

    var ruleKey: Text { Text(searchName) }

    /// Each once.
    var threatKeys: Set<ThreatKey> {
        Set(threatObjects.map { ThreatKey(value: Text($0.value), type: Text($0.type)) })
    }

    /// Names of ATT&CK tactics, each once.
    var tacticKeys: Set<Text> {
        Set(annotations.filter { $0.name == "mitre_attack.mitre_tactic" }.flatMap(\.values).map { Text($0) })
    }
}

extension Finding {
    var entityKey: EntityKey {
        EntityKey(normalizedRiskObject: Text(normalizedRiskObject), riskObjectType: Text(riskObjectType))
    }
}

extension [RiskEvent] {
    /// By time, then key, as the index gives them.
    var inIndexOrder: [RiskEvent] {
        sorted {
            $0.timeMicroseconds == $1.timeMicroseconds
                ? Text($0.key) < Text($1.key) : $0.timeMicroseconds < $1.timeMicroseconds
        }
    }

    /// The tallies of groups; an event is in as many as `keys` names.
    func tallies<Key: Hashable, Keys: Sequence<Key>>(by keys: (RiskEvent) -> Keys) -> [Key: RiskTally] {
        var tallies: [Key: RiskTally] = [:]
        for event in self {
            for key in keys(event) { tallies[key, default: RiskTally()].add(event) }
        }
        return tallies
    }

    /// Those in `start <= _time < end`.
    func between(_ start: Int64, _ end: Int64) -> [RiskEvent] {
        filter { $0.timeMicroseconds >= start && $0.timeMicroseconds < end }
    }
}

extension [Finding] {
    /// By time, then key, as the index gives them.
    var inIndexOrder: [Finding] {
        sorted { ($0.timeMicroseconds, Text($0.key)) < ($1.timeMicroseconds, Text($1.key)) }
    }
}

/// The rule's own name where it has the form that contentctl gives search names: `ESCU - <name> - Rule`.
func shortRuleName(_ searchName: String) -> String {
    guard searchName.hasPrefix("ESCU - "), searchName.hasSuffix(" - Rule"), searchName.count > 14 else {
        return searchName
    }
    return String(searchName.dropFirst(7).dropLast(7))
}

/// `1 risk event`, `3 risk events`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
