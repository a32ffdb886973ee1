import Foundation
import GRDB
import Testing

@testable import RiskIndex

@Suite struct AdjustTests {
    let folder: ScratchFolder
    let index: RiskIndex

    init() throws {
        folder = try ScratchFolder()
        index = try folder.openIndex()
        _ = try index.insert(
            [
                numberedEvent(1, at: 100, entity: "amy", score: 30),
                numberedEvent(2, at: 200, entity: "amy", score: 12.5),
                numberedEvent(3, at: 200, entity: "bob"),
            ].map { sampleFiring($0) })
    }

    private func entry(
        _ entity: String = "AMY", _ score: Double = -20, type: String? = nil, answers: Int? = nil, at time: Int64 = 300
    ) -> ManualEntry {
        ManualEntry(
            entity: entity, riskObjectType: type, score: score, note: "planned \"work\"", author: "j.doe",
            timeMicroseconds: time, answeredIDPrefix: answers.map { String(hexKey($0).prefix(8)) })
    }

    private func code(_ entry: ManualEntry) -> IndexError.Code? {
        do {
            _ = try index.adjust(entry, window: 0..<1_000)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func anEntryIsARiskEventLikeAnyOther() throws {
        let report = try index.adjust(entry(answers: 1), window: 100..<1_000)
        #expect(report.isNew && report.scoreBefore == 42.5 && report.scoreAfter == 22.5)
        let event = try #require(try index.riskEvent(idPrefix: report.event.id))
        #expect(event == report.event)
        #expect(event.searchName == "AdHoc Risk Score" && event.riskMessage == "planned \"work\"")
        #expect(event.normalizedRiskObject == "amy" && event.riskObject == "amy" && event.riskObjectType == "user")
        #expect(event.fields.map(\.values) == [["j.doe"], ["planned \"work\""]])
        #expect(event.contributingEventsSearch == "")
        let answered = try #require(try index.adjustments().answeredKeys[event.key])
        #expect(answered == hexKey(1))
        #expect(try index.failedChecks() == [])
    }

    @Test func theSameEntryAtTheSameTimeIsOne() throws {
        _ = try index.adjust(entry(answers: 1), window: 0..<1_000)
        let again = try index.adjust(entry(answers: 1), window: 0..<1_000)
        #expect(!again.isNew && again.scoreBefore == 22.5 && again.scoreAfter == 22.5)
        for other in [entry(answers: 2), entry(), entry(at: 301), entry("amy", -21, answers: 1)] {
            #expect(try index.adjust(other, window: 0..<1_000).isNew)
        }
        #expect(try index.adjustments().answeredKeys.count == 5)
    }

    @Test func sumsAreOfTheWindowAsked() throws {
        let report = try index.adjust(entry(), window: 150..<300)
        #expect(report.scoreBefore == 12.5 && report.scoreAfter == 12.5)
    }

    @Test func entitiesAreFoundByAnyOfTheirNames() throws {
        var alias = numberedEvent(5, at: 5, entity: "amy")
        alias.riskObject = "amy@corp"
        _ = try index.insert([sampleFiring(alias)])
        let report = try index.adjust(entry("Amy@Corp", 5), window: 0..<1_000)
        #expect(report.event.normalizedRiskObject == "amy" && report.scoreAfter == 67.5)
        #expect(try index.riskObjects(normalizedRiskObject: "amy").count == 2)
    }

    @Test func anEntityWithoutRiskNeedsAType() throws {
        #expect(code(entry("carl")) == .unknownEntity)
        #expect(try index.adjust(entry("carl", 10, type: "user"), window: 0..<1_000).scoreAfter == 10)
        #expect(code(entry("carl")) == nil)
    }

    @Test func namesOfSeveralEntitiesAreRefused() throws {
        _ = try index.insert([
            sampleFiring(sampleEvent(hexKey(9), firing: hexKey(99), entity: "amy", type: "system"))
        ])
        #expect(code(entry()) == .ambiguousEntity)
        #expect(code(entry(type: "system")) == nil)
    }

    @Test func answersMustFit() throws {
        #expect(code(entry(answers: 3)) == .badAnswer)
        #expect(code(entry(answers: 77)) == .badAnswer)
        let own = try index.adjust(entry(), window: 0..<1_000).event.key
        var chain = entry()
        chain.answeredIDPrefix = own
        #expect(code(chain) == .badAnswer)
        #expect(code(entry("amy", .nan)) == .invalidRecord)
        #expect(code(entry("amy", .infinity)) == .invalidRecord)
        #expect(try index.counts().riskEvents == 4)
    }

    @Test func aBackupIsWholeWhileOthersWrite() throws {
        let copyPath = folder.path + "/copy.sqlite"
        let writer = try folder.openIndex()
        try writer.pool.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                // A transaction that is open all the while is not part of it, and does not keep it waiting.
                try database.execute(sql: "DELETE FROM adjustment; UPDATE risk_record SET key_order = 0")
                let report = try index.backup(to: copyPath)
                #expect(report.checks.allSatisfy(\.holds) && report.bytes > 0)
                return .rollback
            }
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("copy") } == [
                "copy.sqlite"
            ])
        let copy = try RiskIndex.open(path: copyPath, now: 0, readOnly: false)
        #expect(try copy.exported() == index.exported())
        #expect { _ = try index.backup(to: copyPath) } throws: { ($0 as? IndexError)?.code == .fileExists }
        #expect {
            _ = try index.backup(to: folder.path + "/no/such/folder.sqlite")
        } throws: { ($0 as? IndexError)?.code == .unwritable }
    }

    @Test func aBackupOfADamagedIndexSaysSo() throws {
        try index.pool.write { try $0.execute(sql: "UPDATE risk_record SET key_order = 0") }
        let report = try index.backup(to: folder.path + "/copy.sqlite")
        #expect(report.checks.filter { !$0.holds }.map(\.check) == [.keyOrder])
    }
}
