import Content
import Engine
import Formats
import Foundation
import Risk
import RiskIndex
import Testing

@testable import Reports

/// Explanations of the sample weeks, out of a real index and the shipped incident rules.
@Suite struct EntityExplanationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func explain(
        _ name: String, _ profile: RiskProfile, suppressions: [Suppression] = [], thresholds: [Double] = [60]
    ) throws -> EntityExplanation {
        let folder = FileManager.default.temporaryDirectory.appending(path: "accrue-explain-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let now = try microseconds("2026-11-23T00:00:00Z")
        let index = try RiskIndex.open(path: folder.path + "/risk.sqlite", now: now, readOnly: false)
        _ = try index.insert(
            SampleWeeks.events().map { event in
                Firing(key: event.firingKey, events: [event], contributing: [])
            })
        for suppression in suppressions { try index.add(suppression) }
        let content = try LoadedContent(
            path: ContentSearchPath(folders: [Self.root.appending(path: "risk").path]))
        var options = ExplainJob.Options(profile: profile, zone: .utc)
        options.thresholds = thresholds
        options.wantsElasticScore = true
        let week: Int64 = 7 * 86_400_000_000
        return try #require(
            try ExplainJob(content, options).entities(name, type: nil, start: now - week, end: now, in: index).first)
    }

    @Test func bothTotalsAreThoseOfTheWindow() throws {
        let amy = try explain("AMY", .recommended)
        #expect(amy.lines.map(\.riskEventID) == ["a200000000000000", "a300000000000000", "a400000000000000"])
        #expect(ScoreText.print(amy.totals.raw) == "110.1")
        // The upload of 0.1 has the message of the one of 20.
        #expect(amy.totals.counted == 110)
        #expect(amy.lines.last?.reasons == ["same message as a200000000000000"])
        #expect(amy.thresholds.map(\.threshold) == [60, 100])
        #expect(amy.thresholds.map(\.isShipped) == [false, true])
        // 90 alone within a day passes 60, not 100; the rule looks until ten minutes before its hour.
        let opening = try #require(amy.thresholds[0].opening)
        #expect(opening.tickMicroseconds == (try microseconds("2026-11-18T22:00:00Z")))
        let crossing = try #require(amy.thresholds[0].crossing)
        #expect(crossing.tickMicroseconds == (try microseconds("2026-11-18T21:10:00Z")))
        #expect(amy.thresholds[1].opening == nil && amy.thresholds[1].crossing == nil)
    }

    @Test func whatIsSilencedIsNamed() throws {
        let start = try microseconds("2026-11-20T00:00:00Z")
        let suppression = Suppression(
            kind: .threatObject, value: "XN--evil.example", startMicroseconds: start, untilMicroseconds: nil,
            author: "eve", reason: "a\u{1B}[31mb")
        let amy = try explain("amy", .splunk, suppressions: [suppression])
        #expect(ScoreText.print(amy.totals.raw) == "110.1")
        #expect(ScoreText.print(amy.totals.counted) == "20.1")
        #expect(amy.suppressedRiskScore == 90)
        #expect(amy.lines.map(\.suppressionID) == [nil, suppression.id, nil])
        #expect(amy.suppressions.map(\.riskEventCount) == [1])
        // At the run of the 18th nothing was silenced yet.
        #expect(amy.thresholds[0].opening != nil)
        #expect(!amy.text().contains("\u{1B}"))
        #expect(!EntityPage([amy]).html.contains("\u{1B}"))
    }

    @Test func allFormsAreTheGoldenOnes() throws {
        let amy = try explain("amy", .recommended)
        #expect(try Golden.stored("explanation.txt", replacing: amy.text()) == amy.text())
        #expect(try Golden.stored("explanation.json", replacing: amy.json) == amy.json)
        let hostile = try explain(SampleWeeks.hostileName, .splunk)
        let page = EntityPage([amy, hostile]).html
        #expect(try Golden.stored("explanation.html", replacing: page) == page)
        _ = try JSONSerialization.jsonObject(with: Data(amy.json.utf8))
        _ = try JSONSerialization.jsonObject(with: Data(hostile.json.utf8))
        #expect(!page.contains("<script") && !hostile.text().contains("\u{202E}"))
    }
}
