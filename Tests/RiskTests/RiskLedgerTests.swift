import Columns
import Foundation
import Risk
import Testing

@Suite struct RiskLedgerTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("fixtures/ledger")

    static let scripts = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".test") }.sorted()

    @Test func thereAreScripts() { #expect(Self.scripts.count >= 3) }

    /// Every fixtures/ledger/*.test is replayed and compared as text; ACCRUE_UPDATE=1 rewrites the files.
    @Test(arguments: scripts) func scriptHolds(_ name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: file, encoding: .utf8)
        let replayed = try LedgerScript(text).replayed()
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1", replayed != text {
            try replayed.write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(replayed == text)
        }
    }

    @Test(arguments: RandomHistory.profiles)
    func linesAddUp(_ profile: ScoringProfile) {
        var generator = SeededGenerator(seed: 7)
        for round in 0..<80 {
            let events = RandomHistory.events(round % 40, &generator)
            let ledger = RiskLedger(events, profile: profile)
            #expect(ledger.lines.count == events.count)
            var before = 0.0
            for (index, line) in ledger.lines.enumerated() {
                let soFar = ledger.lines[...index].map(\.event)
                // Each running sum is the profile's of the events so far, and each line the difference.
                #expect(isNear(line.runningCounted, ReferenceScore.counted(soFar, profile)))
                #expect(isNear(line.runningRaw, ReferenceScore.raw(soFar)))
                #expect(isNear(line.counted, line.runningCounted - before))
                // Whatever counts with another amount than its score says why.
                if line.counted != line.event.calculatedRiskScore {
                    #expect(!line.reasons.isEmpty, "\(profile.name), round \(round), line \(index)")
                }
                before = line.runningCounted
            }
            #expect(RiskLedger(events.shuffled(using: &generator), profile: profile) == ledger)
        }
    }

    @Test func underAPlainSumEveryEventCountsWithoutReason() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<50 {
            let ledger = RiskLedger(RandomHistory.events(30, &generator), profile: .splunk)
            #expect(ledger.lines.allSatisfy { $0.reasons.isEmpty && $0.counted == $0.event.calculatedRiskScore })
            #expect(ledger.raw == ledger.counted)
        }
    }

    @Test func scoresThatAreNoNumbersDoNotTrap() {
        let scores = [Double.nan, .infinity, -.infinity, 1e300, .leastNonzeroMagnitude]
        let events = scores.enumerated().map { index, score in
            LedgerEvent(
                timeMicroseconds: index.isMultiple(of: 2) ? .min : .max, key: UInt64(index), ruleIndex: .max,
                firing: UInt64(index), message: UInt64(index), riskScore: score, factorMultiply: score)
        }
        for profile in RandomHistory.profiles {
            let ledger = RiskLedger(events, profile: profile)
            #expect(ledger.raw.isFinite && ledger.counted.isFinite)
        }
    }

    @Test func parametersThatMakeNoSenseAreNamed() {
        #expect(ScoringProfile.recommended.fault == nil)
        #expect(ScoringProfile.tenMessages.fault == nil)
        for factor in [0.5, -1, .nan, .infinity] { #expect(ScoringProfile.capped(factor: factor).fault != nil) }
        var profile = ScoringProfile.tenMessages
        profile.messageLimit = 0
        #expect(profile.fault != nil)
    }
}
