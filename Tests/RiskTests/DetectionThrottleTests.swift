import Columns
import Content
import Risk
import RiskIndex
import Testing

@Suite struct DetectionThrottleTests {
    private static let hour: Int64 = 3_600_000_000

    private func detection(fields: String = "[user, src]", period: String = "3h") throws -> Detection {
        var loader = ContentLoader()
        loader.add(
            file: "rule.yml",
            text: """
                name: A Rule
                id: 11111111-2222-3333-4444-555555555555
                version: 3
                date: '2025-01-01'
                author: Accrue
                status: production
                type: Anomaly
                description: A rule of a test.
                data_source: []
                search: '`cloudtrail` | stats count by user src'
                how_to_implement: It is there.
                known_false_positives: None.
                references: []
                rba:
                  message: seen $user$
                  risk_objects: [{field: user, type: user, score: 20}]
                  threat_objects: []
                tags:
                  analytic_story: [Dev Sec Ops]
                  asset_type: AWS Account
                  product: [Splunk Enterprise]
                  security_domain: network
                  throttling: {fields: \(fields), period: \(period)}
                """)
        return try #require(loader.catalog().detections.first)
    }

    private func run(_ hours: Int64?) -> DetectionRun {
        DetectionRun(
            windowStartMicroseconds: hours.map { ($0 - 1) * Self.hour },
            windowEndMicroseconds: hours.map { $0 * Self.hour },
            tickMicroseconds: hours.map { $0 * Self.hour }, nowMicroseconds: 1_000 * Self.hour)
    }

    private func batch(_ rows: [(user: Value, src: Value, n: Int)]) -> Batch {
        var batch = Batch(rowCount: rows.count)
        batch.set("user", Column(rows.map(\.user)))
        batch.set("src", Column(rows.map(\.src)))
        batch.set("n", Column(rows.map { .number(Double($0.n)) }))
        return batch
    }

    private func throttle(
        _ known: [ThrottleStart] = [], fields: String = "[user, src]", period: String = "3h"
    ) throws -> DetectionThrottle {
        try #require(try throttle(of: detection(fields: fields, period: period), known))
    }

    private func throttle(of detection: Detection, _ known: [ThrottleStart]) throws -> DetectionThrottle? {
        let tactics = "tactic_id,tactic,kill_chain_phase,attack_version\nTA0002,execution,Installation,17.0\n"
        let techniques = "technique_id,technique,tactic_ids\nT1204.003,Malicious Image,TA0002\n"
        let scoring = RiskScoring(
            matrix: try AttackMatrix(tactics: ("tactics.csv", tactics), techniques: ("techniques.csv", techniques)),
            resolver: EntityLists().resolver, factors: try RiskFactorSet([]))
        let builder = RiskEventBuilder(detection, rowKey: nil, scoring: scoring)
        return DetectionThrottle(detection, rowKey: nil, builder: builder, known: { known })
    }

    /// One row of amy's in each of these hours; the hours in which it is not held back.
    private func firing(_ throttle: inout DetectionThrottle, _ hours: [Int64]) -> ([Int64], [ThrottleStart]) {
        var fired: [Int64] = []
        var starts: [ThrottleStart] = []
        for hour in hours {
            let rows = batch([(.text("amy"), .text("192.0.2.1"), 1)])
            let admission = throttle.admit(rows, run: run(hour)) { _ in 0 }
            #expect(admission.rows.rowCount + admission.heldBackCount == 1)
            if admission.rows.rowCount == 1 { fired.append(hour) }
            starts += admission.starts
        }
        return (fired, starts)
    }

    @Test func aRuleWithoutThrottlingHasNone() throws {
        var plain = try detection()
        plain.throttling = nil
        #expect(try throttle(of: plain, []) == nil)
    }

    @Test func thePeriodIsHalfOpen() throws {
        var throttle = try throttle()
        #expect(firing(&throttle, [1, 2, 3, 4, 5, 8, 11]).0 == [1, 4, 8, 11])
    }

