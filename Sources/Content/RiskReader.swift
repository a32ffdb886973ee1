/// Reads who is scored, how much and with which message: the part in which the three generations differ most.
struct RiskReader {
    struct Risk {
        var generation: Detection.Generation
        var entities: [EntityRule] = []
        var threatObjects: [ThreatObjectRule] = []
        var findingTitle: String?
    }

    let object: ObjectReader
    let tags: MappingReader?

    private var top: MappingReader { object.top }

    func read(_ report: inout ContentReport) -> Risk {
        if top["finding"] != nil || top["intermediate_findings"] != nil || top["threat_objects"] != nil {
            return findings(&report)
        }
        if top["rba"] != nil { return rba(&report) }
        if tags?["observable"] != nil { return observables(&report) }
        return Risk(generation: tags == nil ? .finding : .rba)
    }

    private func findings(_ report: inout ContentReport) -> Risk {
        var risk = Risk(generation: .finding)
        if let finding = top.mapping("finding", known: ContentKeys.finding, &report) {
            let title = finding.requiredText("title", &report)
            object.checkTokens(finding, "title", &report)
            risk.findingTitle = title
            if let reader = finding.mapping("entity", known: ContentKeys.riskObject, &report) {
                if let entity = entity(reader, message: title ?? "", isFinding: true, &report) {
                    risk.entities.append(entity)
                }
            } else if finding["entity"] == nil {
                finding.missing("entity", &report)
            }
        }
        let intermediate = top.mapping(
            "intermediate_findings", known: ContentKeys.intermediateFindings, &report)
        for reader in intermediate?.mappings("entities", known: ContentKeys.intermediateEntity, &report) ?? [] {
            let message = reader.requiredText("message", &report)
            object.checkTokens(reader, "message", &report)
            if let entity = entity(reader, message: message ?? "", isFinding: false, &report) {
                risk.entities.append(entity)
            }
        }
        risk.threatObjects = threatObjects(top, &report)
        return risk
    }

    private func rba(_ report: inout ContentReport) -> Risk {
        var risk = Risk(generation: .rba)
        guard let rba = top.mapping("rba", known: ContentKeys.rba, &report) else { return risk }
        let message = rba.requiredText("message", &report)
        object.checkTokens(rba, "message", &report)
        for reader in rba.mappings("risk_objects", known: ContentKeys.riskObject, &report) {
            if let entity = entity(reader, message: message ?? "", isFinding: false, &report) {
                risk.entities.append(entity)
            }
        }
        risk.threatObjects = threatObjects(rba, &report)
        return risk
    }

    private func observables(_ report: inout ContentReport) -> Risk {
        var risk = Risk(generation: .observable)
        guard let tags else { return risk }
        let message = tags.text("message", &report) ?? ""
        object.checkTokens(tags, "message", &report)
        let score = observableScore(tags, &report)
        for reader in tags.mappings("observable", known: ContentKeys.observable, &report) {
            let field = reader.requiredText("name", &report)
            let type = reader.requiredText("type", &report)
            let roles = reader.texts("role", &report)
            guard let field, let type else { continue }
            switch ObservableMeaning(type: type, roles: roles) {
            case .entity(let type):
                risk.entities.append(EntityRule(field: field, type: type, score: score, message: message))
            case .threatObject(let type):
                risk.threatObjects.append(ThreatObjectRule(field: field, type: type))
            }
        }
        return risk
    }

    /// `risk_score`, else confidence x impact / 100, rounded as contentctl rounds it (halves to even).
    private func observableScore(_ tags: MappingReader, _ report: inout ContentReport) -> Double {
        let given = tags["risk_score"] == nil ? nil : self.score(tags, "risk_score", &report)
        let confidence = tags.number("confidence", &report)
        let impact = tags.number("impact", &report)
        guard let confidence, let impact else {
            if tags["risk_score"] == nil { tags.missing("risk_score", &report) }
            return given ?? 0
        }
        let product = confidence * impact / 100
        guard let given else { return product.rounded(.toNearestOrEven) }
        if abs(given - product) > 1 {
            report.note(
                ContentCode.scoreMismatch,
                "'tags.risk_score' is \(plain(given)), but confidence x impact / 100 is \(plain(product))",
                at: tags["risk_score"]?.position ?? .start, hint: "the risk_score is what counts")
        }
        return given
    }

    private func threatObjects(_ reader: MappingReader, _ report: inout ContentReport) -> [ThreatObjectRule] {
        var rules: [ThreatObjectRule] = []
        for item in reader.mappings("threat_objects", known: ContentKeys.threatObject, &report) {
            let field = item.requiredText("field", &report)
            let type = item.requiredText("type", &report)
            if let field, let type { rules.append(ThreatObjectRule(field: field, type: type)) }
        }
        return rules
    }

    private func entity(
        _ reader: MappingReader, message: String, isFinding: Bool, _ report: inout ContentReport
    ) -> EntityRule? {
        let field = reader.requiredText("field", &report)
        let type = reader.requiredText("type", &report)
        if reader["score"] == nil { reader.missing("score", &report) }
        guard let field, let type, let score = score(reader, "score", &report) else { return nil }
        return EntityRule(field: field, type: type, score: score, message: message, isFinding: isFinding)
    }

    private func score(_ reader: MappingReader, _ key: String, _ report: inout ContentReport) -> Double? {
        guard let score = reader.number(key, &report) else { return nil }
        let position = reader[key]?.position ?? .start
        if score < 0 {
            report.error(
                ContentCode.scoreOutOfRange, "'\(reader.name(key))' is \(plain(score)), below 0", at: position,
                hint: "a detection's score runs from 0 to 100; lower an entity's risk with a risk factor")
            return nil
        }
        if score > 100 {
            report.warning(
                ContentCode.scoreOutOfRange, "'\(reader.name(key))' is \(plain(score)), above 100", at: position,
                hint: "it is taken as it is; one hit alone passes the default threshold of 100")
        }
        return score
    }

    private func plain(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? String(number)
    }
}

/// What an observable of the oldest generation becomes.
///
/// Source: contentctl 4.4, detection_abstract.py, `risk`. "User Name" is not among its user types and becomes `other`
/// there (its issue 246); so it does here, to give Splunk's answer.
enum ObservableMeaning: Equatable {
    case entity(type: String)
    case threatObject(type: String)

    init(type: String, roles: [String]) {
        let type = type.lowercased()
        let isVictim = roles.contains("Victim")
        if isVictim, ["user", "username", "email address"].contains(type) {
            self = .entity(type: "user")
        } else if isVictim, ["device", "endpoint", "hostname", "ip address"].contains(type) {
            self = .entity(type: "system")
        } else if roles.contains("Attacker") {
            switch type {
            case "process", "process name": self = .threatObject(type: "process")
            case "file", "file name", "file hash": self = .threatObject(type: "file_name")
            case "ip address": self = .threatObject(type: "ip_address")
            case "url", "url string": self = .threatObject(type: "url")
            default: self = .threatObject(type: type)
            }
        } else {
            self = .entity(type: "other")
        }
    }
}
