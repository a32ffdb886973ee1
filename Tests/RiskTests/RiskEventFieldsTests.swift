import Columns
import Risk
import RiskIndex
import Testing

@Suite struct RiskEventFieldsTests {
    private func event(_ fields: [ResultField]) -> RiskEvent {
        RiskEvent(
            key: "0123456789abcdef0123", firingKey: "f", timeMicroseconds: 1_500_000, windowStartMicroseconds: 0,
            windowEndMicroseconds: nil, searchTimeMicroseconds: 2_000_000, searchName: "ESCU - A - Rule", ruleID: "r",
            ruleVersion: 1, entityField: "user", riskObject: "AMY", riskObjectType: "user",
            normalizedRiskObject: "amy", riskScore: 20, calculatedRiskScore: 40.5, riskMessage: "m",
            threatObjects: [ThreatObject(value: "203.0.113.9", type: "ip_address")], analyticStories: ["Dev Sec Ops"],
            annotations: [
                Annotation(name: "cis20", values: ["CIS 13", "CIS 10"]),
                Annotation(name: "mitre_attack", values: ["T1204.003"]),
                Annotation(name: "mitre_attack.mitre_tactic", values: ["execution"]),
            ], attackVersion: "17.0", contributingEventCount: 3, fields: fields)
    }

    private func values(_ event: RiskEvent) -> [String: Value] {
        Dictionary(event.splunkFields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func fieldsBearSplunksNames() {
        let values = values(event([ResultField(name: "src", values: ["203.0.113.9"], isNumber: false)]))
        #expect(values["_time"] == .number(1.5))
        #expect(values["risk_event_id"] == .text("0123456789abcdef"))
        #expect(values["annotations._all"] == .list([.text("CIS 10"), .text("CIS 13"), .text("T1204.003")]))
        #expect(values["annotations._frameworks"] == .list([.text("cis20"), .text("mitre_attack")]))
        #expect(values["annotations.mitre_attack.mitre_tactic"] == .text("execution"))
        #expect(values["info_min_time"] == .number(0))
        #expect(values["info_max_time"] == nil)
        #expect(values["src"] == .text("203.0.113.9"))
    }

    @Test func aRowsOwnFieldNeverReplacesTheRecords() {
        let event = event([
            ResultField(name: "source", values: ["trail.json"], isNumber: false),
            ResultField(name: "risk_score", values: ["3"], isNumber: true),
            ResultField(name: "orig_source", values: ["mine"], isNumber: false),
        ])
        let values = values(event)
        #expect(values["source"] == .text("ESCU - A - Rule"))
        #expect(values["orig_risk_score"] == .number(3))
        #expect(values["orig_source"] == .text("mine"))
        #expect(Set(event.splunkFields.map(\.name)).count == event.splunkFields.count)
    }
}
