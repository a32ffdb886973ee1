import Foundation
import GRDB
import Testing

@testable import RiskIndex

@Suite struct ExchangeTests {
    let folder: ScratchFolder
    let other: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
        other = try ScratchFolder()
    }

    @Test(arguments: [1, 7, Int.max]) func whatIsExportedComesBackWhole(groupLines: Int) throws {
        let index = try folder.openIndex()
        try index.fillWithEverything()
        let text = try index.exported()
        let copy = try other.openIndex()
        let report = try copy.importText(text, groupLines: groupLines)
        #expect(report.rejects.map { "\($0.reject.lineNumber): \($0.reject.reason)" } == [])
        #expect(report.count.newRiskEvents == TextSurvivalTests.oddTexts.count + 2)
        #expect(try copy.exported() == text)
        #expect(try copy.riskEvents(RiskEventQuery()) == index.riskEvents(RiskEventQuery()))
        #expect(try copy.lives(FindingQuery()) == index.lives(FindingQuery()))
        #expect(try copy.counts() == index.counts())
        #expect(try copy.runs(start: nil, end: nil) == index.runs(start: nil, end: nil))
        #expect(try copy.failedChecks() == [])
        #expect(try index.failedChecks() == [])
        for event in try index.riskEvents(RiskEventQuery()) {
            #expect(
                try copy.storedEvents(firingKey: event.firingKey) == index.storedEvents(firingKey: event.firingKey))
        }
        #expect(
            Set(text.split(separator: "\n").compactMap { $0.split(separator: "\"").dropFirst(3).first })
                .count == ExchangeKind.allCases.count)
    }

    @Test func importingAgainChangesNothing() throws {
        let index = try folder.openIndex()
        try index.fillWithEverything()
        let text = try index.exported()
        let report = try index.importText(text)
        #expect(report.count.newRiskEvents == 0 && report.count.newRecords == 0 && report.rejectCount == 0)
        #expect(try index.exported() == text)
    }

    /// Other writers put blanks between, other orders of members, and other escapes.
    @Test func theFormOfTheJSONDoesNotMatter() throws {
        let index = try folder.openIndex()
        try index.fillWithEverything()
        let text = try index.exported()
        let rewritten = try text.split(separator: "\n").map { line in
            // Foundation drops a byte order mark that begins a string.
            let plain = line.unicodeScalars.map { $0 == "\u{FEFF}" ? "<mark>" : String($0) }.joined()
            let object = try JSONSerialization.jsonObject(with: Data(plain.utf8))
            let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
            var json = String(decoding: data, as: UTF8.self)
            let changes: KeyValuePairs = [
                "\":": "\" : ", "É": "\\u00c9", "🦊": "\\ud83e\\uDD8A", "<mark>": "\\uFEFF",
            ]
            for (old, new) in changes { json = json.replacingOccurrences(of: old, with: new, options: .literal) }
            return json + "\r"
        }
        #expect(rewritten.contains { $0.contains("\\/") } && rewritten.contains { $0.contains("\\ud83e") })
        let copy = try other.openIndex()
        let report = try copy.importText(rewritten.joined(separator: "\n"))
        #expect(report.rejects.map { "\($0.reject.lineNumber): \($0.reject.reason)" } == [])
        let lines = try copy.exported().utf8.split(separator: UInt8(ascii: "\n"))
        for (line, expected) in zip(lines, text.utf8.split(separator: UInt8(ascii: "\n"))) {
            #expect(line.elementsEqual(expected), "\(String(line) ?? "") is not \(String(expected) ?? "")")
        }
        #expect(lines.count == text.utf8.count { $0 == UInt8(ascii: "\n") })
    }

    @Test func theOrderInWhichEventsCameInDoesNotShow() throws {
        let firings = (0..<50).map { sampleFiring(numberedEvent($0, at: Int64($0 / 10))) }
        let index = try folder.openIndex()
        let copy = try other.openIndex()
        _ = try index.insert(firings)
        _ = try copy.insert(firings.reversed())
        #expect(try index.exported() == copy.exported())
    }

    @Test func aRangeTakesAlongWhatItsFindingsAndEntriesName() throws {
        let index = try folder.openIndex()
        _ = try index.insert((0..<10).map { sampleFiring(numberedEvent($0), contributing: [numberedStoredEvent($0)]) })
        _ = try index.write([numberedFinding(1, at: 6_000_000, events: [1, 5])])
        _ = try index.adjust(
            ManualEntry(
                entity: "amy", score: -1, note: "n", author: "a", timeMicroseconds: 6_500_000,
                answeredIDPrefix: hexKey(2)), window: 0..<Int64.max)
        let text = try index.exported(start: 6_000_000, end: 8_000_000)
        let copy = try other.openIndex()
        #expect(try copy.importText(text).rejectCount == 0)
        let times = try copy.riskEvents(RiskEventQuery()).map(\.timeMicroseconds)
        #expect(times == [1_000_000, 2_000_000, 5_000_000, 6_000_000, 6_500_000, 7_000_000])
        #expect(try copy.finding(idPrefix: hexKey(3_000_001))?.riskEventKeys == [hexKey(1), hexKey(5)])
        #expect(try copy.counts().storedEvents == 5)
        #expect(try copy.failedChecks() == [])
        #expect(try index.exported(start: 20_000_000).split(separator: "\n").count == 1)
    }

    @Test func aNameThatTheIndexKnowsStaysWithItsEntity() throws {
        let index = try folder.openIndex()
        _ = try index.insert([sampleFiring(numberedEvent(1, entity: "amy"))])
        let copy = try other.openIndex()
        var event = numberedEvent(2, entity: "amelia")
        event.riskObject = "amy"
        _ = try copy.insert([sampleFiring(event)])
        let report = try copy.importText(try index.exported())
        #expect(report.count.keptNames == 1)
        #expect(try copy.riskEvents(RiskEventQuery()).map(\.normalizedRiskObject) == ["amelia", "amelia"])
    }

    @Test func aFindingOnlyMovesForward() throws {
        let index = try folder.openIndex()
        _ = try index.insert((0..<5).map { sampleFiring(numberedEvent($0)) })
        var life = numberedFinding(1, at: 6_000_000, events: [0, 1])
        let later = try { () throws -> String in
            _ = try index.write([life])
            return try index.exported()
        }()
        life.changes.removeLast()
        life.finding.state = .opened
        life.finding.stateTimeMicroseconds = 6_000_000
        life.finding.riskEventKeys = [hexKey(3), hexKey(0)]
        let copy = try other.openIndex()
        _ = try copy.insert((0..<5).map { sampleFiring(numberedEvent($0)) })
        _ = try copy.write([life])
        let earlier = try copy.exported()
        try copy.importText(later)
        let merged = try #require(try copy.lives(FindingQuery()).first)
        #expect(merged.changes.count == 2 && merged.finding.state == .closed)
        #expect(merged.finding.riskEventKeys == [hexKey(3), hexKey(0), hexKey(1)])
        let before = try copy.exported()
        #expect(try copy.importText(earlier).count.newRecords == 0)
        #expect(try copy.exported() == before)
        #expect(try copy.failedChecks() == [])
    }

    @Test func onlyWhatAnEventNeedsMustBeThere() throws {
        let index = try folder.openIndex()
        let line = """
            {"kind":"risk_event","key":"\(hexKey(1))","firing":"\(hexKey(2))","time_us":5,"search_name":"R",\
            "risk_object":"Amy","risk_object_type":"user","risk_score":2e1,"info_max_time_us":null}
            """
        #expect(try index.importText(line).rejectCount == 0)
        let event = try #require(try index.riskEvents(RiskEventQuery()).first)
        #expect(event.calculatedRiskScore == 20 && event.normalizedRiskObject == "Amy" && event.riskFactorMult == 1)
        #expect(event.searchTimeMicroseconds == 5 && event.windowStartMicroseconds == nil && event.fields.isEmpty)
        #expect(try index.failedChecks() == [])
    }

    @Test func columnsThatAMigrationAddsTravelToo() throws {
        let index = try folder.openIndex()
        let copy = try other.openIndex()
        try index.fillWithEverything()
        for each in [index, copy] {
            try each.pool.write {
                try $0.execute(sql: "ALTER TABLE run_rule ADD COLUMN new_count INTEGER NOT NULL DEFAULT 3")
            }
        }
        let before = try index.exported()
        try index.pool.write { try $0.execute(sql: "UPDATE run_rule SET new_count = 9") }
        let text = try index.exported()
        #expect(text.contains(#""new_count":9"#))
        #expect(try copy.importText(text).rejectCount == 0)
        #expect(try copy.exported() == text)
        // Lines of before the column take its default.
        let thirdFolder = try ScratchFolder()
        let third = try thirdFolder.openIndex()
        try third.pool.write {
            try $0.execute(sql: "ALTER TABLE run_rule ADD COLUMN new_count INTEGER NOT NULL DEFAULT 3")
        }
        #expect(try third.importText(before.replacingOccurrences(of: #","new_count":3"#, with: "")).rejectCount == 0)
        #expect(try third.exported() == before)
    }
}
