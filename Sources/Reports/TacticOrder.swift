import Columns

/// The columns of the ATT&CK matrix, left to right.
///
/// Source: Enterprise matrix of ATT&CK 17 (14 tactics); 19 cuts defense-evasion into stealth and defense-impairment
/// (contentctl 5.6, `MITRE_ATTACK_VERSION`), which stand in its place.
enum TacticOrder {
    private static let names = [
        "reconnaissance", "resource-development", "initial-access", "execution", "persistence",
        "privilege-escalation", "defense-evasion", "stealth", "defense-impairment", "credential-access", "discovery",
        "lateral-movement", "collection", "command-and-control", "exfiltration", "impact",
    ]

    private static let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { (Text($1), $0) })

    /// Total: those of the matrix, then other names as bytes, then no tactic.
    static func precedes(_ left: Text?, _ right: Text?) -> Bool {
        guard let left else { return false }
        guard let right else { return true }
        let places = (positions[left] ?? names.count, positions[right] ?? names.count)
        return places.0 == places.1 ? left < right : places.0 < places.1
    }
}
