import Foundation
import RiskIndex

/// A folder of its own for one test, removed when the value goes.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("accrue-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var indexPath: String { path + "/risk.sqlite" }

    func openIndex(readOnly: Bool = false) throws -> RiskIndex {
        try RiskIndex.open(path: indexPath, now: 1_700_000_000_000_000, readOnly: readOnly)
    }
}

func sampleEvent(
    _ key: String, firing: String? = nil, at timeMicroseconds: Int64 = 1_000_000, entity: String = "amy",
    raw: String? = nil, type: String = "user", score: Double = 20, rule: String = "ESCU - Example - Rule",
    threatObjects: [ThreatObject] = [], message: String = "container uploaded", fields: [ResultField] = []
) -> RiskEvent {
    RiskEvent(
        key: key, firingKey: firing ?? "f-" + key, timeMicroseconds: timeMicroseconds,
        windowStartMicroseconds: timeMicroseconds - 3_600_000_000, windowEndMicroseconds: nil,
        searchTimeMicroseconds: timeMicroseconds + 1, searchName: rule, ruleID: "id-" + rule, ruleVersion: 3,
        entityField: "user", riskObject: raw ?? entity, riskObjectType: type, normalizedRiskObject: entity,
        riskScore: score, calculatedRiskScore: score, riskMessage: message, threatObjects: threatObjects,
        analyticStories: ["Dev Sec Ops"],
        annotations: [
            Annotation(name: "mitre_attack", values: ["T1204.003"]),
            Annotation(name: "mitre_attack.mitre_tactic", values: ["execution"]),
        ], attackVersion: "19.0", contributingEventCount: 1, fields: fields)
}

func sampleFiring(_ event: RiskEvent, contributing: [StoredEvent] = []) -> Firing {
    Firing(key: event.firingKey, events: [event], contributing: contributing)
}

func sampleStoredEvent(_ key: String, at timeMicroseconds: Int64? = 1, raw: [UInt8] = Array("{}".utf8)) -> StoredEvent {
    StoredEvent(
        key: key, timeMicroseconds: timeMicroseconds, sourcetype: "aws:cloudtrail", source: "trail.json",
        host: "collector", index: "main", raw: raw)
}

func sampleFinding(
    _ key: String, at timeMicroseconds: Int64 = 2_000_000, entity: String = "amy", type: String = "user",
    rule: String = "Risk - 24 Hour Risk Threshold Exceeded - Rule", riskEventKeys: [String] = []
) -> Finding {
    Finding(
        key: key, timeMicroseconds: timeMicroseconds, windowStartMicroseconds: timeMicroseconds - 86_400_000_000,
        windowEndMicroseconds: timeMicroseconds, searchName: rule, ruleID: "id-" + rule, riskObject: entity,
        allRiskObjects: [entity, entity.uppercased()], normalizedRiskObject: entity, riskObjectType: type,
        riskScore: 120.5, riskEventCount: riskEventKeys.count, sourceCount: 2, mitreTacticIDCount: 1,
        mitreTechniqueIDCount: 4, severity: "medium", reason: "score 120.5 is above 100",
        title: "24 hour risk threshold exceeded for user=amy", riskEventKeys: riskEventKeys,
        fields: [ResultField(name: "risk_score", values: ["120.5"], isNumber: true)])
}

extension RiskIndex {
    func insert(findings: [Finding]) throws(IndexError) -> FindingInsertCount {
        try write(findings.map { FindingLife(finding: $0, changes: []) })
    }
}
