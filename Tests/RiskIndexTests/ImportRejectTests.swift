import Foundation
import Testing

@testable import RiskIndex

/// A bad line costs that line, and says why.
@Suite struct ImportRejectTests {
    let folder: ScratchFolder
    let index: RiskIndex

    init() throws {
        folder = try ScratchFolder()
        index = try folder.openIndex()
    }

    /// A good event's line with a member replaced, or added, or taken away with nil.
    private static func line(_ number: Int = 1, _ changes: KeyValuePairs<String, String?> = [:]) -> String {
        var members: [(String, String)] = [
            ("kind", #""risk_event""#), ("key", "\"\(hexKey(number))\""), ("firing", "\"\(hexKey(50))\""),
            ("time_us", "5"), ("search_name", #""R""#), ("risk_object", #""amy""#),
            ("risk_object_type", #""user""#), ("risk_score", "20"),
        ]
        for (name, value) in changes {
            members.removeAll { $0.0 == name }
            if let value { members.append((name, value)) }
        }
        return "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    private func rejected(_ line: String) throws -> ImportReject? {
        let text = [Self.line(1), line, Self.line(2)].joined(separator: "\n")
        let report = try index.importText(text)
        #expect(try index.riskEvents(RiskEventQuery()).map(\.key) == [hexKey(1), hexKey(2)], "\(line)")
        #expect(report.rejectCount == 1 && report.rejects.first?.reject.lineNumber == 2, "\(line)")
        #expect(try index.failedChecks().isEmpty, "\(line)")
        return report.rejects.first?.reject
    }

    @Test(arguments: [
        "{", "[]", "null", "17", "\"text\"", "not json", "{}}", "{\"kind\":\"risk_event\"", "{\"a\":\u{1}}",
        String(repeating: "[", count: 5_000), #"{"kind":"risk_event","risk_score":NaN}"#,
    ])
    func whatIsNoObjectIsTold(line: String) throws {
        #expect(try rejected(line)?.code == .notAnObject)
    }

    @Test func unknownKindsAreTold() throws {
        #expect(try rejected(#"{"kind":"weather"}"#)?.code == .unknownKind)
        #expect(try rejected(#"{"kind":5}"#)?.code == .badMember)
        #expect(try rejected("{}")?.code == .badMember)
        #expect(try rejected(#"{"kind":"accrue_index","version":2}"#)?.code == .newerVersion)
    }

    static let badMembers: [KeyValuePairs<String, String?>] = [
        ["key": nil], ["key": "\"abc\""], ["key": "\"\(hexKey(1).uppercased())\""], ["key": "7"], ["firing": nil],
        ["time_us": nil], ["time_us": "1.5"], ["time_us": "\"5\""], ["time_us": "9223372036854775807"],
        ["time_us": "99999999999999999999"], ["info_min_time_us": "-9e9"], ["search_name": nil],
        ["search_name": "5"], ["risk_object": "null"], ["risk_object_type": "[]"], ["risk_score": nil],
        ["risk_factors": "[[\"a\"]]"], ["risk_factors": "{}"], ["fields": "[[\"name\"]]"], ["fields": "[5]"],
        ["fields": "[[\"a\",\"text\",5]]"], ["fields": "[\"a\"]"], ["threat_objects": "[[\"v\"]]"],
        ["threat_objects": "[[\"v\",\"t\",\"x\"]]"], ["threat_objects": "\"v\""], ["analyticstories": "[[\"a\"]]"],
        ["annotations": "[[]]"], ["contributing_event_count": "-1"], ["contributing_event_count": "1e3"],
        ["rule_version": "\"3\""], ["rule_version": "99999999999"], ["surprise": "1"],
        ["risk_factor_mult": "2", "calculated_risk_score": "41"],
    ]

    @Test(arguments: badMembers.indices) func membersThatDoNotFitAreNamed(number: Int) throws {
        let changes = Self.badMembers[number]
        let reject = try rejected(Self.line(3, changes))
        #expect(reject?.code == .badMember)
        let name = changes.count == 1 ? changes[0].key : "calculated_risk_score"
        #expect(reject?.reason.contains("'\(name)'") == true, "\(reject?.reason ?? "")")
    }

    @Test(arguments: ["1e999", "-1e400", "\"20\"", "\"inf\"", "true", "[]"])
    func scoresThatAreNoFiniteNumbersAreTold(score: String) throws {
        #expect(try rejected(Self.line(3, ["risk_score": score]))?.code == .notFinite)
        #expect(try rejected(Self.line(3, ["calculated_risk_score": score]))?.code == .notFinite)
    }

    @Test func aSumBeyondAllNumbersIsNoScore() throws {
        let changes: KeyValuePairs<String, String?> = ["risk_score": "1e308", "risk_factor_mult": "1e308"]
        #expect(try rejected(Self.line(3, changes))?.code == .notFinite)
    }

    @Test func aMemberTwiceIsNotGuessed() throws {
        let twice = Self.line(3).dropLast() + #","risk_score":30}"#
        #expect(try rejected(String(twice))?.reason == "'risk_score' comes twice")
    }

    @Test func longLinesAreNotHeld() throws {
        let long = Self.line(3, ["risk_message": "\"" + String(repeating: "x", count: 16 << 20) + "\""])
        #expect(try rejected(long)?.code == .tooLong)
    }

    @Test(arguments: [
        #"{"kind":"adjustment","risk_event":"K","author":"a","note":"n"}"#,
        #"{"kind":"adjustment","risk_event":"1","answered":"K","author":"a","note":"n"}"#,
        #"{"kind":"finding_change","finding":"K"}"#, #"{"kind":"finding_risk_events","finding":"K","risk_events":[]}"#,
        #"{"kind":"run_rule","run":"K","search_name":"s"}"#,
        #"{"kind":"stored_event","key":"K","sourcetype":"","source":"","host":"","index":"","raw":"","firings":["K"]}"#,
    ])
    func whatIsNamedMustBeThere(line: String) throws {
        let text = line.replacingOccurrences(of: "\"K\"", with: "\"\(hexKey(77))\"")
            .replacingOccurrences(of: "\"1\"", with: "\"\(hexKey(1))\"")
        #expect(try rejected(text)?.code == .missingRecord)
        #expect(try index.counts().storedEvents == 0)
    }

    @Test func rowsThatBreakTheSchemaCostTheirLineOnly() throws {
        _ = try index.insert([sampleFiring(numberedEvent(9, at: 900))])
        _ = try index.write([numberedFinding(1, at: 6_000_000, events: [9])])
        let good = try index.exported().split(separator: "\n").first { $0.contains("finding_change") }
        let bad = try #require(good).replacingOccurrences(of: #""state":"opened""#, with: #""state":"lost""#)
            .replacingOccurrences(of: #""position":0"#, with: #""position":5"#)
        let report = try index.importText(bad + "\n" + Self.line(1))
        #expect(report.rejects.first?.reject.reason.hasPrefix("breaks a rule of the schema") == true)
        #expect(report.count.newRiskEvents == 1)
        let missing = try index.importText(#"{"kind":"suppression","key":"\#(hexKey(4))"}"#)
        #expect(missing.rejects.first?.reject.reason == "'kind' is missing" || missing.rejectCount == 1)
    }

    @Test func hostileTextsComeInAsTheyAre() throws {
        let texts = [#"\u0000"#, #"\ud800"#, #"\udc00x"#, #"\u0010"#, #"\ud83e\udd8a"#, #"a\/b"#]
        let expected = ["\0", "\u{FFFD}", "\u{FFFD}x", "\u{10}", "🦊", "a/b"]
        for (number, text) in texts.enumerated() {
            let line = Self.line(
                number + 1,
                [
                    "risk_object": "\"\(text)\"", "risk_message": "\"\(text)\"", "fields": "[[\"\(text)\",\"text\"]]",
                    "time_us": "\(number)",
                ])
            #expect(try index.importText(line).rejectCount == 0)
        }
        let events = try index.riskEvents(RiskEventQuery())
        #expect(events.map { Array($0.riskObject.utf8) } == expected.map { Array($0.utf8) })
        #expect(events.map { Array($0.riskMessage.utf8) } == expected.map { Array($0.utf8) })
        #expect(events.map { Array($0.fields[0].name.utf8) } == expected.map { Array($0.utf8) })
        #expect(try index.failedChecks() == [])
    }

    @Test func rejectsBeyondAThousandAreCounted() throws {
        let report = try index.importText(String(repeating: "x\n", count: 1_500))
        #expect(report.rejectCount == 1_500 && report.rejects.count == 1_000)
    }
}