    @Test func runningAgainIsTheSame() throws {
        var first = try throttle()
        let (fired, starts) = firing(&first, [1, 2, 3, 4, 5, 6, 7])
        #expect(fired == [1, 4, 7])
        for known in [starts, Array(starts.reversed())] {
            var again = try throttle(known)
            let (firedAgain, newStarts) = firing(&again, [1, 2, 3, 4, 5, 6, 7])
            #expect(firedAgain == fired)
            #expect(newStarts.isEmpty)
        }
        // What a killed run leaves is a beginning.
        var after = try throttle(Array(starts.prefix(1)))
        #expect(firing(&after, [1, 2, 3, 4, 5, 6, 7]).0 == fired)
    }

    @Test func aLateRowDoesNotFireBesideAKnownOne() throws {
        var first = try throttle()
        let starts = firing(&first, [10]).1
        var late = try throttle(starts)
        #expect(firing(&late, [7, 8, 10, 11, 12, 13]).0 == [7, 10, 13])
    }

    @Test func tuplesAreSilencedOneByOneAndFieldsDoNotRunTogether() throws {
        var throttle = try throttle()
        let rows: [(Value, Value, Int)] = [
            (.text("amy"), .text("a"), 1), (.text("amy"), .text("b"), 2), (.text("amy"), .text("a"), 3),
            (.text("amya"), .text(""), 4), (.list([.text("amy"), .text("a")]), .text("a"), 5),
            (.text("AMY"), .text("a"), 6),
        ]
        let admission = throttle.admit(batch(rows), run: run(1)) { _ in 0 }
        #expect((0..<admission.rows.rowCount).map { admission.rows["n", $0].numeric } == [1, 2, 4, 5, 6])
        #expect(admission.heldBackCount == 1)
        #expect(admission.starts.count == 5)
        #expect(admission.starts.first?.values == [["amy"], ["a"]])
    }

    @Test func aRowWithoutAFieldIsNotHeldBackAndSilencesNobody() throws {
        var throttle = try throttle()
        let rows: [(Value, Value, Int)] = [
            (.text("amy"), .null, 1), (.text("amy"), .null, 2), (.text("amy"), .text("a"), 3),
        ]
        let admission = throttle.admit(batch(rows), run: run(1)) { _ in 0 }
        #expect(admission.rows.rowCount == 3)
        #expect(admission.starts.count == 1)
    }

    @Test func aRowWithoutAnEntityIsLostNotHeldBack() throws {
        var throttle = try throttle(fields: "[src]")
        let rows: [(Value, Value, Int)] = [
            (.null, .text("a"), 1), (.text(""), .text("a"), 2), (.text("-"), .text("a"), 3),
            (.text("amy"), .text("a"), 4),
        ]
        let admission = throttle.admit(batch(rows), run: run(1)) { _ in 0 }
        #expect(admission.rows.rowCount == 4)
        #expect(admission.starts.count == 1)
        #expect(admission.heldBackCount == 0)
    }

    @Test func withoutAScheduleRowsAreLookedAtByTheirOwnTime() throws {
        var throttle = try throttle()
        let rows: [(Value, Value, Int)] = [4, 1, 2, 9].map { (.text("amy"), .text("a"), $0) }
        let admission = throttle.admit(batch(rows), run: run(nil)) { Int64([4, 1, 2, 9][$0]) * Self.hour }
        #expect((0..<admission.rows.rowCount).map { admission.rows["n", $0].numeric } == [4, 1, 9])
        #expect(admission.starts.map(\.timeMicroseconds) == [1, 4, 9].map { $0 * Self.hour })
    }

    @Test func timesAtTheEndsOfInt64AndEndlessPeriodsDoNotTrap() throws {
        var throttle = try throttle(period: "9000000000000000s")
        let rows: [(Value, Value, Int)] = (0..<3).map { (.text("amy"), .text("a"), $0) }
        let admission = throttle.admit(batch(rows), run: run(nil)) { [Int64.min, 0, .max][$0] }
        #expect(admission.rows.rowCount >= 1)
    }
}
