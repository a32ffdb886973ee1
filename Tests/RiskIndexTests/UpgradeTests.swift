import Foundation
import GRDB
import Testing

@testable import RiskIndex

/// An index of the first schema, written as the program of its time wrote it.
@Suite struct UpgradeTests {
    @Test func anIndexOfTheFirstSchemaKeepsAllItHeld() throws {
        let folder = try ScratchFolder()
        let before = try RiskIndexOfFirstSchema(path: folder.indexPath)
        let events = TextSurvivalTests.oddTexts.enumerated().map { number, text in
            var event = numberedEvent(
                number, firing: 500 + number / 2, at: Int64(100 - number), entity: text,
                threatObjects: [ThreatObject(value: text, type: "t"), ThreatObject(value: "shared", type: "t")])
            event.riskObject = "raw " + text
            event.riskMessage = text
            event.searchName = number % 3 == 0 ? "one rule" : "rule " + text
            event.analyticStories = [text, "s"]
            event.annotations = [Annotation(name: text, values: [text, "v"])]
            event.fields = [ResultField(name: text, values: [text, ""], isNumber: true)]
            event.windowStartMicroseconds = number % 2 == 0 ? nil : 7
            return event
        }
        let stored = (0..<events.count).map { numberedStoredEvent($0, at: $0 % 3 == 0 ? nil : Int64($0)) }
        try before.insert(events, stored)
        let finding = numberedFinding(1, at: 200, events: [3, 0, 7]).finding
        try before.insert(finding)
        try before.close()

        #expect(throws: IndexError.self) { try RiskIndex.open(path: folder.indexPath, now: 0, readOnly: true) }
        let index = try folder.openIndex()
        #expect(try index.failedChecks() == [])
        let expected = events.sorted { ($0.timeMicroseconds, $0.key) < ($1.timeMicroseconds, $1.key) }
        #expect(try index.riskEvents(RiskEventQuery()) == expected)
        #expect(
            try index.counts()
                == IndexCounts(
                    riskEvents: events.count, findings: 1, firings: (events.count + 1) / 2, storedEvents: events.count))
        for (number, event) in events.enumerated() {
            #expect(try index.storedEvents(firingKey: event.firingKey).contains(stored[number]))
            #expect(try index.riskEvents(RiskEventQuery(threatObject: event.normalizedRiskObject)).contains(event))
        }
        let life = try #require(try index.lives(FindingQuery()).first)
        #expect(life.finding.riskEventKeys == finding.riskEventKeys && life.finding.fields == finding.fields)
        #expect(life.finding.state == .opened && life.finding.rawRiskScore == finding.riskScore)
        #expect(life.changes.map(\.state) == [.opened] && life.changes[0].reason == finding.reason)
        #expect(try index.riskEvents(findingKey: finding.key).map(\.key) == finding.riskEventKeys)

        // What is read again on top of it is known.
        let firings = events.map { sampleFiring($0) }
        #expect(try index.insert(firings) == InsertCount(newEvents: 0, knownEvents: events.count))
        let text = try index.exported()
        let other = try ScratchFolder()
        let copy = try other.openIndex()
        #expect(try copy.importText(text).rejectCount == 0)
        #expect(try copy.exported() == text)
    }
}

/// The writer of the first schema, kept for this test: its columns, its order.
private struct RiskIndexOfFirstSchema {
    private let queue: DatabaseQueue

    init(path: String) throws {
        queue = try DatabaseQueue(path: path)
        var migrator = DatabaseMigrator()
        migrator.registerMigration(M0001_CreateRiskIndex.name) { try M0001_CreateRiskIndex.migrate($0) }
        try migrator.migrate(queue)
    }

    func close() throws { try queue.close() }

