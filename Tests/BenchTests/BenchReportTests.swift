import Foundation
import Testing

@testable import Bench

@Suite struct BenchReportTests {
    @Test func theTextIsAligned() {
        #expect(
            report().text == """
                2 cores, Abacus 9000, Linux 6.1.0, DuckDB 2.0.1
                1000000 events, 1120000000 bytes, seed 1, 612 matched in 571 groups; same answers: yes
                best of 2 rounds; memory is at least the benchmark's own, 23 MB

                case    side               seconds  processor  events/s  MB/s  peak MB  all rounds
                seed    accrue run --once    0.500      0.900   2000000  2240      120  0.600 0.500
                seed    DuckDB 2.0.1         1.000          -   1000000  1120      900  1.000 1.250
                events  100000 events        0.100      0.150   1000000  1120       90  0.100
                events  1000000 events       1.049      2.000    953289  1068      100  1.049

                case    time of            over           ratio   aim  limit
                seed    accrue run --once  DuckDB 2.0.1    0.50     -   0.40
                events  1000000 events     100000 events  10.49  10.5      -

                seed: Polars is not installed; a script sets it up
                content: needs --content DIR

                """)
    }

    @Test func theJSONHasTheSameNumbers() throws {
        let text = report().json
        #expect(text.hasSuffix("\n") && text.split(separator: "\n").count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["versions"] as? [String: String] == ["DuckDB": "2.0.1"])
        let cases = try #require(object["cases"] as? [[String: Any]])
        #expect(cases.map { $0["case"] as? String } == ["seed", "events", "content"])
        let sides = try #require(cases[0]["sides"] as? [[String: Any]])
        #expect(sides[0]["seconds"] as? Double == 0.5)
        #expect(sides[0]["rounds"] as? [Double] == [0.6, 0.5])
        #expect(sides[1]["processor_seconds"] is NSNull)
        #expect(sides[1]["peak_bytes"] as? Int == 900_000_000)
        let ratios = try #require(cases[1]["ratios"] as? [[String: Any]])
        #expect(ratios[0]["aim"] as? Double == 10.5 && ratios[0]["limit"] is NSNull)
        #expect(object["failures"] as? [String] == report().failures)
    }

    @Test func limitsHoldForEveryRatioAndForNoneMissing() {
        #expect(report().failures == ["limit seed=0.40: accrue run --once takes 0.50 times DuckDB 2.0.1"])
        var other = report()
        other.limits = ["seed": 0.5, "events": 10.49]
        #expect(other.failures == [])
        other.limits = ["content": 2]
        #expect(other.failures == ["limit content=2.00: no ratio was measured"])
        other.limits = ["seed": 9]
        other.cases[0].ratios[0].value = .nan
        #expect(other.failures.count == 1)
    }

    @Test func numbersAreRounded() {
        #expect(decimal(0.0005, 3) == "0.001")
        #expect(decimal(1.996, 2) == "2.00")
        #expect(decimal(12.04, 1) == "12.0")
        #expect(decimal(-0.001, 2) == "0.00")
        #expect(decimal(-1.5, 0) == "-2")
        #expect(decimal(.nan, 2) == "nan")
    }

    private func report() -> BenchReport {
        func sample(_ seconds: Double, _ processor: Double?, _ megabytes: Int) -> Sample {
            Sample(seconds: seconds, processorSeconds: processor, peakBytes: megabytes * 1_000_000)
        }
        func side(_ title: String, _ events: Int, _ samples: [Sample]) -> BenchReport.Side {
            BenchReport.Side(title: title, eventCount: events, byteCount: events * 1_120, samples: samples)
        }
        return BenchReport(
            machine: Machine(coreCount: 2, processor: "Abacus 9000", system: "Linux 6.1.0"), seed: 1, roundCount: 2,
            data: BenchReport.Data(
                path: "/tmp/x.ndjson", eventCount: 1_000_000, byteCount: 1_120_000_000, matchedEventCount: 612,
                groupCount: 571),
            versions: [BenchReport.Version(name: "DuckDB", version: "2.0.1")],
            cases: [
                BenchReport.Case(
                    name: "seed",
                    sides: [
                        side("accrue run --once", 1_000_000, [sample(0.6, 1.1, 120), sample(0.5, 0.9, 110)]),
                        side("DuckDB 2.0.1", 1_000_000, [sample(1, nil, 800), sample(1.25, nil, 900)]),
                    ],
                    ratios: [BenchReport.Ratio(of: "accrue run --once", to: "DuckDB 2.0.1", value: 0.5)],
                    notes: ["Polars is not installed; a script sets it up"]),
                BenchReport.Case(
                    name: "events",
                    sides: [
                        side("100000 events", 100_000, [sample(0.1, 0.15, 90)]),
                        side("1000000 events", 1_000_000, [sample(1.049, 2, 100)]),
                    ],
                    ratios: [BenchReport.Ratio(of: "1000000 events", to: "100000 events", value: 10.49, aim: 10.5)],
                    notes: []),
                BenchReport.Case(name: "content", sides: [], ratios: [], notes: ["needs --content DIR"]),
            ],
            limits: ["seed": 0.4], ownPeakBytes: 23_400_000)
    }
}
