import GRDB
import Testing

@testable import RiskIndex

@Suite struct ExpireTests {
    let folder: ScratchFolder
    let index: RiskIndex

    init() throws {
        folder = try ScratchFolder()
        index = try folder.openIndex()
    }

    private func times() throws -> [Int64] {
        try index.riskEvents(RiskEventQuery()).map { $0.timeMicroseconds / 1_000_000 }
    }

    /// Expires after asking what would go: both must say the same.
    private func expire(before seconds: Int64, findings: Bool = false) throws -> ExpiryCount {
        let preview = try index.expirable(before: seconds * 1_000_000, includesFindings: findings)
        let count = try index.expire(before: seconds * 1_000_000, includesFindings: findings)
        #expect(preview == count)
        #expect(try index.failedChecks().filter { $0 != "orphans" } == [])
        return count
    }

    @Test func eventsGoWithWhatIsTheirsAlone() throws {
        let threat = ThreatObject(value: "10.0.0.1", type: "ip_address")
        var firings = (0..<10).map { number in
            sampleFiring(
                numberedEvent(number, threatObjects: [threat]),
                contributing: [numberedStoredEvent(number), numberedStoredEvent(99)])
        }
        // A firing with an old and a new event stays, and so do its log events.
        firings[2].events.append(numberedEvent(70, firing: 1_000_002, at: 70_000_000, entity: "bob"))
        _ = try index.insert(firings)
        let count = try expire(before: 5)
        #expect(count.riskEvents == 5 && count.firings == 4 && count.storedEvents == 4 && count.keptRiskEvents == 0)
        #expect(try times() == [5, 6, 7, 8, 9, 70])
        #expect(try index.counts() == IndexCounts(riskEvents: 6, findings: 0, firings: 6, storedEvents: 7))
        #expect(try index.storedEvents(firingKey: hexKey(1_000_002)).count == 2)
        #expect(try index.threat("10.0.0.1")?.riskEventCount == 5)
        #expect(try expire(before: 5) == ExpiryCount())
    }

    @Test func theBoundIsExclusive() throws {
        _ = try index.insert([
            sampleFiring(numberedEvent(1, at: 5_000_000)), sampleFiring(numberedEvent(2, at: 4_999_999)),
        ])
        #expect(try expire(before: 5).riskEvents == 1)
        #expect(try times() == [5])
    }

    @Test func eventsThatAFindingNamesStayWithIt() throws {
        _ = try index.insert((0..<10).map { sampleFiring(numberedEvent($0), contributing: [numberedStoredEvent($0)]) })
        _ = try index.write([
            numberedFinding(1, at: 4_000_000, events: [1, 3]), numberedFinding(2, at: 8_000_000, events: [3, 7]),
        ])
        var count = try expire(before: 6)
        #expect(count.riskEvents == 4 && count.findings == 0 && count.keptRiskEvents == 2)
        #expect(try times() == [1, 3, 6, 7, 8, 9])
        #expect(try index.findings(FindingQuery()).map(\.riskEventKeys.count) == [2, 2])
        // With findings: the old one goes; what the new one names stays.
        try index.add(FindingReview(timeMicroseconds: 1, author: "a", status: "new"), findingKey: hexKey(3_000_001))
        count = try expire(before: 6, findings: true)
        #expect(count.findings == 1 && count.riskEvents == 1 && count.keptRiskEvents == 1)
        #expect(try times() == [3, 6, 7, 8, 9])
        #expect(try index.findings(FindingQuery()).map(\.key) == [hexKey(3_000_002)])
    }

    @Test func anEntryAndItsEventGoTogether() throws {
        _ = try index.insert((0..<4).map { sampleFiring(numberedEvent($0)) })
        func adjust(_ answered: Int?, at seconds: Int64) throws -> String {
            try index.adjust(
                ManualEntry(
                    entity: "amy", score: -20, note: "n", author: "a", timeMicroseconds: seconds * 1_000_000,
                    answeredIDPrefix: answered.map(hexKey)), window: 0..<1
            ).event.key
        }
        _ = try adjust(1, at: 50)
        let named = try adjust(2, at: 51)
        _ = try adjust(nil, at: 52)
        var life = numberedFinding(1, at: 60_000_000, events: [])
        life.finding.riskEventKeys = [named]
        _ = try index.write([life])
        // Event 1 stays with its entry, which is newer; so does 2.
        var count = try expire(before: 40)
        #expect(count.riskEvents == 2 && count.keptRiskEvents == 2)
        #expect(try times() == [1, 2, 50, 51, 52])
        // A finding names the entry that answers event 2.
        count = try expire(before: 53)
        #expect(count.riskEvents == 3 && count.keptRiskEvents == 2)
        #expect(try times() == [2, 51])
        #expect(try expire(before: 61, findings: true).riskEvents == 2)
        #expect(try times() == [] && index.adjustments().answeredKeys.isEmpty)
    }

    /// An entry may be older than its event: clocks differ, and `--now` is free.
    @Test func anEntryStaysWhileItsEventDoes() throws {
        _ = try index.insert([1, 30, 60].map { sampleFiring(numberedEvent($0)) })
        for (number, seconds) in [(60, 5), (30, 6)] {
            let entry = ManualEntry(
                entity: "amy", score: -20, note: "n", author: "a", timeMicroseconds: Int64(seconds) * 1_000_000,
                answeredIDPrefix: hexKey(number))
            _ = try index.adjust(entry, window: 0..<1)
        }
        _ = try index.write([numberedFinding(1, at: 70_000_000, events: [30])])
        let count = try expire(before: 40)
        #expect(count.riskEvents == 1 && count.keptRiskEvents == 3)
        #expect(try times() == [5, 6, 30, 60])
        #expect(try expire(before: 61).riskEvents == 2)
        #expect(try times() == [6, 30])
    }

