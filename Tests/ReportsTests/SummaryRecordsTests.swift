import Formats
import RiskIndex
import Testing

@testable import Reports

/// What becomes of steps, reviews, runs and suppressions of an index. The week is 2026-11-16 to 2026-11-23.
@Suite struct SummaryRecordsTests {
    private func records(
        steps: [FindingStep] = [], reviewed: [(finding: Finding, reviews: [FindingReview])] = [],
        runs: [RunRecord] = [], suppressions: [Suppression] = []
    ) throws -> SummaryRecords {
        SummaryRecords(
            week: try SummaryWeek("2026-W47", zone: .utc), steps: steps, reviewed: reviewed,
            runs: try SampleWeeks.activity(runs), suppressions: suppressions)
    }

    @Test func aStepIsOfTheWeekInWhichItBeganAndHoldingOfEveryWeekInWhichItWentOn() throws {
        func step(_ state: FindingState, _ from: String, _ until: String) throws -> FindingStep {
            try SampleWeeks.step("f1", state, "known_rules", from, until: until)
        }
        let steps = [
            try step(.held, "2026-11-10T00:00:00Z", "2026-11-16T00:00:00Z"),
            try step(.held, "2026-11-10T00:00:00Z", "2026-11-15T23:59:59Z"),
            try step(.held, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"),
            try step(.closed, "2026-11-15T23:59:59Z", "2026-11-17T00:00:00Z"),
            try step(.closed, "2026-11-22T23:59:59Z", "2026-11-22T23:59:59Z"),
            try step(.updated, "2026-11-16T00:00:00Z", "2026-11-16T00:00:00Z"),
            try step(.opened, "2026-11-17T00:00:00Z", "2026-11-17T00:00:00Z"),
        ]
        let records = try records(steps: steps)
        let start = try microseconds("2026-11-16T00:00:00Z")
        #expect(records.heldFindings?.map(\.timeMicroseconds) == [start])
        #expect(records.closedFindings?.map(\.timeMicroseconds) == [try microseconds("2026-11-22T23:59:59Z")])
        #expect(records.updatedFindings?.map(\.timeMicroseconds) == [start])
    }

    @Test func aFindingIsClosedByAnAnalystWhenThatIsTheLastWordOfTheWeek() throws {
        func review(_ time: String, _ status: String?, _ disposition: String? = nil) throws -> FindingReview {
            FindingReview(
                timeMicroseconds: try microseconds(time), author: "kim", status: status, disposition: disposition)
        }
        let finding = try sampleFinding("f0", "2026-11-11T10:00:00Z")
        func reasons(_ reviews: [FindingReview]) throws -> [String]? {
            try records(reviewed: [(finding, reviews)]).closedFindings?.map(\.reason)
        }
        let closed = try review("2026-11-17T00:00:00Z", "closed", "true positive")
        #expect(try reasons([closed]) == ["closed by kim: true positive"])
        #expect(try reasons([closed, try review("2026-11-18T00:00:00Z", nil)]) == ["closed by kim: true positive"])
        #expect(try reasons([closed, try review("2026-11-18T00:00:00Z", "in_progress")]) == [])
        #expect(try reasons([closed, try review("2026-11-23T00:00:00Z", "new")]) == ["closed by kim: true positive"])
        #expect(try reasons([try review("2026-11-15T00:00:00Z", "closed")]) == [])
        #expect(try reasons([try review("2026-11-20T00:00:00Z", "resolved")]) == ["resolved by kim"])
    }

    private func run(
        _ time: String, rules: [RunRecord.Rule] = [], _ sources: [(String, first: String, last: String)] = []
    ) throws -> RunRecord {
        RunRecord(
            timeMicroseconds: try microseconds(time), profile: "splunk", rules: rules,
            sources: try sources.map {
                RunRecord.Source(
                    sourcetype: $0.0, eventCount: 1, firstMicroseconds: try microseconds($0.first),
                    lastMicroseconds: try microseconds($0.last))
            })
    }

    @Test func aSourceIsSilentAfterTwoDaysWithoutEvents() throws {
        let week = try run(
            "2026-11-23T01:00:00Z", [("a", "2026-11-16T00:00:00Z", "2026-11-21T00:00:01Z")])
        let older = try run("2026-11-10T00:00:00Z", [("b", "2026-11-09T00:00:00Z", "2026-11-09T12:00:00Z")])
        let silent = try run("2026-11-22T00:00:00Z", [("c", "2026-11-16T00:00:00Z", "2026-11-21T00:00:00Z")])
        #expect(try records(runs: [older, silent, week]).silentSources?.map(\.sourcetype) == ["b", "c"])
        // A later run that saw it ends the silence.
        let back = try run("2026-11-24T00:00:00Z", [("c", "2026-11-22T00:00:00Z", "2026-11-23T05:00:00Z")])
        #expect(try records(runs: [older, silent, week, back]).silentSources?.map(\.sourcetype) == ["b"])
    }

    @Test func beforeTheWeekIsOverTheLastRunIsTheHorizon() throws {
        let monday = try run(
            "2026-11-16T12:00:00Z",
            [
                ("a", "2026-11-09T00:00:00Z", "2026-11-16T11:00:00Z"),
                ("b", "2026-11-09T00:00:00Z", "2026-11-14T12:00:00Z"),
            ])
        #expect(try records(runs: [monday]).silentSources?.map(\.sourcetype) == ["b"])
    }

    @Test func runsOfOtherWeeksSayNothing() throws {
        let before = try run("2026-11-15T00:00:00Z", rules: [.init(searchName: "R", problem: "no")])
        let after = try run("2026-11-24T00:00:00Z", [("a", "2026-11-23T00:00:00Z", "2026-11-23T12:00:00Z")])
        let records = try records(runs: [before, after])
        #expect(records.silentSources == nil && records.detectionsNotRun == nil && records.lostRisk == nil)
        #expect(records.ranSearchNames == nil)
        // Late, over logs of the week.
        let late = try run(
            "2027-02-01T00:00:00Z", rules: [.init(searchName: "R", problem: "no")],
            [("a", "2026-11-22T00:00:00Z", "2026-11-23T12:00:00Z")])
        #expect(try self.records(runs: [late]).detectionsNotRun?.map(\.searchName) == ["R"])
    }

    @Test func theLastRunSaysWhetherADetectionRuns() throws {
        let runs = [
            try run(
                "2026-11-17T00:00:00Z",
                rules: [
                    .init(searchName: "A", problem: "no"),
                    .init(
                        searchName: "B", lostByField: [.init(field: "user", count: 2), .init(field: "dest", count: 0)]),
                    .init(searchName: "C", problem: "first"),
                ]),
            try run(
                "2026-11-18T00:00:00Z",
                rules: [
                    .init(searchName: "A"), .init(searchName: "B", lostByField: [.init(field: "user", count: 3)]),
                    .init(searchName: "C", problem: "second"),
                ]),
        ]
        let records = try records(runs: runs)
        #expect(records.ranSearchNames == ["A", "B"])
        #expect(records.detectionsNotRun == [.init(searchName: "C", problem: "second", runCount: 2)])
        #expect(records.lostRisk == [.init(searchName: "B", field: "user", rowCount: 5)])
    }

    @Test func suppressionsOfTheWeekAreListed() throws {
        func suppression(_ value: String, _ start: String, _ until: String?) throws -> Suppression {
            Suppression(
                kind: .entity, value: value, startMicroseconds: try microseconds(start),
                untilMicroseconds: try until.map(microseconds), author: "kim", reason: "test")
        }
        let records = try records(suppressions: [
            try suppression("ended", "2026-11-01T00:00:00Z", "2026-11-16T00:00:00Z"),
            try suppression("some", "2026-11-01T00:00:00Z", "2026-11-16T00:00:01Z"),
            try suppression("later", "2026-11-23T00:00:00Z", nil),
            try suppression("ever", "2026-11-22T23:59:59Z", nil),
        ])
        #expect(records.suppressions?.map(\.value) == ["ever", "some"])
    }
}
