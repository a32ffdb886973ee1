import GRDB
import Testing

@testable import RiskIndex

@Suite struct RankingQueryTests {
    let folder: ScratchFolder
    let index: RiskIndex

    init() throws {
        folder = try ScratchFolder()
        index = try folder.openIndex()
    }

    private let address = ThreatObject(value: "192.0.2.1", type: "ip_address")
    private let other = ThreatObject(value: "'; DROP TABLE rule; --", type: "process")

    private func fill() throws {
        // `a` raw names "amy" and "AMY" are one entity; the order of ids is not that of times.
        let events = [
            sampleEvent("e4", at: 40, entity: "bob", score: 1, rule: "B", threatObjects: [address]),
            sampleEvent("e1", at: 10, entity: "amy", score: 20, rule: "A", threatObjects: [address, other]),
            sampleEvent("e2", at: 20, entity: "amy", raw: "AMY", score: 30, rule: "A", threatObjects: [address]),
            sampleEvent("e3", at: 30, entity: "amy", score: 5, rule: "B"),
            sampleEvent("e0", at: 5, entity: "zoe", score: 5, rule: "C", threatObjects: [other]),
        ]
        _ = try index.insert(events.map { sampleFiring($0) })
        _ = try index.insert(findings: [
            sampleFinding("f1", at: 45, riskEventKeys: ["e1", "e2", "e3"]),
            sampleFinding("f2", at: 46, riskEventKeys: ["e4"]),
            sampleFinding("f3", at: 100, riskEventKeys: ["e4"]),
        ])
    }

    @Test func activityIsOfTheHalfOpenWindow() throws {
        try fill()
        let activities = try index.ruleActivities(start: 10, end: 100)
        #expect(activities.findingKeys == ["f1", "f2"])
        #expect(
            activities.rules == [
                RuleActivity(
                    searchName: "A", riskEventCount: 2, entityCount: 1, riskScore: 50, lastFiringMicroseconds: 20,
                    findings: [0]),
                RuleActivity(
                    searchName: "B", riskEventCount: 2, entityCount: 2, riskScore: 6, lastFiringMicroseconds: 40,
                    findings: [0, 1]),
                RuleActivity(
                    searchName: "C", riskEventCount: 0, entityCount: 0, riskScore: 0, lastFiringMicroseconds: 5,
                    findings: []),
            ])
        let earlier = try index.ruleActivities(start: 10, end: 20)
        #expect(earlier.rules.map(\.riskEventCount) == [1, 0, 0])
        #expect(earlier.rules.map(\.lastFiringMicroseconds) == [10, nil, 5])
    }

    @Test func prevalenceCountsEntitiesRulesAndEventsOnce() throws {
        try fill()
        #expect(
            try index.threatPrevalences(start: 0, end: 100) == [
                ThreatPrevalence(
                    threatObject: other, entityCount: 2, ruleCount: 2, riskEventCount: 2, firstMicroseconds: 5,
                    lastMicroseconds: 10),
                ThreatPrevalence(
                    threatObject: address, entityCount: 2, ruleCount: 2, riskEventCount: 3, firstMicroseconds: 10,
                    lastMicroseconds: 40),
            ])
        #expect(try index.threatPrevalences(start: 20, end: 40).map(\.riskEventCount) == [1])
        #expect(try index.threatPrevalences(start: 41, end: 42).isEmpty)
    }

    @Test func rankingsReadByIndexAlone() throws {
        for sql in [RiskIndex.slimEventSQL, RiskIndex.lastFiringSQL] {
            let plan = try index.pool.read { database in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: [1, 2]).map {
                    $0["detail"] as String
                }
            }
            #expect(plan.allSatisfy { $0.contains("COVERING INDEX") }, "\(sql): \(plan)")
            #expect(!plan.isEmpty)
        }
    }

    @Test func runsTellTheLastProblemAndAllThatWasLost() throws {
        func record(_ time: Int64, _ rules: [RunRecord.Rule]) -> RunRecord {
            RunRecord(timeMicroseconds: time, profile: "splunk", rules: rules, sources: [])
        }
        let lost = [RunRecord.Lost(field: "user", count: 3), RunRecord.Lost(field: "src", count: 1)]
        try index.add(record(10, [.init(searchName: "A", rowCount: 7, throttledCount: 2, lostByField: lost)]))
        try index.add(record(30, [.init(searchName: "A", problem: "error[E301]: no")]))
        try index.add(record(20, [.init(searchName: "A", lostByField: lost), .init(searchName: "B", problem: "x")]))
        try index.add(record(20, [.init(searchName: "A", lostByField: lost), .init(searchName: "B", problem: "x")]))
        try index.add(record(40, [.init(searchName: "A", lostByField: lost)]))
        #expect(
            try index.ruleRuns(start: 10, end: 40) == [
                RuleRuns(
                    searchName: "A", runCount: 3, lastRunMicroseconds: 20, rowCount: 7, lostCount: 8, throttledCount: 2,
                    problem: "error[E301]: no"),
                RuleRuns(
                    searchName: "B", runCount: 1, lastRunMicroseconds: nil, rowCount: 0, lostCount: 0,
                    throttledCount: 0,
                    problem: "x"),
            ])
        #expect(try index.runs(start: 10, end: 11)[0].rules[0].throttledCount == 2)
        #expect(try index.runs(start: 10, end: 11)[0].rules[0].lostByField == lost)
    }

    @Test func throttleStartsAreWrittenOnceWithTheirFirings() throws {
        let start = ThrottleStart(
            ruleID: "r", values: [["a\"\n"], ["b", ""]], timeMicroseconds: 7, firingKey: "f-aa")
        _ = try index.insert([sampleFiring(sampleEvent("aa"))], throttleStarts: [start])
        _ = try index.insert([], throttleStarts: [start])
        #expect(try index.throttleStarts(ruleID: "r") == [start])
        #expect(try index.throttleStarts(ruleID: "R").isEmpty)
        #expect(throws: IndexError.self) {
            _ = try index.insert(
                [sampleFiring(sampleEvent("bb", score: .nan))],
                throttleStarts: [ThrottleStart(ruleID: "q", values: [], timeMicroseconds: 1, firingKey: "x")])
        }
        #expect(try index.throttleStarts(ruleID: "q").isEmpty)
    }
}
