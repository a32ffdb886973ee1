import RiskIndex
import Testing

/// What only the weekly summary reads.
@Suite struct WeekReadingTests {
    private static let one = ThreatObject(value: "one", type: "ip_address")
    private static let two = ThreatObject(value: "two", type: "ip_address")

    private func numbers(_ index: RiskIndex) throws -> (threats: [String: UInt32], objects: [String: UInt32]) {
        let dimensions = try index.riskDimensions()
        var (threats, objects): ([String: UInt32], [String: UInt32]) = ([:], [:])
        for number in 0..<dimensions.threatObjectBound {
            if let threat = dimensions.threatObject(number) { threats[threat.value] = UInt32(number) }
        }
        for number in 0..<dimensions.riskObjectBound {
            if let object = dimensions.riskObject(number) { objects[object.riskObject] = UInt32(number) }
        }
        return (threats, objects)
    }

    @Test(arguments: [1, 65_536]) func threatObjectsComeOnceAnEventByTime(batchSize: Int) throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        _ = try index.insert(
            [
                sampleEvent("c", at: 30, entity: "bob", score: 5, threatObjects: [Self.two]),
                sampleEvent("a", at: 10, score: 1, threatObjects: [Self.one, Self.two, Self.one]),
                sampleEvent("b", at: 20, score: 3, threatObjects: []),
                sampleEvent("d", at: 40, threatObjects: [Self.one]),
            ].map { sampleFiring($0) })
        let (threats, objects) = try numbers(index)
        var rows: [[Double]] = []
        try index.forEachThreatSighting(start: 10, end: 40, batchSize: batchSize) { columns in
            #expect(columns.count > 0)
            for row in 0..<columns.count {
                rows.append([
                    Double(columns.threatObjects[row]), Double(columns.riskObjects[row]),
                    columns.calculatedRiskScores[row],
                ])
            }
        }
        let (one, two) = (Double(threats["one"] ?? 99), Double(threats["two"] ?? 99))
        let (amy, bob) = (Double(objects["amy"] ?? 99), Double(objects["bob"] ?? 99))
        #expect(rows == [[one, amy, 1], [two, amy, 1], [two, bob, 5]])
    }

    @Test func whatWasSeenBeforeIsHalfOpen() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        _ = try index.insert(
            [
                sampleEvent("a", at: 10, threatObjects: [Self.one]),
                sampleEvent("b", at: 20, entity: "bob", threatObjects: [Self.two]),
            ].map { sampleFiring($0) })
        let (threats, objects) = try numbers(index)
        let both = [threats["two"] ?? 99, threats["one"] ?? 99]
        #expect(try index.threatObjects(both, seenBefore: 10) == [])
        #expect(try index.threatObjects(both, seenBefore: 20) == [both[1]])
        #expect(try index.threatObjects(both + [1_000], seenBefore: 21) == both)
        let names = [objects["amy"] ?? 99, objects["bob"] ?? 99]
        #expect(try index.threatObjects(ofRiskObjects: names, before: 20) == [both[1]])
        #expect(try index.threatObjects(ofRiskObjects: [names[1]], before: 21) == [both[0]])
    }

    @Test func columnsGiveHashesAndOrders() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        _ = try index.insert(
            [
                sampleEvent("0000000000000f1", at: 1, message: "x"),
                sampleEvent("0000000000000f2", at: 1, message: "y"),
                sampleEvent("0000000000000e0", at: 1, message: "x"),
            ].map { sampleFiring($0) })
        let columns = try index.riskColumns(RiskEventQuery(), [.messageHashes, .keyOrders, .firings])
        #expect(columns.keyOrders == [0xE0, 0xF1, 0xF2])
        #expect(columns.messageHashes[0] == columns.messageHashes[1])
        #expect(columns.messageHashes[0] != columns.messageHashes[2])
        #expect(columns.firings.count == 3)
        #expect(try index.riskColumns(RiskEventQuery()).keyOrders.isEmpty)
    }

    private func change(_ state: FindingState, _ time: Int64, until: Int64? = nil) -> FindingChange {
        var change = FindingChange(
            timeMicroseconds: time, state: state, reasonCode: "new_rule", reason: "because",
            windowStartMicroseconds: 0, windowEndMicroseconds: 1, riskScore: 110, rawRiskScore: 120,
            countedRiskScore: 100, riskEventCount: 3, severity: "medium", sources: ["R"], tactics: [],
            threatObjects: [Self.one])
        change.lastTimeMicroseconds = until ?? time
        return change
    }

    @Test func stepsOfAWindowAreThoseThatBeganOrWentOnInIt() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        let life = FindingLife(
            finding: sampleFinding("k", at: 10),
            changes: [change(.opened, 10), change(.held, 20, until: 40), change(.updated, 50), change(.closed, 60)])
        _ = try index.write([life])
        func states(_ start: Int64, _ end: Int64) throws -> [FindingState] {
            try index.findingSteps(start: start, end: end).map(\.change.state)
        }
        #expect(try states(10, 20) == [.opened])
        #expect(try states(10, 21) == [.opened, .held])
        #expect(try states(40, 50) == [.held])
        #expect(try states(41, 50) == [])
        #expect(try states(0, 100) == [.opened, .held, .updated, .closed])
        let step = try #require(try index.findingSteps(start: 50, end: 51).first)
        #expect(step.change == life.changes[2])
        #expect(step.findingKey == "k" && step.normalizedRiskObject == "amy" && step.riskObjectType == "user")
        #expect(step.title == life.finding.title && step.searchName == life.finding.searchName)
    }

    @Test func reviewedFindingsComeWithAllTheirReviews() throws {
        let folder = try ScratchFolder()
        let index = try folder.openIndex()
        let key = String(repeating: "a", count: 64)
        _ = try index.write([FindingLife(finding: sampleFinding(key), changes: [change(.opened, 10)])])
        try index.add(FindingReview(timeMicroseconds: 5, author: "kim", note: "hm"), findingKey: key)
        try index.add(FindingReview(timeMicroseconds: 15, author: "kim", status: "closed"), findingKey: key)
        #expect(try index.reviewedFindings(start: 6, end: 15).isEmpty)
        let reviewed = try index.reviewedFindings(start: 15, end: 16)
        #expect(reviewed.map(\.finding.key) == [key])
        #expect(reviewed[0].reviews.map(\.timeMicroseconds) == [5, 15])
    }
}
