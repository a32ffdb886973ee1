import Content
import Engine
import Formats
import Foundation
import RiskIndex

@testable import Reports

/// `2026-11-20T21:10:00Z` as UTC microseconds.
func microseconds(_ iso8601: String) throws -> Int64 {
    Int64(try Date(iso8601, strategy: .iso8601).timeIntervalSince1970) * 1_000_000
}

func sampleEvent(
    _ key: String, _ time: String, entity: String = "amy", raw: String? = nil, type: String = "user",
    score: Double = 20, calculated: Double? = nil, rule: String = "ESCU - Upload Outside Hours - Rule",
    threats: [ThreatObject] = [], tactics: [String] = ["execution"], message: String = "container uploaded",
    fields: [ResultField] = []
) throws -> RiskEvent {
    let time = try microseconds(time)
    return RiskEvent(
        key: key.padding(toLength: 64, withPad: "0", startingAt: 0), firingKey: "f" + key, timeMicroseconds: time,
        windowStartMicroseconds: time - 3_600_000_000, windowEndMicroseconds: time, searchTimeMicroseconds: time,
        searchName: rule, ruleID: "id", ruleVersion: 1, entityField: "user", riskObject: raw ?? entity,
        riskObjectType: type, normalizedRiskObject: entity, riskScore: score,
        calculatedRiskScore: calculated ?? score, riskMessage: message, threatObjects: threats,
        analyticStories: ["Dev Sec Ops"],
        annotations: [
            Annotation(name: "cis20", values: ["CIS 13", "CIS 10"]),
            Annotation(name: "mitre_attack", values: ["T1204.003"]),
            Annotation(name: "mitre_attack.mitre_tactic", values: tactics),
            Annotation(name: "nist", values: ["DE.AE", "CIS 13"]),
        ], attackVersion: "19.0", contributingEventCount: 1, fields: fields)
}

func sampleFinding(
    _ key: String, _ time: String, entity: String = "amy", type: String = "user", score: Double = 120,
    title: String = "24 hour risk threshold exceeded for user=amy"
) throws -> Finding {
    let time = try microseconds(time)
    return Finding(
        key: key.padding(toLength: 64, withPad: "0", startingAt: 0), timeMicroseconds: time,
        windowStartMicroseconds: time - 86_400_000_000, windowEndMicroseconds: time,
        searchName: "Risk - 24 Hour Risk Threshold Exceeded - Rule", ruleID: "id", riskObject: entity,
        allRiskObjects: [entity, "AMY"], normalizedRiskObject: entity, riskObjectType: type, riskScore: score,
        riskEventCount: 3, sourceCount: 2, mitreTacticIDCount: 1, mitreTechniqueIDCount: 4, severity: "medium",
        reason: "risk score 120 from 3 risk events", title: title, riskEventKeys: [], fields: [])
}

/// Two weeks of a small company: amy gets worse, bob is as before, carl is quiet, a host is new and hostile in name.
enum SampleWeeks {
    static let address = ThreatObject(value: "203.0.113.9", type: "ip_address")
    static let domain = ThreatObject(value: "xn--evil.example", type: "domain")
    static let hostileName = "<script>alert('x')</script>|`rm`&\u{1B}[31m\u{202E}gpj"
    static let upload = "ESCU - Upload Outside Hours - Rule"
    static let key = "ESCU - Access Key Created | by <Root> - Rule"

    static func events() throws -> [RiskEvent] {
        [
            try sampleEvent("a0", "2026-11-03T08:00:00Z", rule: upload, threats: [address]),
            try sampleEvent("a1", "2026-11-10T08:00:00Z", rule: upload, threats: [address]),
            try sampleEvent("b1", "2026-11-11T09:00:00Z", entity: "bob", score: 15, rule: upload),
            try sampleEvent("c1", "2026-11-12T09:00:00Z", entity: "carl", score: 33.3, rule: key),
            try sampleEvent("a2", "2026-11-16T00:00:00Z", raw: "AMY", rule: upload, threats: [address]),
            try sampleEvent(
                "a3", "2026-11-18T21:10:00Z", raw: "amy@example.com", score: 60, calculated: 90, rule: key,
                threats: [address, domain], tactics: ["persistence", "privilege-escalation"]),
            try sampleEvent("a4", "2026-11-22T23:59:59Z", score: 0.1, rule: upload),
            try sampleEvent("b2", "2026-11-18T09:00:00Z", entity: "bob", score: 15, rule: upload),
            try sampleEvent(
                "h1", "2026-11-19T12:00:00Z", entity: hostileName, type: "system", score: 40, rule: key,
                threats: [ThreatObject(value: hostileName, type: "<b>")], tactics: ["impact"]),
            try sampleEvent("z9", "2026-11-23T00:00:00Z", entity: "late", score: 999),
        ]
    }

    static func findings() throws -> [Finding] {
        [
            try sampleFinding("f0", "2026-11-11T10:00:00Z", entity: "carl"),
            try sampleFinding("f1", "2026-11-18T22:00:00Z", score: 110, title: "threshold exceeded for \(hostileName)"),
            try sampleFinding("f2", "2026-11-23T00:00:00Z"),
        ]
    }

    static let week = "2026-W47"

