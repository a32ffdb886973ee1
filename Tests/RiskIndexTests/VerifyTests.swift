import Foundation
import GRDB
import Testing

@testable import RiskIndex

@Suite struct VerifyTests {
    let folder: ScratchFolder
    let index: RiskIndex

    init() throws {
        folder = try ScratchFolder()
        index = try folder.openIndex()
        try index.fillWithEverything()
    }

    /// What one statement breaks, and the check that must see it.
    static let damages: [(sql: String, check: IndexCheck)] = [
        ("UPDATE risk_record SET key_order = key_order + 1 WHERE id = 3", .keyOrder),
        ("UPDATE risk_record SET message_hash = 0 WHERE id = 3", .messageHash),
        ("UPDATE risk_record SET risk_message = 'other' WHERE id = 3", .messageHash),
        ("UPDATE risk_record SET calculated_risk_score = 1e300 WHERE risk_factor_mult <> 1", .calculatedScore),
        ("UPDATE risk_record SET calculated_risk_score = 9e999 WHERE id = 1", .calculatedScore),
        ("UPDATE risk_record SET risk_factors = '[[\"a\"]]' WHERE id = 2", .eventLists),
        ("UPDATE risk_record SET fields = '{\"a\":1}' WHERE id = 2", .eventLists),
        ("UPDATE rule SET annotations = '[[]]' WHERE id = 1", .ruleLists),
        ("UPDATE rule SET analyticstories = '[1]' WHERE id = 1", .ruleLists),
        ("UPDATE finding SET all_risk_objects = '5'", .findingLists),
        ("UPDATE finding SET fields = '[[\"a\"]]'", .findingLists),
        ("UPDATE finding_change SET threat_objects = '[[\"a\"]]' WHERE position = 0", .findingLists),
        ("UPDATE run_rule SET lost = '[[\"a\",\"1\",\"2\"]]'", .runLists),
        ("DELETE FROM finding_risk_event WHERE position = 1", .findingEvents),
        ("DELETE FROM risk_record WHERE id = (SELECT min(risk_event_id) FROM finding_risk_event)", .findingEvents),
        ("UPDATE finding SET state = 'opened'", .findingState),
        ("UPDATE entity SET normalized_risk_object_folded = 'X' WHERE id = 1", .foldedNames),
        ("UPDATE risk_object SET risk_object_folded = 'X' WHERE id = 1", .foldedNames),
        ("UPDATE threat_object SET value_folded = 'X' WHERE id = 1", .foldedNames),
        ("UPDATE finding SET normalized_risk_object_folded = 'X' WHERE id = 1", .foldedNames),
        ("UPDATE suppression SET value_folded = 'X'", .foldedNames),
        ("DELETE FROM rule WHERE id = 1", .foreignKeys),
        ("DELETE FROM firing WHERE id = 1", .foreignKeys),
        ("INSERT INTO entity VALUES (-5, 'x', 'x', 'user')", .orphans),
        ("INSERT INTO stored_event VALUES (-5, 'x', 1, '', '', '', '', x'')", .orphans),
    ]

    @Test(arguments: damages.indices) func everyDamageIsFoundByItsCheck(number: Int) throws {
        let (sql, check) = Self.damages[number]
        #expect(try index.failedChecks() == [])
        try index.pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
            try database.execute(sql: sql)
            #expect(database.changesCount > 0)
        }
        let failed = try index.verify().filter { !$0.holds }
        #expect(failed.map(\.check).contains(check), "\(sql): \(failed)")
        #expect(failed.allSatisfy { !$0.examples.isEmpty })
        if check != .foreignKeys, !sql.hasPrefix("DELETE") { #expect(failed.map(\.check) == [check], "\(sql)") }
    }

    @Test func aDamagedPageIsFoundAndTheOtherChecksGoOn() throws {
        let page = try index.pool.read { database in
            try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'risk_record_by_rule'")
                ?? 0
        }
        try index.pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        try index.pool.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.indexPath))
        for offset in (page - 1) * 4096..<page * 4096 { bytes[offset] = 0x5A }
        try bytes.write(to: URL(fileURLWithPath: folder.indexPath))
        let results = try folder.openIndex(readOnly: true).verify()
        #expect(results.first { $0.check == .integrity }?.holds == false)
        #expect(results.first { $0.check == .messageHash }?.holds == true)
        #expect(results.map(\.check) == IndexCheck.allCases)
    }

    @Test func examplesAreFew() throws {
        _ = try index.insert((5_000..<5_100).map { sampleFiring(numberedEvent($0)) })
        try index.pool.write { try $0.execute(sql: "UPDATE risk_record SET key_order = 1") }
        let result = try #require(try index.verify().first { $0.check == .keyOrder })
        #expect(result.faultCount > 100 && result.examples.count == 5)
    }

    @Test func statisticsCountWhatIsThere() throws {
        try index.setSetting("identity_lists", "abc")
        let statistics = try index.statistics()
        let rows = Dictionary(uniqueKeysWithValues: statistics.tables.map { ($0.name, $0.rowCount) })
        let counts = try index.counts()
        #expect(rows["risk_record"] == counts.riskEvents && rows["stored_event"] == counts.storedEvents)
        #expect(rows["finding_change"] == 4 && rows["adjustment"] == 2 && rows["grdb_migrations"] == nil)
        #expect(statistics.ruleCount == TextSurvivalTests.oddTexts.count + 1)
        #expect(statistics.settings == [IndexStatistics.Setting(name: "identity_lists", value: "abc")])
        #expect(statistics.schemaVersion == Migrations.all.last?.name)
        #expect(statistics.firstMicroseconds == 1_700_000_000_000_000)
        #expect(statistics.lastMicroseconds == 1_700_000_300_000_000)
        let bytes = statistics.tables.reduce(0) { $0 + ($1.bytes ?? 0) + $1.indexes.reduce(0) { $0 + ($1.bytes ?? 0) } }
        // The schema and the list of migrations are the rest.
        #expect(bytes > 0 && bytes <= statistics.fileBytes && statistics.fileBytes - bytes < 100_000)
    }
}
