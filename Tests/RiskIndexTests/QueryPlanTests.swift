import Foundation
import GRDB
import Testing

@testable import RiskIndex

/// Every query that runs per page reads by an index. `ACCRUE_UPDATE=1` rewrites the golden.
@Suite struct QueryPlanTests {
    @Test func plansAreTheGoldenOnes() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        var text = ""
        for (name, sql) in try QueryPlanTests.statements() {
            let lines = try index.pool.read { database in
                let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
                statement.setUncheckedArguments(StatementArguments([Int](repeating: 0, count: 8)))
                return try Row.fetchAll(statement).map { "  " + ($0["detail"] as String) }
            }
            text += ([name] + lines).joined(separator: "\n") + "\n"
        }
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../fixtures/index/query-plans.txt").standardized
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try Data(text.utf8).write(to: golden)
        }
        #expect(try String(contentsOf: golden, encoding: .utf8) == text)
    }

    private static func statements() throws -> [(name: String, sql: String)] {
        func events(_ query: RiskEventQuery) throws -> String { try SelectStatement(query, path: "").sql }
        func findings(_ query: FindingQuery) throws -> String { try SelectStatement(query, path: "").sql }
        return [
            ("risk events: all", try events(RiskEventQuery())),
            ("risk events: window", try events(RiskEventQuery(startMicroseconds: 0, endMicroseconds: 1))),
            (
                "risk events: entity in window",
                try events(RiskEventQuery(startMicroseconds: 0, endMicroseconds: 1, normalizedRiskObjects: ["a"]))
            ),
            (
                "risk events: entity and type",
                try events(RiskEventQuery(normalizedRiskObjects: ["a"], riskObjectType: "user"))
            ),
            ("risk events: several entities", try events(RiskEventQuery(normalizedRiskObjects: ["a", "b"]))),
            ("risk events: raw name", try events(RiskEventQuery(riskObjects: ["a"]))),
            ("risk events: threat object", try events(RiskEventQuery(threatObject: "a"))),
            (
                "risk events: rule in window",
                try events(RiskEventQuery(startMicroseconds: 0, endMicroseconds: 1, searchNames: ["a"]))
            ),
            ("risk events: threat objects of one", RiskEventRecord.threatObjectSQL),
            ("risk event by id", RiskIndex.keysByPrefixSQL(table: "risk_event", limit: 6)),
            ("stored events of a firing", RiskIndex.storedEventSQL),
            ("findings: all", try findings(FindingQuery())),
            ("findings: window", try findings(FindingQuery(startMicroseconds: 0, endMicroseconds: 1))),
            ("findings: entity", try findings(FindingQuery(normalizedRiskObjects: ["a"], riskObjectType: "user"))),
            ("findings: rule", try findings(FindingQuery(searchNames: ["a"]))),
            ("finding: its risk events' keys", FindingRecord.riskEventKeySQL),
            ("finding by id", RiskIndex.keysByPrefixSQL(table: "finding", limit: 6)),
            ("threat object: values", RiskIndex.threatListSQL("value")),
            ("threat object: entities", RiskIndex.threatEntitySQL),
            ("threat object: rules", RiskIndex.threatRuleSQL),
            ("risk scores of a window", RiskIndex.riskScoreSQL),
            ("threat objects: seen in a window", RiskIndex.threatSightingSQL),
            ("threat objects: seen before", RiskIndex.threatSeenSQL),
            ("threat objects: of a raw name", RiskIndex.threatOfObjectSQL),
            ("finding steps of a window", RiskIndex.findingStepSQL),
            ("findings reviewed in a window", RiskIndex.reviewedFindingSQL),
            ("first time", RiskIndex.firstTimeSQL),
            ("last time", RiskIndex.lastTimeSQL),
        ]
    }
}
