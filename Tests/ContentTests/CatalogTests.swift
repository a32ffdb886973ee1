import Content
import SPL
import Testing

@Suite struct CatalogTests {
    private func detection(_ name: String, id: String = "1", search: String = "index=x") -> String {
        "name: \(name)\nid: \(id)\ntype: Hunting\nsearch: \(search)"
    }

    @Test func laterDefinitionsWinAndTheReportSaysSo() {
        let catalog = Repository.catalog([
            ("a/d.yml", detection("Rule", search: "index=old")), ("b/d.yml", detection("Rule", search: "index=new")),
        ])
        #expect(catalog.detections.map(\.search) == ["index=new"])
        #expect(catalog.problems.map(\.file) == ["b/d.yml"])
        #expect(catalog.problems.map(\.diagnostic.severity) == [.note])
        #expect(catalog.problems.first?.diagnostic.message == "detection 'Rule' replaces the one in a/d.yml")
    }

    @Test func aBrokenFileDoesNotReplaceAWholeOne() {
        let catalog = Repository.catalog([("a.yml", detection("Rule")), ("b.yml", "name: Rule\ntype: TTP\nsearch: ''")])
        #expect(catalog.detections.map(\.file) == ["a.yml"])
        #expect(catalog.problems.map(\.diagnostic.code) == ["E405"])
    }

    @Test func orderOfFilesDoesNotChangeTheOrderOfTheCatalog() {
        let files = [
            (name: "z.yml", text: detection("B", id: "1")), (name: "a.yml", text: detection("C", id: "2")),
            (name: "m.yml", text: detection("A", id: "3")),
        ]
        #expect(Repository.catalog(files).detections.map(\.name) == ["A", "B", "C"])
        #expect(Repository.catalog(files.reversed()).detections == Repository.catalog(files).detections)
    }

    @Test func riskFactorsAreReadWholeAndSortedByBytes() throws {
        let condition = "{field: user, operator: like, value: '%'}"
        let text = "id: 1\noperation: addition\nvalue: -2.5\nconditions: [\(condition)]\n"
        let catalog = Repository.catalog([
            ("f/1.yml", "name: é\n" + text), ("f/2.yml", "name: e\u{301}\n" + text), ("f/3.yml", "name: Z\n" + text),
            (
                "f/4.yml",
                """
                name: all
                id: 2
                version: 3
                description: d
                enabled: yes
                operation: multiplication
                value: {field: weight}
                conditions:
                - {field: a, operator: equals, value: x}
                - {field: a, operator: not_equals, value_field: b}
                - {field: a, operator: regex, value: '^x'}
                - {field: a, operator: like, value: x%}
                - {field: a, operator: '>=', value: 1e1}
                - {field: a, operator: <=, value: '-5'}
                - {field: a, operator: ">", value_field: b}
                - {field: a, operator: <, value: .5}
                """
            ),
        ])
        #expect(catalog.problems.isEmpty)
        #expect(
            catalog.riskFactors.map { Array($0.name.utf8) } == ["Z", "all", "e\u{301}", "é"].map { Array($0.utf8) })
        let factor = try #require(catalog.riskFactors.first { $0.name == "all" })
        let tests: [RiskFactor.Test] = [
            .equals(.text("x")), .notEquals(.field("b")), .regex("^x"), .like("x%"),
            .compares(.greaterOrEqual, .number(10)), .compares(.lessOrEqual, .number(-5)),
            .compares(.greater, .field("b")), .compares(.less, .number(0.5)),
        ]
        let expected = RiskFactor(
            name: "all", id: "2", version: 3, description: "d", isEnabled: true, operation: .multiplication,
            amount: .field("weight"), conditions: tests.map { RiskFactor.Condition(field: "a", test: $0) },
            file: "f/4.yml")
        #expect(factor == expected)
        #expect(catalog.riskFactors.first?.amount == .number(-2.5))
        #expect(catalog.riskFactors.first?.isEnabled == false)
    }

    @Test func oneIdOfTwoDetectionsIsReported() {
        let catalog = Repository.catalog([("a.yml", detection("A")), ("b.yml", detection("B"))])
        #expect(catalog.detections.count == 2)
        #expect(catalog.problems.map(\.diagnostic.code) == ["E419"])
    }

    @Test(arguments: [
        ("AWS ECR Push", 1), ("aws*", 2), ("*push", 1), ("*PUSH*", 1), ("aws_?cr_push.yml", 1), ("aws_ecr_push", 1),
        ("rules/cloud/*", 2), ("ESCU - AWS * - Rule", 2), ("*", 3), ("aws", 0), ("", 0), ("**", 3), ("a?s*", 2),
    ])
    func rulesAreFoundByNameOrFile(pattern: String, count: Int) {
        let catalog = Repository.catalog([
            ("rules/cloud/aws_ecr_push.yml", detection("AWS ECR Push", id: "1")),
            ("rules/cloud/aws_login.yml", detection("AWS Login", id: "2")),
            ("rules/endpoint/other.yml", detection("Other", id: "3")),
        ])
        #expect(catalog.detections(matching: pattern).count == count)
    }

    @Test func incidentRulesRunWhereTheySay() {
        func rule(_ name: String, _ more: String) -> (name: String, text: String) {
            (
                "\(name).yml",
                """
                name: \(name)
                id: \(name)
                type: Correlation
                search: "| from datamodel Risk.All_Risk"
                incident:
                  title: $risk_object$
                  entity: {field: normalized_risk_object, type_field: risk_object_type}
                  \(more)
                """
            )
        }
        let catalog = Repository.catalog([
            rule("A", "profiles: [splunk]"), rule("B", "profiles: [recommended]"), rule("C", ""),
            rule("D", "enabled: false"), rule("E", "profiles: [recommended, splunk]"),
        ])
        #expect(catalog.problems.isEmpty)
        #expect(catalog.incidentRules(of: .splunk).map(\.name) == ["A", "C", "E"])
        #expect(catalog.incidentRules(of: .recommended).map(\.name) == ["B", "C", "E"])
        #expect(catalog.incidentRules.map(\.name) == ["A", "B", "C", "D", "E"])
    }

    @Test func unknownTechniquesAreReportedWithTheVersion() throws {
        let catalog = Repository.catalog([
            ("a.yml", detection("A") + "\nmitre_attack_id: [T1204.003, T1685]")
        ])
        #expect(
            catalog.unknownTechniques(in: try Repository.attackMatrix()).map(\.diagnostic.message) == [
                "technique 'T1685' is not in ATT&CK 17.0, so it adds no tactic"
            ])
    }
}
