import Columns
import Content
import Risk
import RiskIndex
import Testing

@Suite struct RiskEventBuilderTests {
    private let matrix: AttackMatrix = {
        let tactics = "tactic_id,tactic,kill_chain_phase,attack_version\nTA0002,execution,Installation,17.0\n"
        let techniques = "technique_id,technique,tactic_ids\nT1204.003,Malicious Image,TA0002\n"
        return try! AttackMatrix(tactics: ("tactics.csv", tactics), techniques: ("techniques.csv", techniques))
    }()

    private func detection(_ entities: String) throws -> Detection {
        var loader = ContentLoader()
        loader.add(
            file: "rule.yml",
            text: """
                name: A Rule
                id: 11111111-2222-3333-4444-555555555555
                version: 3
                creation_date: '2026-01-01'
                modification_date: '2026-01-01'
                author: Accrue
                status: production
                type: Anomaly
                description: A rule of a test.
                data_source: []
                search: '`cloudtrail` | stats count by user host src'
                how_to_implement: It is there.
                known_false_positives: None.
                intermediate_findings:
                    entities:
                \(entities)
                threat_objects:
                    - field: src
                      type: ip_address
                analytic_story:
                    - Dev Sec Ops
                asset_type: AWS Account
                mitre_attack_id:
                    - T1204.003
                product:
                    - Splunk Enterprise
                    - Splunk Enterprise Security
                    - Splunk Cloud
                category: cloud
                security_domain: network
                """)
        return try #require(loader.catalog().detections.first)
    }

    private let user = """
                - field: user
                  type: user
                  score: 20
                  message: seen $user$ from $src$
        """

    private let run = DetectionRun(
        windowStartMicroseconds: 0, windowEndMicroseconds: 3_600_000_000, tickMicroseconds: 4_200_000_000,
        nowMicroseconds: 9_000_000_000)

    private func batch(_ rows: [[String: Value]], origins: [[UInt32]]? = nil) -> Batch {
        var batch = Batch(rowCount: rows.count)
        for name in Set(rows.flatMap(\.keys)).sorted() { batch.set(name, Column(rows.map { $0[name] ?? .null })) }
        batch.origins = origins
        return batch
    }

    @Test func aRowIsOneEventPerEntityValue() throws {
        let builder = RiskEventBuilder(try detection(user), rowKey: ["user"], scoring: try scoring(matrix))
        let rows = batch([["user": .list([.text("bob"), .text("amy"), .text("bob")]), "src": .text("192.0.2.1")]])
        let events = builder.build(rows, run: run) { _ in nil }.firings.flatMap(\.events)
        #expect(events.map(\.riskObject) == ["bob", "amy"])
        #expect(events.map(\.riskMessage) == ["seen bob from 192.0.2.1", "seen amy from 192.0.2.1"])
        #expect(events[0].threatObjects == [ThreatObject(value: "192.0.2.1", type: "ip_address")])
        #expect(Set(events.map(\.key)).count == 2)
        #expect(events[0].annotations.first { $0.name == "mitre_attack.mitre_tactic" }?.values == ["execution"])
    }

    @Test func aNullEntityIsLostRiskAndNoEvent() throws {
        let builder = RiskEventBuilder(try detection(user), rowKey: ["user"], scoring: try scoring(matrix))
        let outcome = builder.build(batch([["src": .text("x")], ["user": .text(""), "src": .text("y")]]), run: run) {
            _ in nil
        }
        #expect(outcome.firings.isEmpty)
        #expect(outcome.lostByField == ["user": 2])
    }

    @Test func theTimeIsTheRowsOwnThenTheTickThenTheNewestEvent() throws {
        let builder = RiskEventBuilder(try detection(user), rowKey: ["user"], scoring: try scoring(matrix))
        let own = batch([["user": .text("bob"), "_time": .number(77)]])
        #expect(builder.build(own, run: run) { _ in nil }.firings[0].events[0].timeMicroseconds == 77_000_000)
        let plain = batch([["user": .text("bob")]], origins: [[0, 1]])
        #expect(builder.build(plain, run: run) { _ in 5 }.firings[0].events[0].timeMicroseconds == 4_200_000_000)
        let once = DetectionRun(
            windowStartMicroseconds: nil, windowEndMicroseconds: nil, tickMicroseconds: nil, nowMicroseconds: 9)
        let event = builder.build(plain, run: once) { Int64($0) * 10 + 3 }.firings[0].events[0]
        #expect(event.timeMicroseconds == 13)
    }

    @Test func theFiringIsTheSameWhenOnlyCountsDiffer() throws {
        let builder = RiskEventBuilder(try detection(user), rowKey: ["user", "src"], scoring: try scoring(matrix))
        let first = batch([["user": .text("bob"), "src": .text("a"), "count": .number(1)]])
        let more = batch([["user": .text("bob"), "src": .text("a"), "count": .number(2)]])
        let other = batch([["user": .text("bob"), "src": .text("b"), "count": .number(1)]])
        let keys = [first, more, other].map { builder.build($0, run: run) { _ in nil }.firings[0].key }
        #expect(keys[0] == keys[1])
        #expect(keys[0] != keys[2])
        var next = run
        next.windowStartMicroseconds = 1
        #expect(builder.build(first, run: next) { _ in nil }.firings[0].key != keys[0])
    }
}

/// Without lists and factors.
private func scoring(_ matrix: AttackMatrix) throws -> RiskScoring {
    let tables = EntityLoader().tables()
    return RiskScoring(
        matrix: matrix, resolver: EntityResolver(tables, stopValues: tables.stopValues), factors: try RiskFactorSet([]))
}
