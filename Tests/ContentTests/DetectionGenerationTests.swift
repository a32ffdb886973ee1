import Content
import SPL
import Testing

/// The same rule, written in three schemas, becomes one model.
@Suite struct DetectionGenerationTests {
    private func load(_ text: String) throws -> (detection: Detection, catalog: ContentCatalog) {
        var loader = ContentLoader()
        loader.add(file: "detections/d.yml", text: text)
        let catalog = loader.catalog()
        let first = catalog.detections.first
        return (try #require(first, "\(catalog.problems)"), catalog)
    }

    private let head =
        "name: Odd Push\nid: 4b4f\nversion: '16'\nstatus: production\nsearch: index=x | stats count by user src\n"

    @Test func observablesBecomeEntitiesAndThreatObjects() throws {
        let rule = try load(
            head + """
                type: TTP
                tags:
                  analytic_story: [Dev]
                  asset_type: AWS Account
                  confidence: 70
                  impact: 70
                  message: $user$ from $src$
                  mitre_attack_id: [T1204.003]
                  observable:
                  - {name: user, type: User, role: [Victim]}
                  - {name: login, type: User Name, role: [Victim]}
                  - {name: mail, type: Email Address, role: [Victim]}
                  - {name: dest, type: Hostname, role: [Victim]}
                  - {name: dest_ip, type: IP Address, role: [Victim]}
                  - {name: image, type: Process, role: [Victim]}
                  - {name: src, type: IP Address, role: [Attacker]}
                  - {name: process, type: Process Name, role: [Attacker]}
                  - {name: file, type: File Hash, role: [Attacker]}
                  - {name: url, type: URL String, role: [Attacker]}
                  - {name: who, type: User, role: [Attacker]}
                  - {name: thing, type: Other, role: [Other]}
                  security_domain: network
                """
        ).detection
        #expect(rule.generation == .observable)
        #expect(rule.version == 16)
        #expect(
            rule.entities.map { "\($0.field) \($0.type)" } == [
                "user user", "login other", "mail user", "dest system", "dest_ip system", "image other", "thing other",
            ])
        #expect(rule.entities.allSatisfy { $0.score == 49 && $0.message == "$user$ from $src$" && !$0.isFinding })
        #expect(
            rule.threatObjects.map { "\($0.field) \($0.type)" } == [
                "src ip_address", "process process", "file file_name", "url url", "who user",
            ])
        #expect(rule.severity == "medium")
        #expect(rule.nist == ["DE.CM"])
        #expect(rule.cis20 == ["CIS 13"])
        #expect(rule.analyticStories == ["Dev"])
        #expect(rule.securityDomain == "network")
    }

    @Test func riskScoreGoesBeforeConfidenceTimesImpact() throws {
        let loaded = try load(
            head + """
                type: Anomaly
                tags:
                  risk_score: 25
                  confidence: 80
                  impact: 80
                  message: $user$
                  observable:
                  - {name: user, type: User, role: [Victim]}
                """)
        #expect(loaded.detection.entities.map(\.score) == [25])
        #expect(loaded.catalog.problems.map(\.diagnostic.code) == ["E412"])
    }

    @Test func rbaNamesItsEntities() throws {
        let rule = try load(
            head + """
                type: Anomaly
                rba:
                  message: $user$ from $src$
                  risk_objects:
                  - {field: user, type: user, score: 30}
                  - {field: dest, type: system, score: 0}
                  threat_objects:
                  - {field: src, type: ip_address}
                tags:
                  security_domain: endpoint
                  throttling: {fields: [user, src], period: 30m}
                """
        ).detection
        #expect(rule.generation == .rba)
        #expect(
            rule.entities == [
                EntityRule(field: "user", type: "user", score: 30, message: "$user$ from $src$"),
                EntityRule(field: "dest", type: "system", score: 0, message: "$user$ from $src$"),
            ])
        #expect(rule.threatObjects == [ThreatObjectRule(field: "src", type: "ip_address")])
        #expect(rule.throttling == Throttling(fields: ["user", "src"], periodSeconds: 1800))
        #expect(rule.cis20 == ["CIS 10"])
        #expect(rule.searchName == "ESCU - Odd Push - Rule")
    }

    @Test func findingComesBeforeIntermediateFindings() throws {
        let rule = try load(
            head + """
                type: TTP
                finding:
                  title: Push by $user$
                  entity: {field: user, type: user, score: 50}
                intermediate_findings:
                  entities:
                  - {field: dest, type: system, score: 40, message: Push on $dest$}
                threat_objects:
                - {field: src, type: ip_address}
                security_domain: threat
                mitre_attack_id: [T1204]
                """
        ).detection
        #expect(rule.generation == .finding)
        #expect(rule.findingTitle == "Push by $user$")
        #expect(
            rule.entities == [
                EntityRule(field: "user", type: "user", score: 50, message: "Push by $user$", isFinding: true),
                EntityRule(field: "dest", type: "system", score: 40, message: "Push on $dest$"),
            ])
        #expect(rule.writesRiskEvents)
        #expect(rule.writesFinding)
    }

    @Test func searchNameMayBeGiven() throws {
        #expect(try load(head + "type: Hunting\nsearch_name: Ours - Rule").detection.searchName == "Ours - Rule")
    }

    @Test func huntingWritesNothingAlthoughItNamesEntities() throws {
        let rule = try load(
            head + """
                type: Hunting
                tags:
                  risk_score: 25
                  observable:
                  - {name: user, type: User, role: [Victim]}
                """
        ).detection
        #expect(rule.entities.count == 1)
        #expect(!rule.writesRiskEvents)
        #expect(!rule.writesFinding)
    }

    @Test func aTypeThatNobodyKnowsWritesTheRiskOfItsEntities() throws {
        let rba = "rba:\n  message: $user$\n  risk_objects:\n  - {field: user, type: user, score: 5}"
        #expect(try load(head + "type: Ours\n" + rba).detection.writesRiskEvents)
    }

    @Test(arguments: [("0", false), ("30", true)]) func correlationWritesTheScoreOfItsFindingOnly(
        score: String, writes: Bool
    ) throws {
        let old =
            "type: Correlation\nrba:\n  message: m $user$\n  risk_objects:\n  - {field: user, type: user, score: 30}"
        #expect(try !load(head + old).detection.writesRiskEvents)
        let new = "type: Correlation\nfinding:\n  title: t $user$\n  entity: {field: user, type: user, score: \(score)}"
        #expect(try load(head + new).detection.writesRiskEvents == writes)
        #expect(try load(head + new).detection.incidentRule.title == "t $user$")
        #expect(try load(head + old).detection.incidentRule.title == "RBA: Odd Push")
    }

    @Test(arguments: [(20, "informational"), (21, "low"), (41, "medium"), (61, "high"), (81, "critical")])
    func severityFollowsTheHighestScore(score: Int, severity: String) throws {
        let rule = try load(
            head + """
                type: Anomaly
                rba:
                  message: $user$
                  risk_objects:
                  - {field: dest, type: system, score: 1}
                  - {field: user, type: user, score: \(score)}
                """
        ).detection
        #expect(rule.severity == severity)
    }

    @Test func severityWithoutEntityIsHigh() throws {
        #expect(try load(head + "type: Correlation").detection.severity == "high")
    }

    @Test func drilldownTakesTheDetectionsSearch() {
        let drilldown = Drilldown(
            name: "d", search: "%original_detection_search% | search user=\"$user$\"", earliestOffset: "7d",
            latestOffset: nil)
        #expect(drilldown.search(of: "index=x\n") == "index=x | search user=\"$user$\"")
    }

    @Test func testsKeepTheirDataAndExpectation() throws {
        let rule = try load(
            head + """
                type: Hunting
                tests:
                - name: Nothing
                  expected_results: 0
                  test_type: unit
                  attack_data:
                  - {data: a.log, source: s, sourcetype: st, custom_index: i}
                """
        ).detection
        #expect(rule.tests.map(\.expectedResults) == [0])
        #expect(rule.tests[0].attackData.map(\.index) == ["i"])
    }
}
