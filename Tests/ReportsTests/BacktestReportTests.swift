import Content
import Formats
import Foundation
import Risk
import RiskIndex
import Testing

@testable import Engine
@testable import Reports

@Suite struct BacktestReportTests {
    private static let hostileName = "<b>|`x`&\u{1B}[31m\u{202E}gpj"

    private func finding(
        _ time: String, _ entity: String = "amy", score: Double = 120, severity: String = "medium"
    ) throws -> BacktestFinding {
        BacktestFinding(
            entity: EntityIdentity(entity, "user"), riskObject: entity.uppercased(),
            timeMicroseconds: try microseconds(time), riskScore: score, riskEventCount: 3, severity: severity)
    }

    private func report() throws -> BacktestReport {
        let rule = "Risk - 24 Hour Risk Threshold Exceeded - Rule"
        let week = "Risk - 7 Day ATT&CK Tactic Threshold Exceeded - Rule"
        let outcomes: [BacktestReport.Outcome] = [
            .init(
                searchName: rule, fate: .lost, before: try finding("2026-11-17T23:00:00Z", Self.hostileName), after: nil
            ),
            .init(
                searchName: rule, fate: .kept, before: try finding("2026-11-18T10:00:00Z"),
                after: try finding("2026-11-18T10:00:00Z")),
            .init(
                searchName: rule, fate: .kept, before: try finding("2026-11-20T10:00:00Z", score: 120.25),
                after: try finding("2026-11-20T10:00:00Z", score: 260, severity: "high")),
            .init(
                searchName: week, fate: .gained, before: nil, after: try finding("2026-11-19T01:00:00Z", score: 1234.5)),
            .init(
                searchName: rule, fate: .moved, before: try finding("2026-11-18T23:00:00Z", "bob"),
                after: try finding("2026-11-19T01:00:00Z", "bob", score: 101)),
        ]
        func tally(_ name: String) -> BacktestReport.Tally {
            var tally = BacktestReport.Tally()
            for outcome in outcomes where outcome.searchName == name { tally.add(outcome) }
            return tally
        }
        return BacktestReport(
            range: try microseconds("2026-11-16T00:00:00Z")..<microseconds("2026-11-23T00:00:00Z"),
            profileBefore: "splunk", profileAfter: "splunk",
            changes: ["risk_threshold = 80, was 100", "without 'ESCU - Access Key | <Root> - Rule'"],
            riskEventCount: 12_345,
            rules: [
                .init(searchName: rule, runsBefore: true, runsAfter: true, tally: tally(rule)),
                .init(searchName: week, runsBefore: false, runsAfter: true, tally: tally(week)),
            ], outcomes: outcomes)
    }

    private func trial() throws -> BacktestReport {
        var report = try report()
        let admin = RiskFactor(
            name: "Admin User", id: "1", description: "Administrators.", isEnabled: false, operation: .multiplication,
            amount: .number(1.5),
            conditions: [
                .init(field: "user_category", test: .equals(.text("admin"))),
                .init(field: "risk_score", test: .compares(.greater, .number(20))),
            ], file: "a.yml")
        let other = RiskFactor(
            name: "By | Field", id: "2", isEnabled: true, operation: .addition, amount: .field("dest_score"),
            conditions: [.init(field: "dest", test: .like("web%"))], file: "b.yml")
        var trial = FactorTrial([.init(admin, isOn: true), .init(other, isOn: true)])
        trial.factors[0].eventCount = 7
        trial.factors[0].entityCount = 2
        trial.factors[1].undecidedCount = 3
        trial.eventCount = 12_345
        trial.changedEventCount = 7
        trial.before = 5_000
        trial.after = 5_070.5
        for (name, before, after) in [("amy", 100.0, 150.0), (Self.hostileName, 41.0, 61.5)] {
            var entity = FactorTrial.Entity(EntityIdentity(name, "user"))
            entity.before = before
            entity.after = after
            entity.changedEventCount = 2
            trial.entities.append(entity)
        }
        report.factorTrial = trial
        return report
    }

    @Test func textIsTheGoldenOne() throws {
        let text = try report().text(zone: .utc)
        #expect(text == (try Golden.stored("backtest.txt", replacing: text)))
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    }

    @Test func markdownIsTheGoldenOne() throws {
        let text = try report().markdown(zone: .utc)
        #expect(text == (try Golden.stored("backtest.md", replacing: text)))
    }

    @Test func jsonIsTheGoldenOne() throws {
        let text = try trial().json(zone: .utc)
        #expect(text == (try Golden.stored("backtest.json", replacing: text)))
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
    }

    @Test func linesAreTheGoldenOnes() throws {
        let text = try report().ndjson(zone: .utc)
        #expect(text == (try Golden.stored("backtest.ndjson", replacing: text)))
        for line in text.split(separator: "\n") {
            #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
        }
    }

    @Test func factorTrialIsTheGoldenOne() throws {
        let text = try #require(FactorTrialReport(try trial())).text(zone: .utc)
        #expect(text == (try Golden.stored("factor-trial.txt", replacing: text)))
        #expect(FactorTrialReport(try report()) == nil)
    }

    @Test func factorsAreListed() throws {
        let factors = try #require(try trial().factorTrial).factors
        let text = FactorList(factors).text()
        #expect(text == (try Golden.stored("factors.txt", replacing: text)))
        #expect(FactorList([]).text() == "no risk factors\n")
        #expect(FactorList([]).json == "[]\n")
    }

    @Test func totalsAddUp() throws {
        let report = try report()
        let total = report.total
        let counts: [Int] = [
            total.before, total.after, total.kept, total.changed, total.moved, total.gained, total.lost,
        ]
        #expect(counts == [4, 4, 2, 1, 1, 1, 1])
        let entities = report.entityCounts
        let ofEntities: [Int] = [entities.before, entities.after, entities.gained, entities.lost]
        #expect(ofEntities == [3, 2, 0, 1])
    }

    @Test func daysAreThoseOfTheZone() throws {
        let report = try report()
        #expect(report.days(.utc).map(\.date) == ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"])
        #expect(report.days(.utc).map(\.tally.before) == [1, 2, 0, 1])
        #expect(report.days(.utc).map(\.tally.after) == [0, 1, 2, 1])
    }
}
