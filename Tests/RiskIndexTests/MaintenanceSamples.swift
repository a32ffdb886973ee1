import Foundation
import GRDB

@testable import RiskIndex

/// A key as the program makes them: 64 hex digits.
func hexKey(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits + String(repeating: "f", count: 56)
}

/// A risk event with a key of its own and a firing of its own.
func numberedEvent(
    _ number: Int, firing: Int? = nil, at timeMicroseconds: Int64? = nil, entity: String = "amy", score: Double = 20,
    threatObjects: [ThreatObject] = []
) -> RiskEvent {
    var event = sampleEvent(
        hexKey(number), firing: hexKey(firing ?? 1_000_000 + number),
        at: timeMicroseconds ?? Int64(number) * 1_000_000, entity: entity, score: score, threatObjects: threatObjects)
    event.riskMessage = "message \(number % 7)"
    return event
}

func numberedStoredEvent(_ number: Int, at timeMicroseconds: Int64? = 1) -> StoredEvent {
    sampleStoredEvent(hexKey(2_000_000 + number), at: timeMicroseconds, raw: Array("raw \(number)\n\0".utf8) + [0xFF])
}

func numberedFinding(_ number: Int, at timeMicroseconds: Int64, events: [Int]) -> FindingLife {
    var finding = sampleFinding(hexKey(3_000_000 + number), at: timeMicroseconds, riskEventKeys: events.map(hexKey))
    let opened = FindingChange(
        timeMicroseconds: timeMicroseconds, state: .opened, reasonCode: "threshold", reason: "above 100",
        windowStartMicroseconds: 0, windowEndMicroseconds: timeMicroseconds, riskScore: 120, rawRiskScore: 140,
        countedRiskScore: 120.5, riskEventCount: events.count, severity: "medium", sources: ["R1", "R \"2\""],
        tactics: ["TA0001"], threatObjects: [ThreatObject(value: "10.0.0.1", type: "ip_address")])
    var closed = opened
    closed.state = .closed
    closed.timeMicroseconds += 1_000_000
    closed.lastTimeMicroseconds = closed.timeMicroseconds
    finding.state = .closed
    finding.stateTimeMicroseconds = closed.timeMicroseconds
    return FindingLife(finding: finding, changes: [opened, closed])
}

extension RiskIndex {
    /// One of everything that an index can hold, odd texts among it.
    func fillWithEverything() throws {
        var events: [RiskEvent] = []
        for (number, text) in TextSurvivalTests.oddTexts.enumerated() {
            var event = numberedEvent(
                number, at: 1_700_000_000_000_000 + Int64(number % 3), entity: text, score: 0.1 * Double(number),
                threatObjects: [ThreatObject(value: text, type: "t"), ThreatObject(value: "z", type: text)])
            event.riskObject = "raw " + text
            event.riskMessage = text
            event.searchName = "rule " + text
            event.entityField = text
            event.analyticStories = [text]
            event.annotations = [Annotation(name: "mitre_attack", values: [text, "T1"])]
            event.fields = [ResultField(name: text, values: [text, ""], isNumber: number % 2 == 0)]
            event.entityZone = number % 4 == 0 ? "zone" : ""
            event.normalizationReason = text
            if number % 2 == 1 {
                event.windowStartMicroseconds = nil
                event.riskFactorAdd = 5
                event.riskFactorMult = 1.5
                event.calculatedRiskScore = (event.riskScore + 5) * 1.5
                event.riskFactorAddMatched = [text]
                event.riskFactorMultMatched = ["Admin user"]
            }
            events.append(event)
        }
        // Two events of one firing.
        events[1].firingKey = events[0].firingKey
        var firings: [Firing] = []
        for event in events {
            let stored = [numberedStoredEvent(firings.count % 5), numberedStoredEvent(100 + firings.count, at: nil)]
            if firings.last?.key == event.firingKey {
                firings[firings.count - 1].events.append(event)
            } else {
                firings.append(Firing(key: event.firingKey, events: [event], contributing: stored))
            }
        }
        _ = try insert(firings)
        _ = try write([
            numberedFinding(1, at: 1_700_000_000_000_002, events: [2, 0, 5]),
            numberedFinding(2, at: 1_700_000_100_000_000, events: [5]),
        ])
        try add(
            FindingReview(timeMicroseconds: 1_700_000_200_000_000, author: "o\"neil", status: "closed", note: "a\nb"),
            findingKey: hexKey(3_000_001))
        try add(
            Suppression(
                kind: .threatObject, value: "10.0.0.É", startMicroseconds: 5, untilMicroseconds: nil, author: "me",
                reason: "known"))
        try add(
            RunRecord(
                timeMicroseconds: 1_700_000_000_000_000, profile: "splunk",
                rules: [
                    RunRecord.Rule(
                        searchName: "R1", matchedEventCount: 3, rowCount: 2,
                        lostByField: [RunRecord.Lost(field: "user", count: 4)], problem: nil)
                ],
                sources: [
                    RunRecord.Source(
                        sourcetype: "aws:cloudtrail", eventCount: 9, firstMicroseconds: nil, lastMicroseconds: 8)
                ]))
        try pool.write {
            try $0.execute(sql: "INSERT INTO throttled_firing (rule_id, field_values, time) VALUES ('r', 'v', 7)")
        }
        _ = try adjust(
            ManualEntry(
                entity: "raw tab\tline\n\r", score: -3, note: "note \u{10}", author: "me",
                timeMicroseconds: 1_700_000_300_000_000), window: 0..<Int64.max)
        _ = try adjust(
            ManualEntry(
                entity: "raw 🦊", score: -2, note: "planned", author: "me", timeMicroseconds: 1_700_000_300_000_000,
                answeredIDPrefix: hexKey(11)), window: 0..<Int64.max)
    }

    func exported(
        start: Int64? = nil, end: Int64? = nil, withEvents: Bool = true
    ) throws -> String {
        var bytes: [UInt8] = []
        _ = try export(
            ExportOptions(startMicroseconds: start, endMicroseconds: end, includesStoredEvents: withEvents)
        ) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Parameter groupLines: how many lines a transaction takes.
    @discardableResult
    func importText(_ text: String, groupLines: Int = .max) throws -> ImportReport {
        let reader = ImportReader()
        var groups: [ImportGroup] = []
        var count = 0
        reader.beginInput(0)
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            Array(line).withUnsafeBytes { reader.read($0) }
            count += 1
            if count % groupLines == 0 { groups.append(reader.take()) }
        }
        if !reader.isEmpty { groups.append(reader.take()) }
        var rest = groups[...]
        var report = ImportReport()
        try importGroups(&report) { rest.popFirst() }
        return report
    }

    func failedChecks() throws -> [String] { try verify().filter { !$0.holds }.map(\.check.rawValue) }
}
