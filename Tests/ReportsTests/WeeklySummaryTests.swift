import Content
import Engine
import Formats
import Foundation
import RiskIndex
import Testing

@testable import Reports

@Suite struct WeeklySummaryTests {
    let summary: WeeklySummary

    init() throws {
        summary = try makeSummary(try SampleWeeks.events(), findings: try SampleWeeks.findings())
    }

    private func why(_ entity: WeeklySummary.Entity, _ other: WeeklySummary? = nil) -> [String] {
        SummaryReasons.lines(for: entity, in: other ?? summary).map(SummaryReasons.plain)
    }

    @Test func entitiesComeByScoreWithTheChangeAgainstTheWeekBefore() {
        #expect(summary.entities.map(\.normalizedRiskObject) == ["amy", SampleWeeks.hostileName, "bob"])
        #expect(summary.entities.map { ScoreText.print($0.tally.sums.current.raw) } == ["110.1", "40", "15"])
        #expect(summary.entities.map { ScoreText.change(summary.change($0.tally.sums)) } == ["+90.1", "+40", "0"])
        #expect(summary.entities.map(\.tally.isNew) == [false, true, false])
        #expect(summary.entities.map(\.findingCount) == [1, 0, 0])
        #expect(
            summary.entities[0].tally.detail?.days.current.map(ScoreText.print) == [
                "20", "0", "90", "0", "0", "0", "0.1",
            ])
        #expect(summary.entities[0].tally.detail?.riskObjects == ["AMY", "amy", "amy@example.com"])
    }

    @Test func whySaysWhatIsNew() {
        let lines = why(summary.entities[0])
        #expect(
            lines == [
                "new rule 'Access Key Created | by <Root>': +90 from 1 risk event",
                "new tactic: persistence, privilege-escalation",
                "new threat object: 'xn--evil.example' (domain)",
                "known rule 'Upload Outside Hours': +0.1, 2 risk events against 1", "1 finding opened",
            ])
        #expect(
            why(summary.entities[2])
                == ["the same rules with the same score as the week before"])
    }

    @Test func aRuleThatFellSilentIsPartOfWhy() throws {
        let events = [
            try sampleEvent("a", "2026-11-10T00:00:00Z", score: 50, rule: "R1"),
            try sampleEvent("b", "2026-11-10T00:00:00Z", score: 10, rule: "R2"),
            try sampleEvent("c", "2026-11-17T00:00:00Z", score: 10, rule: "R2"),
        ]
        let summary = try makeSummary(events)
        #expect(
            why(summary.entities[0], summary) == ["known rule 'R1': -50, 0 risk events against 1"])
    }

    @Test func quietEntitiesRulesAndTotals() {
        #expect(summary.quietEntities.map(\.normalizedRiskObject) == ["carl"])
        #expect(summary.rules.map(\.searchName) == [SampleWeeks.upload, SampleWeeks.key])
        #expect(summary.rules.map(\.sums.current.eventCount) == [3, 2])
        #expect(summary.rules.map(\.sums.previous.eventCount) == [2, 1])
        #expect(summary.rules.map(\.entityCount) == [2, 2])
        #expect(summary.sums.current.eventCount == 5)
        #expect(summary.sums.previous.eventCount == 3)
        #expect(summary.newEntityCount == 1)
        #expect(summary.findings.map(\.id) == ["f10000000000"])
        #expect(summary.previousFindingCount == 1)
    }

    @Test func theWeekIsHalfOpen() throws {
        let events = [
            try sampleEvent("a", "2026-11-16T00:00:00Z"), try sampleEvent("b", "2026-11-23T00:00:00Z"),
            try sampleEvent("c", "2026-11-09T00:00:00Z"),
        ]
        var early = events[0]
        early.key = "d"
        early.timeMicroseconds -= 1
        let summary = try makeSummary(events + [early])
        #expect(summary.sums.current.eventCount == 1)
        #expect(summary.sums.previous.eventCount == 2)
        #expect(summary.days.map(\.sums.current.eventCount) == [1, 0, 0, 0, 0, 0, 0])
        #expect(summary.days.map(\.sums.previous.eventCount) == [1, 0, 0, 0, 0, 0, 1])
    }

    @Test func inputOrderChangesNothing() throws {
        let events = try SampleWeeks.events()
        for seed in 1..<6 {
            let shuffled = events.indices.map { events[($0 * 7 + seed * 3) % events.count] }
            #expect(Set(shuffled) == Set(events))
            let other = try makeSummary(shuffled, findings: try SampleWeeks.findings().reversed())
            #expect(other.html == summary.html)
            #expect(other.json == summary.json)
            #expect(other.text() == summary.text())
            #expect(other.markdown == summary.markdown)
        }
    }

    @Test func whatIsNewToEverybodyIsTold() {
        #expect(summary.tactics.map(\.name) == ["execution", "persistence", "privilege-escalation", "impact"])
        #expect(summary.tactics.map(\.isNew) == [false, true, true, true])
        #expect(
            summary.newThreatObjects.map(\.threatObject) == [
                SampleWeeks.domain, ThreatObject(value: SampleWeeks.hostileName, type: "<b>"),
            ])
        #expect(summary.newThreatObjects.map(\.entityCount) == [1, 1])
        #expect(
            summary.entities[0].tally.detail?.tactics.map(\.name) == [
                "execution", "persistence", "privilege-escalation",
            ])
        #expect(summary.entities[0].tally.detail?.tactics.map(\.raw) == [20.1, 90, 90])
        #expect(summary.entities[0].newTactics == ["persistence", "privilege-escalation"])
    }

    @Test func whatIsNotRecordedIsNamedAndWhatIsRecordedIsShown() throws {
        #expect(summary.text().contains("Not recorded in this index: updated findings, held findings, closed findings"))
        #expect(!summary.text().contains("Held: "))
        let full = try SampleWeeks.full()
        for text in [full.text(), full.markdown, full.html] {
            #expect(!text.contains("Not recorded"))
            #expect(text.contains("Updated: 1") && text.contains("Held: 1") && text.contains("Closed: 1"))
            #expect(text.contains("fields are missing"))
            #expect(text.contains("our scanner"))
        }
        let none = try makeSummary(
            [],
            records: SummaryRecords(
                week: summary.week, steps: [], reviewed: [],
                runs: try SampleWeeks.activity([
                    RunRecord(
                        timeMicroseconds: try microseconds("2026-11-20T00:00:00Z"), profile: "splunk", rules: [],
                        sources: [])
                ]), suppressions: []))
        #expect(none.text().contains("Data sources that fell silent: none"))
        #expect(none.text().contains("Detections that did not run: none"))
        #expect(none.text().contains("Held: 0"))
    }

    @Test func theRawSumAndTheCountedOneAreBothShown() throws {
        let week = try SummaryWeek("2026-W47", zone: .utc)
        let events = try (0..<4).map { try sampleEvent("a\($0)", "2026-11-1\(6 + $0)T12:00:00Z") }
        for profile in [RiskProfile.splunk, .recommended] {
            let summary = try makeSummary(events, profile: profile)
            // One message counts once.
            #expect(summary.entities[0].tally.sums.current.raw == 80)
            #expect(summary.entities[0].tally.sums.current.counted == 20)
            #expect(summary.week == week)
            for text in [summary.text(), summary.markdown, summary.html] {
                #expect(text.contains("counted risk score") && text.contains("raw risk score"))
                #expect(text.contains(profile == .splunk ? "counted 20 against 0" : "raw 80 against 0"))
                #expect(text.contains("Entities are ranked by their \(profile == .splunk ? "raw" : "counted") sums"))
            }
            #expect(summary.json.contains("\"risk_score\":80,\"counted_risk_score\":20,"))
        }
    }

    @Test func onlyTheFirstEntitiesHaveDetails() throws {
        let summary = try makeSummary(try SampleWeeks.events(), top: 1)
        #expect(summary.entities.map { $0.tally.detail != nil } == [true, false, false])
        #expect(summary.text().contains("and 2 more; --format json lists all"))
        #expect(summary.json.contains("\"normalized_risk_object\":\"bob\""))
        let none = try makeSummary(try SampleWeeks.events(), top: 0)
        #expect(none.text().contains("and 3 more; --format json lists all"))
        #expect(none.entities.map(\.tally.sums) == summary.entities.map(\.tally.sums))
    }

    @Test func aRuleThatRanAndNeverFiredIsAmongTheQuietest() throws {
        let full = try SampleWeeks.full()
        #expect(full.rules.last?.searchName == "ESCU - Never - Rule")
        #expect(full.rules.last?.lastMicroseconds == nil)
        #expect(full.rules.last?.isNew == false)
        #expect(full.text().contains("never"))
        #expect(full.ruleCount == 2)
    }

    @Test func aNameOfTenThousandBytesIsShownShortWithItsLength() throws {
        let name = String(repeating: "a", count: 10_240)
        let events = [try sampleEvent("a", "2026-11-17T00:00:00Z", entity: name, rule: name)]
        let summary = try makeSummary(events)
        for text in [summary.text(), summary.markdown, summary.html] {
            #expect(text.contains("10,240 characters in all"))
            #expect(!text.contains(String(repeating: "a", count: 200)))
            #expect(text.utf8.count < 40_000)
        }
        #expect(summary.json.contains(name))
    }

    @Test func theFullWeekIsTheGoldenOne() throws {
        let full = try SampleWeeks.full()
        #expect(try Golden.stored("summary-full.txt", replacing: full.text()) == full.text())
        #expect(try Golden.stored("summary-full.md", replacing: full.markdown) == full.markdown)
        #expect(try Golden.stored("summary-full.html", replacing: full.html) == full.html)
        #expect(try Golden.stored("summary-full.json", replacing: full.json) == full.json)
    }

    @Test func theFourFormsAreTheGoldenOnes() throws {
        #expect(try Golden.stored("summary.txt", replacing: summary.text()) == summary.text())
        #expect(try Golden.stored("summary.md", replacing: summary.markdown) == summary.markdown)
        #expect(try Golden.stored("summary.html", replacing: summary.html) == summary.html)
        #expect(try Golden.stored("summary.json", replacing: summary.json) == summary.json)
    }

    @Test func anEmptyWeekIsAPageToo() throws {
        let empty = try makeSummary([], now: "2026-11-18T00:00:00Z")
        #expect(try Golden.stored("summary-empty.txt", replacing: empty.text()) == empty.text())
        #expect(try Golden.stored("summary-empty.html", replacing: empty.html) == empty.html)
        #expect(empty.markdown.contains("The week is not over yet."))
        _ = try JSONSerialization.jsonObject(with: Data(empty.json.utf8))
    }

    @Test func nothingFromLogsIsMarkup() {
        #expect(!summary.html.contains("<script"))
        #expect(!summary.html.contains("<b>"))
        #expect(!summary.html.contains("<Root>"))
        for text in [summary.html, summary.markdown, summary.text()] {
            #expect(!text.unicodeScalars.contains { TerminalText.isActive($0) && $0 != "\n" })
        }
        #expect(!summary.markdown.contains("\n<"))
    }

    @Test func thePageIsWellFormedAndLoadsNothing() throws {
        // Void elements closed, the page reads as XML: every tag is balanced and every attribute quoted.
        var xml = summary.html.replacingOccurrences(of: "<!DOCTYPE html>\n", with: "")
        xml = xml.replacing(#/<(meta [^>]*)>/#) { "<\($0.output.1)/>" }
        let tagForm = #/<(\/?)([a-z0-9]+)((?: [a-zA-Z0-9:-]+="[^"<>]*")*)(\/?)>/#
        var open: [Substring] = []
        for tag in xml.matches(of: tagForm) {
            if tag.output.1 == "/" {
                #expect(open.popLast() == tag.output.2)
            } else if tag.output.4 != "/" {
                open.append(tag.output.2)
            }
        }
        #expect(open.isEmpty)
        #expect(xml.matches(of: tagForm).count == xml.matches(of: #/<[\/a-zA-Z!]/#).count)
        #expect(!xml.contains("http:") && !xml.contains("https:") && !xml.contains("url("))
        #expect(
            xml.matches(of: #/<svg [^>]*role="img" aria-labelledby="[^"]+"><title id="[^"]+">[^<]/#).count
                == xml.matches(of: #/<svg /#).count)
        let ids = xml.matches(of: #/ id="([^"]+)"/#).map(\.output.1)
        #expect(Set(ids).count == ids.count)
        for names in xml.matches(of: #/ aria-labelledby="([^"]+)"/#) {
            #expect(names.output.1.split(separator: " ").allSatisfy(ids.contains))
        }
    }

    @Test func longListsSayHowMuchTheyLeaveOut() throws {
        let events = try (0..<60).map { number in
            try sampleEvent("k\(number)", "2026-11-17T00:00:00Z", entity: "user\(number)", rule: "R\(number)")
        }
        let summary = try makeSummary(events)
        #expect(summary.text().contains("and 35 more; --format json lists all"))
        #expect(summary.markdown.contains("and 35 more"))
        #expect(summary.html.contains("and 35 more"))
        #expect(summary.json.contains("user59"))
    }
}
