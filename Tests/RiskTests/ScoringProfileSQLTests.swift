import Foundation
import GRDB
import Risk
import Testing

/// The SQL in the documentation of `ScoringProfile` is the outside oracle of the counted sum.
@Suite struct ScoringProfileSQLTests {
    private func documentedSQL() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("Sources/Risk/ScoringProfile.swift"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "/// ```sql"))
        let end = try #require(lines[start...].firstIndex(of: "/// ```"))
        return lines[(start + 1)..<end].map { $0.dropFirst(4) }.joined(separator: "\n")
    }

    @Test func sqlGivesTheCountedSum() throws {
        let sql = try documentedSQL()
        var generator = SeededGenerator(seed: 6)
        let queue = try DatabaseQueue()
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE event (
                        time INTEGER, key INTEGER, rule INTEGER, firing INTEGER, message INTEGER, score REAL,
                        is_adjustment INTEGER, answered_key INTEGER)
                    """)
            for round in 0..<250 {
                let events = RandomHistory.events(round % 50, &generator)
                try database.execute(sql: "DELETE FROM event")
                for event in events {
                    try database.execute(
                        sql: "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        arguments: [
                            event.timeMicroseconds, Int64(event.key), Int64(event.ruleIndex), Int64(event.firing),
                            Int64(event.message), event.calculatedRiskScore, event.isAdjustment,
                            event.answeredKey.map { Int64($0) },
                        ])
                }
                let bySQL = try #require(try Double.fetchOne(database, sql: sql))
                let counted = RiskLedger(events, profile: .recommended).counted
                #expect(isNear(bySQL, counted), "round \(round): \(bySQL) in SQL, \(counted) in the ledger")
            }
        }
    }
}
