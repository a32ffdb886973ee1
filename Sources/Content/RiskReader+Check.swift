extension RiskReader {
    /// Warns where a detection's type and what it names do not fit: it would score or alert otherwise than it looks.
    ///
    /// Source: security_content, EventBasedDetection.schema.json, the table of types.
    static func check(_ detection: Detection, at position: TextPosition, _ report: inout ContentReport) {
        let type = detection.type.text
        if detection.entities.isEmpty, detection.type == .ttp || detection.type == .anomaly {
            let key =
                switch detection.generation {
                case .observable: "a 'tags.observable' with the role Victim"
                case .rba: "'rba.risk_objects'"
                case .finding: detection.type == .ttp ? "'finding'" : "'intermediate_findings'"
                }
            report.warning(
                ContentCode.noEntity, "detection of type \(type) names no entity, so it scores nothing", at: position,
                hint: "add \(key), or make it a Hunting detection")
        }
        guard detection.generation == .finding else { return }
        let hasFinding = detection.entities.contains(where: \.isFinding)
        let mismatch: (message: String, hint: String)? =
            switch detection.type {
            case .ttp where !hasFinding && !detection.entities.isEmpty, .correlation where !hasFinding:
                ("has no 'finding', so its alert has no subject", "add 'finding' with a title and an entity")
            case .anomaly where hasFinding:
                ("has a 'finding', but makes no alert", "move the entity to 'intermediate_findings', or make it a TTP")
            case .hunting where !detection.entities.isEmpty || !detection.threatObjects.isEmpty:
                ("names entities or threat objects, but writes nothing", "make it an Anomaly, or leave them out")
            default: nil
            }
        guard let mismatch else { return }
        report.warning(
            ContentCode.typeMismatch, "detection of type \(type) \(mismatch.message)", at: position,
            hint: mismatch.hint)
    }
}