    func insert(_ events: [RiskEvent], _ stored: [StoredEvent]) throws {
        try queue.write { database in
            for (event, log) in zip(events, stored) {
                try database.execute(
                    sql: "INSERT INTO firing (key, index_time) VALUES (?, 1) ON CONFLICT (key) DO NOTHING",
                    arguments: [event.firingKey])
                let firing = try Int64.fetchOne(
                    database, sql: "SELECT id FROM firing WHERE key = ?", arguments: [event.firingKey])
                try insert(event, firing: firing ?? 0, database)
                try insert(log, firing: firing ?? 0, database)
            }
        }
    }

    private func insert(_ event: RiskEvent, firing: Int64, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO risk_event (key, firing_id, time, index_time, info_min_time, info_max_time, info_search_time,
                    search_name, rule_id, rule_version, entity_field, risk_object, risk_object_folded,
                    risk_object_type, normalized_risk_object, normalized_risk_object_folded, risk_score,
                    calculated_risk_score, risk_message, analyticstories, annotations, attack_version,
                    contributing_events_search, contributing_event_count, fields)
                VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                event.key, firing, event.timeMicroseconds, event.windowStartMicroseconds, event.windowEndMicroseconds,
                event.searchTimeMicroseconds, StoredText.encode(event.searchName), StoredText.encode(event.ruleID),
                event.ruleVersion, event.entityField, StoredText.encode(event.riskObject),
                StoredText.encode(FoldedName.fold(event.riskObject)), event.riskObjectType,
                StoredText.encode(event.normalizedRiskObject),
                StoredText.encode(FoldedName.fold(event.normalizedRiskObject)), event.riskScore,
                event.calculatedRiskScore, StoredText.encode(event.riskMessage),
                StringListJSON.encode(event.analyticStories), AnnotationJSON.encode(event.annotations),
                event.attackVersion, StoredText.encode(event.contributingEventsSearch), event.contributingEventCount,
                FieldListJSON.encode(event.fields),
            ])
        let id = database.lastInsertedRowID
        for (position, threat) in event.threatObjects.enumerated() {
            try database.execute(
                sql: "INSERT INTO risk_event_threat_object VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    id, position, StoredText.encode(threat.value), StoredText.encode(FoldedName.fold(threat.value)),
                    StoredText.encode(threat.type),
                ])
        }
    }

    private func insert(_ event: StoredEvent, firing: Int64, _ database: Database) throws {
        try database.execute(
            sql:
                "INSERT INTO stored_event (key, time, sourcetype, source, host, \"index\", raw) VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                event.key, event.timeMicroseconds, event.sourcetype, event.source, event.host, event.index,
                Data(event.raw),
            ])
        try database.execute(
            sql: "INSERT INTO firing_stored_event VALUES (?, ?)", arguments: [firing, database.lastInsertedRowID])
    }

    func insert(_ finding: Finding) throws {
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO finding (key, time, index_time, info_min_time, info_max_time, search_name, rule_id,
                        risk_object, all_risk_objects, normalized_risk_object, normalized_risk_object_folded,
                        risk_object_type, risk_score, risk_event_count, source_count, mitre_tactic_id_count,
                        mitre_technique_id_count, severity, reason, title, fields)
                    VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    finding.key, finding.timeMicroseconds, finding.windowStartMicroseconds,
                    finding.windowEndMicroseconds, finding.searchName, finding.ruleID, finding.riskObject,
                    StringListJSON.encode(finding.allRiskObjects), finding.normalizedRiskObject,
                    FoldedName.fold(finding.normalizedRiskObject), finding.riskObjectType, finding.riskScore,
                    finding.riskEventCount, finding.sourceCount, finding.mitreTacticIDCount,
                    finding.mitreTechniqueIDCount, finding.severity, finding.reason, finding.title,
                    FieldListJSON.encode(finding.fields),
                ])
            let id = database.lastInsertedRowID
            for (position, key) in finding.riskEventKeys.enumerated() {
                try database.execute(
                    sql: "INSERT INTO finding_risk_event SELECT ?, ?, id FROM risk_event WHERE key = ?",
                    arguments: [id, position, key])
            }
        }
    }
}
