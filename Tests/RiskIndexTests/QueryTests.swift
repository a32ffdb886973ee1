import RiskIndex
import Testing

@Suite struct QueryTests {
    let folder: ScratchFolder
    let index: RiskIndex

    init() throws {
        folder = try ScratchFolder()
        index = try folder.openIndex()
    }

    private func keys(_ query: RiskEventQuery) throws -> [String] { try index.riskEvents(query).map(\.key) }

    @Test func windowsAreHalfOpenToTheMicrosecond() throws {
        _ = try index.insert(
            [999_999, 1_000_000, 1_999_999, 2_000_000].map { sampleFiring(sampleEvent("\($0)", at: $0)) })
        let second = RiskEventQuery(startMicroseconds: 1_000_000, endMicroseconds: 2_000_000)
        #expect(try keys(second) == ["1000000", "1999999"])
        #expect(try keys(RiskEventQuery(startMicroseconds: 2_000_000)) == ["2000000"])
        #expect(try keys(RiskEventQuery(endMicroseconds: 1_000_000)) == ["999999"])
        #expect(try keys(RiskEventQuery(startMicroseconds: 5, endMicroseconds: 5)).isEmpty)
        #expect(try index.riskScores(start: 1_000_000, end: 2_000_000).map(\.riskEventCount) == [2])
        #expect(try index.timeRange() == 999_999...2_000_000)
    }

    @Test func theOrderIsTimeThenKeyWhateverTheInsertOrder() throws {
        let events = [("d", 1), ("b", 2), ("a", 2), ("c", 0)].map { sampleEvent($0.0, at: $0.1) }
        _ = try index.insert(events.map { sampleFiring($0) })
        #expect(try keys(RiskEventQuery()) == ["c", "d", "a", "b"])
        #expect(try keys(RiskEventQuery(normalizedRiskObjects: ["amy"])) == ["c", "d", "a", "b"])
        #expect(try keys(RiskEventQuery(limit: 2)) == ["c", "d"])
        #expect(try keys(RiskEventQuery(limit: 0)).isEmpty)
        #expect(try keys(RiskEventQuery(limit: -1)).isEmpty)
    }

    @Test func everyPartOfAQueryRestricts() throws {
        _ = try index.insert(
            [
                sampleEvent("a1", entity: "amy", raw: "AMY", rule: "R1"),
                sampleEvent(
                    "b1", entity: "bob", raw: "bob@x", rule: "R2",
                    threatObjects: [ThreatObject(value: "Evil.Example", type: "domain")]),
                sampleEvent("d1", entity: "Amy", raw: "amy.host", type: "system", rule: "R1"),
            ].map { sampleFiring($0) })
        #expect(try keys(RiskEventQuery(normalizedRiskObjects: ["AMY"])) == ["a1", "d1"])
        #expect(try keys(RiskEventQuery(normalizedRiskObjects: ["AMY", "bob", "Bob"])) == ["a1", "b1", "d1"])
        #expect(try keys(RiskEventQuery(normalizedRiskObjects: [])).isEmpty)
        #expect(try keys(RiskEventQuery(normalizedRiskObjects: ["amy"], riskObjectType: "system")) == ["d1"])
        #expect(try keys(RiskEventQuery(riskObjects: ["Bob@X", "AMY.HOST"])) == ["b1", "d1"])
        #expect(try keys(RiskEventQuery(threatObject: "eviL.exampLe")) == ["b1"])
        #expect(try keys(RiskEventQuery(threatObject: "evil")).isEmpty)
        #expect(try keys(RiskEventQuery(searchNames: ["R1"])) == ["a1", "d1"])
        #expect(try keys(RiskEventQuery(normalizedRiskObjects: ["amy"], searchNames: ["R2"])).isEmpty)
    }

