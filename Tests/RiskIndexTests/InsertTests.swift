import RiskIndex
import Testing

@Suite struct InsertTests {
    let folder: ScratchFolder
    let index: RiskIndex

    init() throws {
        folder = try ScratchFolder()
        index = try folder.openIndex()
    }

    @Test func aRiskEventComesBackAsItWent() throws {
        let event = sampleEvent(
            "aa", at: 1_234_567, entity: "Amy@Example.com", raw: "AMY", score: 12.25,
            threatObjects: [
                ThreatObject(value: "203.0.113.9", type: "ip_address"), ThreatObject(value: "", type: "domain"),
                ThreatObject(value: "203.0.113.9", type: "src"),
            ],
            fields: [
                ResultField(name: "src", values: ["b", "a", "b"], isNumber: false),
                ResultField(name: "count", values: ["007"], isNumber: true),
                ResultField(name: "empty", values: [], isNumber: false),
            ])
        _ = try index.insert([sampleFiring(event)])
        #expect(try index.riskEvents(RiskEventQuery()) == [event])
        #expect(try folder.openIndex(readOnly: true).riskEvent(idPrefix: "aa") == event)
    }

    @Test func insertingAgainChangesNothing() throws {
        let firings = (0..<20).map { number in
            sampleFiring(
                sampleEvent("k\(number)", threatObjects: [ThreatObject(value: "x", type: "t")]),
                contributing: [sampleStoredEvent("shared"), sampleStoredEvent("own\(number)")])
        }
        #expect(try index.insert(firings) == InsertCount(newEvents: 20, knownEvents: 0))
        let counts = try index.counts()
        let events = try index.riskEvents(RiskEventQuery())
        #expect(counts == IndexCounts(riskEvents: 20, findings: 0, firings: 20, storedEvents: 21))
        #expect(try index.insert(firings) == InsertCount(newEvents: 0, knownEvents: 20))
        #expect(try index.insert(Array(firings.reversed())) == InsertCount(newEvents: 0, knownEvents: 20))
        #expect(try index.counts() == counts)
        #expect(try index.riskEvents(RiskEventQuery()) == events)
    }

    @Test func aKnownKeyStaysAsItWas() throws {
        _ = try index.insert([sampleFiring(sampleEvent("aa", score: 20))])
        _ = try index.insert([sampleFiring(sampleEvent("aa", score: 99))])
        #expect(try index.riskEvents(RiskEventQuery()).map(\.riskScore) == [20])
    }

    @Test func theSameKeyTwiceInOneCallCountsOnceAsNew() throws {
        let firing = sampleFiring(sampleEvent("aa"))
        #expect(try index.insert([firing, firing]) == InsertCount(newEvents: 1, knownEvents: 1))
    }

    @Test func aLaterEntityOfAKnownFiringIsAdded() throws {
        let user = sampleEvent("aa", firing: "f", entity: "amy")
        let host = sampleEvent("bb", firing: "f", entity: "web-1", type: "system")
        _ = try index.insert([Firing(key: "f", events: [user], contributing: [sampleStoredEvent("e")])])
        let count = try index.insert([
            Firing(key: "f", events: [user, host], contributing: [sampleStoredEvent("e")])
        ])
        #expect(count == InsertCount(newEvents: 1, knownEvents: 1))
        #expect(try index.counts().firings == 1)
        #expect(try index.storedEvents(firingKey: "f").map(\.key) == ["e"])
    }

    @Test func storedEventsKeepTheirBytesAndComeByTimeThenKey() throws {
        let allBytes = (0...255).map { UInt8($0) }
        let contributing = [
            sampleStoredEvent("late", at: 9), sampleStoredEvent("timeless", at: nil),
            sampleStoredEvent("b", at: 5, raw: allBytes), sampleStoredEvent("a", at: 5, raw: []),
        ]
        _ = try index.insert([sampleFiring(sampleEvent("aa"), contributing: contributing)])
        let stored = try index.storedEvents(firingKey: "f-aa")
        #expect(stored == [contributing[3], contributing[2], contributing[0], contributing[1]])
        #expect(try index.storedEvents(firingKey: "unknown").isEmpty)
    }

    @Test func aFindingComesBackWithItsEventsInOrder() throws {
        _ = try index.insert(["cc", "aa", "bb"].map { sampleFiring(sampleEvent($0)) })
        let finding = sampleFinding("dd", riskEventKeys: ["bb", "aa", "cc"])
        #expect(try index.insert(findings: [finding]) == FindingInsertCount(newFindings: 1, knownFindings: 0))
        #expect(try index.insert(findings: [finding]) == FindingInsertCount(newFindings: 0, knownFindings: 1))
        #expect(try index.findings(FindingQuery()) == [finding])
        #expect(try index.riskEvents(findingKey: "dd").map(\.key) == ["bb", "aa", "cc"])
        #expect(try index.riskEvents(findingKey: "ee").isEmpty)
    }

    @Test func aFindingWithoutItsRiskEventIsRefusedWithTheWholeBatch() throws {
        let findings = [sampleFinding("dd"), sampleFinding("ee", riskEventKeys: ["nowhere"])]
        #expect {
            _ = try index.insert(findings: findings)
        } throws: { error in
            (error as? IndexError)?.code == .invalidRecord && "\(error)".contains("'nowhere'")
        }
        #expect(try index.counts().findings == 0)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity]) func aScoreThatIsNoNumberIsRefused(score: Double) throws {
        #expect {
            _ = try index.insert([sampleFiring(sampleEvent("aa")), sampleFiring(sampleEvent("bb", score: score))])
        } throws: { error in
            (error as? IndexError)?.code == .invalidRecord && "\(error)".contains("'bb'")
        }
        #expect(try index.counts().riskEvents == 0)
    }

    @Test func negativeAndFractionalScoresSurvive() throws {
        let scores = [-5, 0, 0.1, 1e300, 123_456_789.25]
        _ = try index.insert(
            scores.enumerated().map { sampleFiring(sampleEvent("k\($0.offset)", score: $0.element)) })
        #expect(try index.riskEvents(RiskEventQuery()).map(\.calculatedRiskScore) == scores)
    }
}
