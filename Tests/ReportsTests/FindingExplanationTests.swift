import Content
import Engine
import Formats
import Foundation
import Risk
import RiskIndex
import Testing

@testable import Reports

/// The whole life of a finding: opened, updated by a new rule, updated by what came late into an earlier run, closed.
@Suite struct FindingExplanationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func events() throws -> [RiskEvent] {
        let (upload, key) = (SampleWeeks.upload, SampleWeeks.key)
        return [
            try sampleEvent("a1", "2026-11-18T10:00:00Z", score: 60, rule: upload, message: "one"),
            try sampleEvent("a2", "2026-11-18T10:30:00Z", score: 60, rule: upload, message: "two"),
            try sampleEvent("a3", "2026-11-18T12:00:00Z", score: 30, rule: key, message: SampleWeeks.hostileName),
            try sampleEvent(
                "a4", "2026-11-18T10:50:00Z", score: 60, rule: upload, threats: [SampleWeeks.address],
                message: "three, late"),
            try sampleEvent("a5", "2026-11-19T11:00:00Z", score: 20, rule: key, message: "four"),
            try sampleEvent("a6", "2026-11-18T10:45:00Z", score: 5, rule: upload, message: "five, too late"),
            try sampleEvent("b1", "2026-11-18T10:45:00Z", entity: "bob", score: 5, rule: upload, message: "six"),
            try sampleEvent("a7", "2026-11-17T10:59:59Z", score: 5, rule: upload, message: "before all windows"),
            try sampleEvent("a8", "2026-11-19T12:00:00Z", score: 5, rule: upload, message: "after all windows"),
        ]
    }

    private func change(
        _ state: FindingState, _ code: String, _ time: String, raw: Double, counted: Double, count: Int
    ) throws -> FindingChange {
        let end = try microseconds(time)
        return FindingChange(
            timeMicroseconds: end, state: state, reasonCode: code, reason: code, windowStartMicroseconds: end - day,
            windowEndMicroseconds: end, riskScore: counted, rawRiskScore: raw, countedRiskScore: counted,
            riskEventCount: count, severity: "medium", sources: [], tactics: [], threatObjects: [])
    }

    private let day: Int64 = 86_400_000_000

    private func life() throws -> FindingLife {
        var finding = try sampleFinding("f1", "2026-11-18T11:00:00Z")
        finding.profile = "recommended"
        finding.riskEventKeys = ["a1", "a2", "a3", "a4"].map {
            $0.padding(toLength: 64, withPad: "0", startingAt: 0)
        }
        (finding.rawRiskScore, finding.countedRiskScore) = (120, 120)
        return FindingLife(
            finding: finding,
            changes: [
                try change(.opened, "threshold", "2026-11-18T11:00:00Z", raw: 120, counted: 120, count: 2),
                try change(.updated, "new_rule", "2026-11-18T13:00:00Z", raw: 150, counted: 150, count: 3),
                try change(.updated, "new_threat_object", "2026-11-18T12:00:00Z", raw: 180, counted: 120, count: 3),
                try change(.closed, "below", "2026-11-19T12:00:00Z", raw: 50, counted: 50, count: 2),
            ])
    }

    private func explain(_ life: FindingLife) throws -> EntityExplanation {
        let folder = FileManager.default.temporaryDirectory.appending(path: "accrue-life-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = try RiskIndex.open(path: folder.path + "/risk.sqlite", now: 0, readOnly: false)
        _ = try index.insert(
            events().map { Firing(key: $0.firingKey, events: [$0], contributing: []) })
        let content = try LoadedContent(
            path: ContentSearchPath(folders: [Self.root.appending(path: "risk").path]))
        return try ExplainJob(content, ExplainJob.Options(profile: .splunk, zone: .utc)).finding(life, in: index)
    }

    @Test func everyEventStandsOnceInTheStepInWhichItJoined() throws {
        let (life, explained) = (try life(), try explain(life()))
        #expect(explained.profile == "recommended")
        #expect(explained.lines.map { String($0.riskEventID.prefix(2)) } == ["a1", "a2", "a3", "a4", "a5", "a6"])
        #expect(
            explained.lines.map { $0.membership?.step?.timeMicroseconds }
                == [0, 0, 1, 2, 3].map { life.changes[$0].timeMicroseconds } + [nil])
        // Where a step ends, its sums are those that were told.
        #expect(explained.lines.map(\.runningRaw) == [60, 120, 150, 180, 50, 50])
        #expect(explained.lines.map(\.runningCounted) == [60, 120, 150, 120, 50, 50])
        #expect(explained.lines.map(\.counted) == [60, 60, 30, 0, 20, 0])
        #expect(explained.lines.map { $0.membership?.isInOpening } == [true, true, false, false, false, false])
        #expect(explained.lines.map { $0.membership?.countedAtLastStep } == [nil, nil, 30, nil, 20, nil])
        let sums = try #require(explained.life)
        #expect((sums.opening.totals.raw, sums.opening.totals.counted) == (120, 120))
        #expect((sums.last.totals.raw, sums.last.totals.counted) == (50, 50))
        #expect((sums.lateEventCount, sums.absentEventCount) == (1, 0))
        #expect(explained.rules.map(\.riskEventCount) == [2])
    }

    @Test func aFindingWithoutRecordedStepsOpenedAllTheSame() throws {
        var life = try life()
        life.changes = []
        life.finding.riskEventKeys.removeLast(2)
        life.finding.riskEventKeys.append(String(repeating: "9", count: 64))
        let explained = try explain(life)
        #expect(explained.lines.map { $0.membership?.step?.state } == [.opened, .opened, nil, nil])
        #expect(explained.life?.lateEventCount == 2 && explained.life?.absentEventCount == 1)
        #expect(explained.totals.raw == 120)
    }

    @Test func allFormsAreTheGoldenOnes() throws {
        let report = FindingReport(
            try life(), reviews: [], twins: [], explanation: try explain(life()), zone: .utc)
        #expect(try Golden.stored("finding.txt", replacing: report.text()) == report.text())
        #expect(try Golden.stored("finding.json", replacing: report.json) == report.json)
        let rows = report.rows.map(RowWriter.ndjson).joined()
        #expect(try Golden.stored("finding.ndjson", replacing: rows) == rows)
        let page = FindingPage(report).html
        #expect(try Golden.stored("finding.html", replacing: page) == page)
        #expect(!page.contains("<script") && !report.text().contains("\u{202E}"))
    }
}