    @Test func tooManyNamesAreRefusedByName() throws {
        let names = (0...30_000).map { "n\($0)" }
        #expect {
            _ = try index.riskEvents(RiskEventQuery(normalizedRiskObjects: names))
        } throws: { ($0 as? IndexError)?.code == .invalidQuery }
        #expect(try keys(RiskEventQuery(normalizedRiskObjects: Array(names.dropLast()))).isEmpty)
    }

    @Test(arguments: [1, 3, 4, 10, 11]) func streamingGivesTheSameEventsInBatches(batchSize: Int) throws {
        _ = try index.insert((0..<10).map { sampleFiring(sampleEvent("k\($0)", at: Int64(20 - $0))) })
        var batches: [[RiskEvent]] = []
        try index.forEachRiskEvent(RiskEventQuery(), batchSize: batchSize) { batches.append($0) }
        #expect(batches.flatMap { $0 } == (try index.riskEvents(RiskEventQuery())))
        #expect(batches.dropLast().allSatisfy { $0.count == batchSize })
        #expect(batches.allSatisfy { !$0.isEmpty })
    }

    @Test func streamingStopsAtTheBodysErrorAndPassesItOn() throws {
        struct Enough: Error {}
        _ = try index.insert((0..<10).map { sampleFiring(sampleEvent("k\($0)")) })
        var calls = 0
        #expect(throws: Enough.self) {
            try index.forEachRiskEvent(RiskEventQuery(), batchSize: 2) { _ in
                calls += 1
                if calls == 2 { throw Enough() }
            }
        }
        #expect(calls == 2)
    }

    @Test func streamingReadsOneSnapshot() throws {
        _ = try index.insert((0..<10).map { sampleFiring(sampleEvent("k\($0)", at: 10)) })
        var seen = 0
        try index.forEachRiskEvent(RiskEventQuery(), batchSize: 1) { batch in
            seen += batch.count
            if seen == 1 { _ = try folder.openIndex().insert([sampleFiring(sampleEvent("later", at: 11))]) }
        }
        #expect(seen == 10)
        #expect(try index.counts().riskEvents == 11)
    }

    @Test func idPrefixesFindOneOrListTheCandidates() throws {
        let events = ["abc1", "abc2", "abd0", "f00d"].map { sampleEvent($0) }
        _ = try index.insert(events.map { sampleFiring($0) })
        #expect(try index.riskEvent(idPrefix: "F0")?.key == "f00d")
        #expect(try index.riskEvent(idPrefix: "abc2")?.key == "abc2")
        #expect(try index.riskEvent(idPrefix: "abc3") == nil)
        #expect(try index.riskEvent(idPrefix: "abc%") == nil)
        #expect(try index.riskEvent(idPrefix: "f\0") == nil)
        #expect {
            _ = try index.riskEvent(idPrefix: "abc")
        } throws: { error in
            (error as? IndexError)?.code == .ambiguousPrefix && "\(error)".contains("'abc1', 'abc2'")
        }
        #expect {
            _ = try index.riskEvent(idPrefix: "")
        } throws: { ($0 as? IndexError)?.code == .ambiguousPrefix }
    }

    @Test func findingPrefixesAndFilters() throws {
        _ = try index.insert(findings: [
            sampleFinding("ab12", at: 100, entity: "amy", rule: "R1"), sampleFinding("ab34", at: 99, entity: "bob"),
            sampleFinding("cd", at: 100, entity: "AMY", type: "system", rule: "R1"),
        ])
        func keys(_ query: FindingQuery) throws -> [String] { try index.findings(query).map(\.key) }
        #expect(try keys(FindingQuery()) == ["ab34", "ab12", "cd"])
        #expect(try keys(FindingQuery(startMicroseconds: 100)) == ["ab12", "cd"])
        #expect(try keys(FindingQuery(endMicroseconds: 100)) == ["ab34"])
        #expect(try keys(FindingQuery(normalizedRiskObjects: ["Amy"])) == ["ab12", "cd"])
        #expect(try keys(FindingQuery(normalizedRiskObjects: ["Amy"], riskObjectType: "system")) == ["cd"])
        #expect(try keys(FindingQuery(searchNames: ["R1"], limit: 1)) == ["ab12"])
        #expect(try index.finding(idPrefix: "C")?.key == "cd")
        #expect {
            _ = try index.finding(idPrefix: "ab")
        } throws: { ($0 as? IndexError)?.code == .ambiguousPrefix }
    }

    @Test func manyCandidatesAreCutShort() throws {
        _ = try index.insert((10..<30).map { sampleFiring(sampleEvent("ab\($0)")) })
        #expect {
            _ = try index.riskEvent(idPrefix: "ab")
        } throws: { "\($0)".contains("'ab10', 'ab11', 'ab12', 'ab13', 'ab14', and more") }
    }

    @Test func riskScoresKeepNameAndTypeApart() throws {
        _ = try index.insert(
            [
                sampleEvent("a", entity: "amy", score: 60), sampleEvent("b", entity: "amy", type: "system", score: 60),
                sampleEvent("c", entity: "Amy", score: 1), sampleEvent("d", entity: "amy", score: 0.5),
            ].map { sampleFiring($0) })
        let scores = try index.riskScores(start: 0, end: .max)
        #expect(scores.map(\.normalizedRiskObject) == ["Amy", "amy", "amy"])
        #expect(scores.map(\.riskObjectType) == ["user", "system", "user"])
        #expect(scores.map(\.riskScore) == [1, 60, 60.5])
    }

    @Test func aThreatObjectKnowsItsEntitiesAndRules() throws {
        let threat = ThreatObject(value: "203.0.113.9", type: "ip_address")
        _ = try index.insert(
            [
                sampleEvent("a", at: 30, entity: "bob", score: 5, rule: "R2", threatObjects: [threat]),
                sampleEvent("b", at: 10, entity: "amy", score: 7, rule: "R1", threatObjects: [threat, threat]),
                sampleEvent(
                    "c", at: 40, entity: "amy", score: 7, rule: "R1",
                    threatObjects: [ThreatObject(value: "203.0.113.9", type: "src")]),
                sampleEvent("d", at: 50, entity: "carl", threatObjects: [ThreatObject(value: "other", type: "src")]),
            ].map { sampleFiring($0) })
        let sightings = try #require(try index.threat("203.0.113.9"))
        #expect(sightings.types == ["ip_address", "src"])
        #expect(sightings.riskEventCount == 3)
        #expect(sightings.entities.map(\.normalizedRiskObject) == ["amy", "bob"])
        #expect(sightings.entities.map(\.riskScore) == [14, 5])
        #expect(sightings.rules.map(\.searchName) == ["R1", "R2"])
        #expect(sightings.firstMicroseconds == 10 && sightings.lastMicroseconds == 40)
        #expect(try index.threat("198.51.100.1") == nil)
    }

    @Test func indexTimeReachesNoResult() throws {
        let firings = [sampleFiring(sampleEvent("aa"))]
        _ = try index.insert(firings)
        let other = try ScratchFolder()
        let later = try RiskIndex.open(path: other.indexPath, now: 99, readOnly: false)
        _ = try later.insert(firings)
        #expect(try index.riskEvents(RiskEventQuery()) == later.riskEvents(RiskEventQuery()))
    }
}