    @Test func sumsFromTheBoundOnDoNotChange() throws {
        _ = try index.insert(
            (0..<400).map { number in
                sampleFiring(numberedEvent(number, entity: "user\(number % 7)", score: Double(number % 13)))
            })
        for number in stride(from: 0, to: 400, by: 11) {
            // Some before their event, some long after.
            let entry = ManualEntry(
                entity: "user\(number % 7)", score: -3, note: "n", author: "a",
                timeMicroseconds: Int64((number * 37 + 5) % 400) * 1_000_000 + 1, answeredIDPrefix: hexKey(number))
            _ = try index.adjust(entry, window: 0..<1)
        }
        for bound in stride(from: 50, to: 401, by: 70) {
            func sums() throws -> [String] {
                try stride(from: bound, to: 400, by: 30).flatMap { start in
                    try index.riskScores(start: Int64(start) * 1_000_000, end: .max).map {
                        "\(start) \($0.normalizedRiskObject) \($0)"
                    }
                }
            }
            func answers() throws -> Set<String> {
                let known = Set(try index.riskEvents(RiskEventQuery()).map(\.key))
                return Set(
                    try index.adjustments().answeredKeys.compactMap { key, answered in
                        known.contains(key) && known.contains(answered ?? "") ? nil : key
                    })
            }
            let before = try sums()
            #expect(try expire(before: Int64(bound)).riskEvents > 0)
            #expect(try sums() == before)
            #expect(try answers() == [])
        }
    }

    @Test func manyEventsGoInManyTransactions() throws {
        let firings = (0..<5_000).map { sampleFiring(numberedEvent($0, at: Int64($0 / 100) * 1_000_000)) }
        _ = try index.insert(firings)
        _ = try index.write([numberedFinding(1, at: 60_000_000, events: Array(stride(from: 0, to: 5_000, by: 9)))])
        let count = try expire(before: 40)
        #expect(count.riskEvents == 4_000 - 445 && count.keptRiskEvents == 445)
    }

    /// Stopped after any transaction, the rest is done by doing it again.
    @Test func stoppedBetweenTransactionsItGoesOn() throws {
        _ = try index.insert((0..<5_000).map { sampleFiring(numberedEvent($0)) })
        var count = ExpiryCount()
        let place = try index.writing { database in
            try Expiry(database, before: 4_500_000_000).deleteEvents(from: Expiry.start, limit: 2_000, &count)
        }
        #expect(place != nil && count.riskEvents == 2_000)
        #expect(try index.failedChecks().filter { $0 != "orphans" } == [])
        #expect(try expire(before: 4_500).riskEvents == 2_500)
    }

    @Test func compactingRemovesWhatNothingUses() throws {
        _ = try index.insert(
            (0..<3_000).map { number in
                sampleFiring(
                    numberedEvent(
                        number, entity: "user\(number)",
                        threatObjects: [ThreatObject(value: "10.0.\(number / 250).\(number % 250)", type: "ip_address")]
                    ),
                    contributing: [numberedStoredEvent(number)])
            })
        try index.pool.write {
            try $0.execute(sql: "INSERT INTO firing VALUES (-1, 'lost', 0)")
            try $0.execute(sql: "INSERT INTO firing_stored_event SELECT -1, min(id) FROM stored_event")
        }
        _ = try expire(before: 2_000)
        #expect(try index.failedChecks() == ["orphans"])
        let report = try index.compact()
        #expect(!report.isHeldByReader && report.bytesAfter < report.bytesBefore * 2 / 3)
        let removed = Dictionary(uniqueKeysWithValues: report.removed.map { ($0.table, $0.rowCount) })
        #expect(
            removed == ["firing": 1, "stored_event": 1, "risk_object": 2_000, "entity": 2_000, "threat_object": 2_000])
        #expect(try index.failedChecks() == [])
        #expect(try index.compact().removed == [])
        #expect(try times() == Array(2_000..<3_000))
    }

    @Test func theLargestNumberIsNotGivenAgain() throws {
        _ = try index.insert((0..<3).map { sampleFiring(numberedEvent($0, entity: "user\($0)")) })
        _ = try expire(before: 100)
        _ = try index.compact()
        #expect(try index.failedChecks() == [])
        let last = try index.riskObjects()
        #expect(last.map(\.riskObject) == ["user2"])
        _ = try index.insert([sampleFiring(numberedEvent(9, entity: "new"))])
        #expect(try index.riskObjects().map(\.entityID) == [3, 4])
    }

    @Test func compactingBesideAReaderTellsThatTheFileShrinksLater() throws {
        _ = try index.insert((0..<2_000).map { sampleFiring(numberedEvent($0)) })
        _ = try expire(before: 1_900)
        let reader = try folder.openIndex(readOnly: true)
        let (held, seen) = try reader.pool.read { database in
            func count() throws -> Int? { try Int.fetchOne(database, sql: "SELECT count(*) FROM risk_record") }
            let before = try count()
            let held = try index.compact().isHeldByReader
            return (held, [before, try count()])
        }
        #expect(held && seen == [100, 100])
        #expect(try index.failedChecks() == [])
        let report = try index.compact()
        #expect(!report.isHeldByReader && report.bytesAfter < 1_000_000)
    }

    @Test func compactingBesideAWriterIsLocked() throws {
        _ = try index.insert([sampleFiring(numberedEvent(1))])
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.indexPath, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect { _ = try index.compact() } throws: { ($0 as? IndexError)?.code == .locked }
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        #expect(try index.compact().removed == [])
    }
}