    /// What a real index that holds the runs tells of the week.
    static func activity(_ runs: [RunRecord]) throws -> RunActivity {
        let folder = FileManager.default.temporaryDirectory.appending(path: "accrue-runs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = try RiskIndex.open(path: folder.path + "/risk.sqlite", now: 0, readOnly: false)
        for run in runs { try index.add(run) }
        let week = try SummaryWeek(week, zone: .utc)
        return try index.runActivity(
            since: week.previous.startMicroseconds, start: week.startMicroseconds, end: week.endMicroseconds)
    }

    /// Something of everything that an index may know of a week.
    static func records() throws -> SummaryRecords {
        let runs = [
            RunRecord(
                timeMicroseconds: try microseconds("2026-11-16T06:00:00Z"), profile: "splunk",
                rules: [
                    .init(searchName: "ESCU - Odd <b> - Rule", problem: "fields are missing: `user`"),
                    .init(searchName: upload, lostByField: [.init(field: "user", count: 3)]),
                ],
                sources: [
                    .init(
                        sourcetype: "aws:cloudwatch|<i>", eventCount: 9,
                        firstMicroseconds: try microseconds("2026-11-12T00:00:00Z"),
                        lastMicroseconds: try microseconds("2026-11-16T05:59:00Z"))
                ]),
            RunRecord(
                timeMicroseconds: try microseconds("2026-11-23T06:00:00Z"), profile: "splunk",
                rules: [
                    .init(searchName: "ESCU - Odd <b> - Rule", problem: "fields are missing: `user`"),
                    .init(searchName: upload, lostByField: [.init(field: "user", count: 4)]),
                    .init(searchName: "ESCU - Never - Rule"),
                ],
                sources: [
                    .init(
                        sourcetype: "aws:cloudtrail", eventCount: 99,
                        firstMicroseconds: try microseconds("2026-11-16T06:00:00Z"),
                        lastMicroseconds: try microseconds("2026-11-23T05:59:00Z"))
                ]),
        ]
        return SummaryRecords(
            week: try SummaryWeek(week, zone: .utc),
            steps: [
                try step("f1", .opened, "threshold", "2026-11-18T22:00:00Z"),
                try step("f1", .updated, "new_rule", "2026-11-19T04:00:00Z"),
                try step("f1", .held, "slide_out", "2026-11-20T03:00:00Z", until: "2026-11-20T12:00:00Z", runs: 10),
            ],
            reviewed: [
                (
                    try sampleFinding("f0", "2026-11-11T10:00:00Z", entity: "carl"),
                    [
                        FindingReview(
                            timeMicroseconds: try microseconds("2026-11-21T09:30:00Z"), author: "<i>",
                            status: "closed", disposition: "false positive")
                    ]
                )
            ], runs: try activity(runs),
            suppressions: [
                Suppression(
                    kind: .threatObject, value: "198.51.100.7|<i>",
                    startMicroseconds: try microseconds("2026-11-01T00:00:00Z"), untilMicroseconds: nil, author: "kim",
                    reason: "our scanner")
            ])
    }

    static func step(
        _ finding: String, _ state: FindingState, _ reasonCode: String, _ time: String, until: String? = nil,
        runs: Int = 1
    ) throws -> FindingStep {
        var change = FindingChange(
            timeMicroseconds: try microseconds(time), state: state, reasonCode: reasonCode,
            reason: "because of \(reasonCode)", windowStartMicroseconds: 0, windowEndMicroseconds: 0, riskScore: 110,
            rawRiskScore: 110, countedRiskScore: 90, riskEventCount: 3, severity: "medium", sources: [], tactics: [],
            threatObjects: [])
        change.lastTimeMicroseconds = try microseconds(until ?? time)
        change.runCount = runs
        return FindingStep(
            findingKey: finding.padding(toLength: 64, withPad: "0", startingAt: 0), searchName: "Risk - R - Rule",
            title: "threshold exceeded for \(hostileName)", normalizedRiskObject: "amy", riskObjectType: "user",
            change: change)
    }

    /// With every part that an index may not know, ranked as the recommended profile counts.
    static func full() throws -> WeeklySummary {
        try makeSummary(try events(), findings: try findings(), records: try records(), profile: .recommended)
    }
}

/// The summary of an index that holds the events. Ids of the index follow the order of the events.
func makeSummary(
    _ events: [RiskEvent], findings: [Finding] = [], records: SummaryRecords = SummaryRecords(),
    profile: RiskProfile = .splunk, now: String = "2026-11-23T06:00:00Z", top: Int = 25
) throws -> WeeklySummary {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("accrue-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let index = try RiskIndex.open(path: folder.path + "/risk.sqlite", now: 0, readOnly: false)
    _ = try index.insert(events.map { Firing(key: $0.firingKey, events: [$0], contributing: []) })
    let week = try SummaryWeek(SampleWeeks.week, zone: .utc)
    let tally = try WeekScan.tally(index, dayStarts: week.dayStarts, profile: profile, detailCount: top)
    return WeeklySummary(
        week: week, tally: tally, findings: findings, records: records, now: try microseconds(now))
}

enum Golden {
    /// The stored text; `ACCRUE_UPDATE=1` stores `text` first.
    static func stored(_ name: String, replacing text: String) throws -> String {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../fixtures/reports/" + name).standardized
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try String(contentsOf: file, encoding: .utf8)
    }
}
