import Columns
import Foundation
import Risk
import RiskIndex
import Testing

/// Edited columns against edited records of the same index.
@Suite struct RiskEditsTests {
    private func event(_ number: Int, rule: String, score: Double, add: Double = 0, multiply: Double = 1) -> RiskEvent {
        let digits = String(number, radix: 16)
        var event = RiskEvent(
            key: String(repeating: "0", count: 8 - digits.count) + digits + String(repeating: "a", count: 56),
            firingKey: "f\(number)", timeMicroseconds: Int64(number) * 1_000_000, windowStartMicroseconds: nil,
            windowEndMicroseconds: nil, searchTimeMicroseconds: 0, searchName: rule, ruleID: rule, ruleVersion: 1,
            entityField: "user", riskObject: "amy", riskObjectType: "user", normalizedRiskObject: "amy",
            riskScore: score, calculatedRiskScore: (score + add) * multiply, riskMessage: "m\(number % 3)",
            threatObjects: number % 2 == 0 ? [ThreatObject(value: "t\(number)", type: "url")] : [],
            analyticStories: [], annotations: [], attackVersion: "1", contributingEventCount: 1, fields: [])
        event.riskFactorAdd = add
        event.riskFactorMult = multiply
        if add != 0 { event.riskFactorAddMatched = ["plus"] }
        if multiply != 1 { event.riskFactorMultMatched = ["times"] }
        return event
    }

    private var events: [RiskEvent] {
        (0..<40).map { number in
            event(
                number, rule: ["ESCU - A - Rule", "ESCU - a\u{301} - Rule", "ESCU - \u{e1} - Rule"][number % 3],
                score: Double(number), add: number % 4 == 0 ? 5 : 0, multiply: number % 5 == 0 ? 1.5 : 1)
        }
    }

    private func withIndex(_ body: (RiskIndex) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("edits-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let index = try RiskIndex.open(path: folder.path + "/risk.sqlite", now: 0, readOnly: false)
        _ = try index.insert(events.map { Firing(key: $0.firingKey, events: [$0], contributing: []) })
        try body(index)
    }

    /// What a row and a record say, in the same words.
    private func check(_ edits: RiskEdits) throws {
        try withIndex { index in
            var records: [[String]] = []
            for var event in try index.riskEvents(RiskEventQuery()) where edits.apply(to: &event) {
                records.append([
                    event.key, event.searchName, String(event.riskScore), String(event.calculatedRiskScore),
                    String(event.riskFactorAdd), String(event.riskFactorMult),
                    event.riskFactorAddMatched.joined(separator: ","),
                    event.riskFactorMultMatched.joined(separator: ","), event.riskMessage,
                    event.threatObjects.map(\.value).joined(separator: ","),
                ])
            }
            var columns = try index.riskColumns(
                RiskEventQuery(), edits.parts(for: [.scores, .keys, .messages, .threatObjects]))
            let dimensions = try index.riskDimensions()
            edits.apply(to: &columns, dimensions)
            let rows = (0..<columns.count).map { row -> [String] in
                let lists = columns.factorLists[Int(columns.factorIDs[row])]
                return [
                    columns.keys[row], dimensions.rule(Int(columns.rules[row]))?.searchName ?? "",
                    String(columns.riskScores[row]), String(columns.calculatedRiskScores[row]),
                    String(columns.riskFactorAdds[row]), String(columns.riskFactorMults[row]),
                    lists.additions.joined(separator: ","), lists.multiplications.joined(separator: ","),
                    columns.messages[Int(columns.messageIDs[row])],
                    columns.threatLists[Int(columns.threatListIDs[row])].map {
                        dimensions.threatObject(Int($0))?.value ?? ""
                    }.joined(separator: ","),
                ]
            }
            #expect(rows == records)
            #expect(!rows.isEmpty)
        }
    }

    @Test func nothingIsEditedByNoEdits() throws {
        #expect(RiskEdits().isEmpty)
        try check(RiskEdits())
        var event = events[20]
        #expect(RiskEdits().apply(to: &event))
        #expect(event == events[20])
    }

    @Test func scoresGoBeforeStoredFactors() throws {
        let edits = RiskEdits(scores: ["ESCU - A - Rule": .fixed(40), "ESCU - a\u{301} - Rule": .scaled(0.5)])
        try check(edits)
        // 60 is of rule A, with both factors.
        var event = event(60, rule: "ESCU - A - Rule", score: 60, add: 5, multiply: 1.5)
        #expect(edits.apply(to: &event))
        #expect(event.riskScore == 40)
        #expect(event.calculatedRiskScore == 67.5)
        // The same letters, composed, are another rule.
        var other = self.event(2, rule: "ESCU - \u{e1} - Rule", score: 9)
        #expect(edits.apply(to: &other))
        #expect(other.calculatedRiskScore == 9)
    }

    @Test func rulesAndFactorsAreLeftOutOrReplaced() throws {
        var edits = RiskEdits(
            scores: ["ESCU - A - Rule": .scaled(2)], removedRules: ["ESCU - \u{e1} - Rule"])
        var outcome = RiskFactorOutcome()
        outcome.additions = [.init(name: "new", amount: 7)]
        outcome.multipliers = [.init(name: "three", amount: 3)]
        for event in events where event.timeMicroseconds % 2_000_000 == 0 {
            edits.set(RiskEdits.Factors(outcome), of: event)
        }
        edits.set(RiskEdits.Factors(RiskFactorOutcome()), of: events[15])
        try check(edits)
        var event = events[6]
        #expect(edits.apply(to: &event))
        #expect(event.calculatedRiskScore == (12 + 7) * 3)
        var plain = events[15]
        #expect(edits.apply(to: &plain))
        #expect(plain.calculatedRiskScore == 30 && plain.riskFactorMultMatched.isEmpty)
        var gone = events[2]
        #expect(!edits.apply(to: &gone))
    }
}
