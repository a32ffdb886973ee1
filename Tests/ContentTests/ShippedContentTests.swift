import Content
import Foundation
import SPL
import Testing

@Suite struct ShippedContentTests {
    @Test func shippedContentHasNoProblems() throws {
        let catalog = try Repository.shippedCatalog()
        #expect(catalog.problems.filter { $0.diagnostic.severity == .error }.isEmpty)
        #expect(catalog.unknownTechniques(in: try Repository.attackMatrix()).isEmpty)
    }

    @Test func seedRuleIsWhatTheCatalogueSays() throws {
        let catalog = try Repository.shippedCatalog()
        let rule = try #require(
            catalog.detections(matching: "aws_ecr_container_upload_outside_business_hours").first)
        #expect(rule.searchName == "ESCU - AWS ECR Container Upload Outside Business Hours - Rule")
        #expect(rule.version == 12)
        #expect(rule.type == .anomaly)
        #expect(rule.generation == .finding)
        #expect(
            rule.entities == [
                EntityRule(
                    field: "user", type: "user", score: 20,
                    message: "Container uploaded outside business hours from $user$")
            ])
        #expect(rule.threatObjects == [ThreatObjectRule(field: "src", type: "ip_address")])
        #expect(rule.schedule == Schedule(cron: "0 * * * *", earliest: "-70m@m", latest: "-10m@m"))
        #expect(rule.nist == ["DE.AE"])
        #expect(rule.cis20 == ["CIS 13"])
        #expect(rule.writesRiskEvents)
        #expect(!rule.writesFinding)
        #expect(rule.drilldowns.map(\.earliestOffset) == ["$info_min_time$", "7d"])
        #expect(rule.drilldowns.map(\.latestOffset) == ["$info_max_time$", "0"])
    }

    @Test func seedRuleCarriesTheAnnotationsThatSplunkShows() throws {
        let annotations = try Repository.attackMatrix().annotations(for: ["T1204.003"])
        #expect(annotations.tactics == ["execution"])
        #expect(annotations.tacticIDs == ["TA0002"])
        #expect(annotations.techniques == ["Malicious Image"])
        #expect(annotations.killChainPhases == ["Installation"])
    }

    @Test func everyMacroOfTheSeedRuleIsShipped() throws {
        let names = try Repository.shippedCatalog().macros.map { "\($0.name)/\($0.arguments.count)" }
        #expect(names.contains("cloudtrail/0"))
        #expect(names.contains("security_content_ctime/1"))
        #expect(names.contains("aws_ecr_container_upload_outside_business_hours_filter/0"))
    }

    private func incidentRule(_ searchName: String) throws -> IncidentRule {
        try #require(try Repository.shippedCatalog().incidentRules.first { $0.searchName == searchName })
    }

    @Test func dayRuleFollowsSplunksRule() throws {
        let rule = try incidentRule("Risk - 24 Hour Risk Threshold Exceeded - Rule")
        #expect(rule.schedule == Schedule(cron: "0 * * * *", earliest: "-1450m@m", latest: "-10m@m"))
        #expect(rule.throttling?.fields == ["normalized_risk_object", "risk_object_type"])
        #expect(rule.throttling?.periodSeconds == 86400)
        #expect(rule.entityField == "normalized_risk_object")
        #expect(rule.entityTypeField == "risk_object_type")
        #expect(rule.entityNameField == "risk_object")
        #expect(rule.severityField == "severity")
        #expect(TokenTemplate(rule.title).fields == ["risk_object_type", "risk_object"])
        #expect(rule.search.contains("risk_score > `risk_threshold`"))
    }

    @Test func weekRuleFollowsSplunksRule() throws {
        let rule = try incidentRule("Risk - 7 Day ATT&CK Tactic Threshold Exceeded - Rule")
        #expect(rule.schedule == Schedule(cron: "0 * * * *", earliest: "-10090m@m", latest: "-10m@m"))
        #expect(rule.throttling?.fields == ["normalized_risk_object", "risk_object_type"])
        #expect(rule.throttling?.periodSeconds == 7 * 86400)
        #expect(
            rule.search.contains(
                "mitre_tactic_id_count >= `risk_tactic_count` AND source_count >= `risk_source_count`"))
    }

    @Test func thresholdsOfIncidentRulesAreSplunks() throws {
        let definitions = Dictionary(
            uniqueKeysWithValues: try Repository.shippedCatalog().macros.filter { $0.arguments.isEmpty }
                .map { ($0.name, $0.definition) })
        let values = [
            "risk_threshold": "100", "risk_tactic_count": "3", "risk_source_count": "4", "risk_cap_factor": "2",
        ]
        for (name, value) in values { #expect(definitions[name] == value) }
    }

    @Test func optionsShipOffAndStandInTheTable() throws {
        let rules = try Repository.shippedCatalog().incidentRules
        let table = try Repository.text(Repository.root.appending(path: "risk/incident_rules/README.md"))
        for rule in rules {
            let name = String(rule.file.split(separator: "/").last!.dropLast(".yml".count))
            let profiles = rule.profiles.count > 1 ? "both" : rule.profiles.map(\.rawValue).joined()
            #expect(table.contains("| `\(name)` | \(profiles) | \(rule.isEnabled ? "on" : "off") |"), "\(name)")
        }
        #expect(rules.filter { !$0.isEnabled }.count == 6)
        #expect(rules.count == 10)
    }

    @Test func eachProfileRunsTwoRules() throws {
        let catalog = try Repository.shippedCatalog()
        #expect(
            catalog.incidentRules(of: .splunk).map(\.searchName).sorted() == [
                "Risk - 24 Hour Risk Threshold Exceeded - Rule",
                "Risk - 7 Day ATT&CK Tactic Threshold Exceeded - Rule",
            ])
        #expect(
            catalog.incidentRules(of: .recommended).map(\.searchName).sorted() == [
                "Risk - 24 Hour Capped Risk Threshold Exceeded - Rule",
                "Risk - 7 Day ATT&CK Tactic Threshold Exceeded With Capped Risk - Rule",
            ])
    }

    @Test func theSevenRiskFactorsAreThereAndOff() throws {
        let factors = try Repository.shippedCatalog().riskFactors
        #expect(factors.allSatisfy { !$0.isEnabled && !$0.description.isEmpty && $0.id.count == 36 })
        #expect(Set(factors.map(\.id)).count == 7)
        func condition(_ field: String, _ test: RiskFactor.Test) -> RiskFactor.Condition {
            RiskFactor.Condition(field: field, test: test)
        }
        let isWatched = condition("user_watchlist", .equals(.text("true")))
        let expected: [(String, RiskFactor.Operation, Double, [RiskFactor.Condition])] = [
            ("Admin User", .multiplication, 1.5, [condition("user_category", .regex("admin"))]),
            ("Contractor User", .addition, 5, [condition("user_category", .equals(.text("contractor")))]),
            (
                "Critical Priority Destination", .multiplication, 1.5,
                [condition("dest_priority", .equals(.text("critical")))]
            ),
            ("High Priority User", .multiplication, 1.25, [condition("user_priority", .equals(.text("high")))]),
            ("PCI Source", .multiplication, 1.5, [condition("src_category", .equals(.text("pci")))]),
            (
                "Watchlisted Priority User", .multiplication, 1.5,
                [isWatched, condition("user_priority", .notEquals(.text("low")))]
            ),
            ("Watchlisted User", .multiplication, 1.5, [isWatched]),
        ]
        #expect(factors.map(\.name) == expected.map(\.0))
        for (factor, expected) in zip(factors, expected) {
            #expect(factor.operation == expected.1)
            #expect(factor.amount == .number(expected.2))
            #expect(factor.conditions == expected.3)
        }
    }

    @Test func riskModelIsShipped() throws {
        let model = try #require(try Repository.shippedCatalog().dataModels.first { $0.name == "Risk" })
        let object = try #require(model.object(named: "All_Risk"))
        #expect(object.constraints == ["index=risk"])
        #expect(object.fields.contains { $0.name == "threat_object" && $0.isMultivalue })
        let expressions = object.calculations.compactMap { calculation -> String? in
            guard case .eval(let output, let expression) = calculation, output.name == "risk_score" else { return nil }
            return expression
        }
        #expect(expressions == ["if(isnull(risk_score),0,risk_score)"])
    }
}
