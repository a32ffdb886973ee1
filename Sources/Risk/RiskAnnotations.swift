import Content
import RiskIndex

/// The annotations that a detection puts on its risk events: what contentctl writes to
/// `action.correlationsearch.annotations`, with the ATT&CK lookups of the Risk data model filled in.
///
/// Source: contentctl 5.6, savedsearches template.
enum RiskAnnotations {
    /// - Returns: sorted by name; frameworks without values are left out.
    static func make(for detection: Detection, matrix: AttackMatrix) -> [Annotation] {
        let attack = matrix.annotations(for: detection.mitreAttackIDs)
        let phases = detection.killChainPhases.isEmpty ? attack.killChainPhases : detection.killChainPhases
        let all: [(String, [String])] = [
            ("analytic_story", detection.analyticStories),
            ("cis20", detection.cis20),
            ("cve", detection.cves),
            ("data_source", detection.dataSources),
            ("kill_chain_phases", phases),
            ("mitre_attack", detection.mitreAttackIDs),
            ("mitre_attack.mitre_tactic", attack.tactics),
            ("mitre_attack.mitre_tactic_id", attack.tacticIDs),
            ("mitre_attack.mitre_technique", attack.techniques),
            ("mitre_attack.mitre_technique_id", attack.techniqueIDs),
            ("nist", detection.nist),
            ("type", [detection.type.text]),
        ]
        return all.filter { !$0.1.isEmpty }.map { Annotation(name: $0.0, values: $0.1) }
    }
}
