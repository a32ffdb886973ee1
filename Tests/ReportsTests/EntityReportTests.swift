import Formats
import Foundation
import RiskIndex
import Testing

@testable import Reports

@Suite struct EntityReportTests {
    private static let day: Int64 = 86_400_000_000

    private func amy(now: String = "2026-11-23T00:00:00Z", window: Int64 = 7 * day) throws -> EntityReport {
        let reports = EntityReport.reports(
            events: try SampleWeeks.events(), findings: try SampleWeeks.findings(), now: try microseconds(now),
            windowMicroseconds: window, zone: .utc)
        return try #require(reports.first { $0.normalizedRiskObject == "amy" })
    }

    @Test func theScoreIsTheSumInTheHalfOpenWindow() throws {
        #expect(ScoreText.print(try amy().riskScore) == "110.1")
        #expect(try amy(now: "2026-11-22T23:59:59Z").riskScore == 110)
        #expect(try amy(now: "2026-11-23T00:00:01Z").riskScore == 90.1)
        #expect(try amy(window: 0).riskScore == 0)
        #expect(ScoreText.print(try amy(window: .max).riskScore) == "150.1")
    }

    @Test func theLedgerAddsUpToTheScore() throws {
        let report = try amy()
        #expect(report.ledger.map(\.calculatedRiskScore) == [20, 90, 0.1])
        #expect(report.ledger.map(\.riskScore) == [20, 60, 0.1])
        #expect(report.ledger.last?.total == report.riskScore)
    }

    @Test func theScoreByDayIsThatOfTheWindowEndingThen() throws {
        let days = try amy().days
        #expect(days.map(\.date).first == "2026-11-16" && days.map(\.date).last == "2026-11-22")
        #expect(days.map { ScoreText.print($0.added.riskScore) } == ["20", "0", "90", "0", "0", "0", "0.1"])
        // The event of 10 November, 08:00, is inside the seven days that end with 16 November, not later.
        #expect(days.map { ScoreText.print($0.riskScoreAtEnd) } == ["40", "20", "110", "110", "110", "110", "110.1"])
    }

    @Test func namesSayWhyTheyAreThisEntity() throws {
        #expect(
            try amy().aliases.map { [$0.riskObject, $0.reason] } == [
                ["amy", "the entity's own name"], ["AMY", "differs in upper and lower case only"],
                ["amy@example.com", "normalized to this entity when its events were written"],
            ])
        var events = try SampleWeeks.events()
        for index in events.indices where events[index].riskObject == "amy@example.com" {
            events[index].normalizationReason = "identities.csv line 2"
        }
        let reports = EntityReport.reports(
            events: events, findings: [], now: .max, windowMicroseconds: 1, zone: .utc)
        let amy = try #require(reports.first { $0.normalizedRiskObject == "amy" })
        #expect(amy.aliases.last?.reason == "identities.csv line 2")
    }

    @Test func nameAndTypeMakeTheEntity() throws {
        let events = [
            try sampleEvent("a", "2026-11-20T00:00:00Z", score: 60),
            try sampleEvent("b", "2026-11-20T00:00:00Z", type: "system", score: 60),
            try sampleEvent("c", "2026-11-20T00:00:00Z", entity: "caf\u{E9}"),
            try sampleEvent("d", "2026-11-20T00:00:00Z", entity: "cafe\u{301}"),
        ]
        let reports = EntityReport.reports(
            events: events, findings: [], now: try microseconds("2026-11-21T00:00:00Z"),
            windowMicroseconds: 7 * EntityReportTests.day, zone: .utc)
        #expect(reports.map(\.riskObjectType) == ["system", "user", "user", "user"])
        #expect(reports.map(\.riskScore) == [60, 60, 20, 20])
    }

    @Test func whatLiesAheadOfNowIsNotSeen() throws {
        let report = try amy(now: "2026-11-17T00:00:00Z")
        #expect(report.findings.isEmpty)
        #expect(report.rules.map(\.name) == [SampleWeeks.upload])
        #expect(report.allRisk?.eventCount == 3)
    }

    @Test func anEntityWithFindingsOnlyHasAReport() throws {
        let reports = EntityReport.reports(
            events: [], findings: try SampleWeeks.findings(), now: .max, windowMicroseconds: 1, zone: .utc)
        #expect(reports.map(\.normalizedRiskObject) == ["amy", "carl"])
        #expect(reports[0].text().contains("No risk events up to then"))
        _ = try JSONSerialization.jsonObject(with: Data(reports[0].json.utf8))
    }

    @Test func bothFormsAreTheGoldenOnes() throws {
        let report = try amy()
        #expect(try Golden.stored("entity.txt", replacing: report.text()) == report.text())
        #expect(try Golden.stored("entity.json", replacing: report.json) == report.json)
        _ = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
    }

    @Test func longLedgersBeginWithWhatCameBefore() throws {
        let events = try (0..<60).map { number in
            try sampleEvent("k\(10 + number)", "2026-11-20T00:00:00Z", score: 1)
        }
        let report = try #require(
            EntityReport.reports(
                events: events, findings: [], now: try microseconds("2026-11-21T00:00:00Z"),
                windowMicroseconds: EntityReportTests.day, zone: .utc
            ).first)
        let lines = report.text().split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines.contains("earlier +10 10 10 risk events"))
        #expect(
            lines.contains("Risk score 60 in the 24 hours before 2026-11-21 00:00:00 (zone UTC), from 60 risk events"))
        #expect(report.ledger.count == 60)
    }

    @Test func farApartDaysAreListedOnlyWhereSomethingHappened() throws {
        let events = [
            try sampleEvent("a", "1971-01-01T00:00:00Z"), try sampleEvent("b", "2026-11-20T00:00:00Z", score: 5),
        ]
        let reports = EntityReport.reports(
            events: events, findings: [], now: try microseconds("2026-11-21T00:00:00Z"), windowMicroseconds: .max,
            zone: .utc)
        #expect(reports.first?.days.map(\.date) == ["1971-01-01", "2026-11-20"])
        #expect(reports.first?.days.map(\.riskScoreAtEnd) == [20, 25])
    }
}
