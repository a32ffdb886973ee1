import Formats
import Foundation
import Testing

@testable import Bench

@Suite struct AnswerTests {
    @Test func rowsAreReadFromRiskEventsSearchesAndPeers() throws {
        let names = """
            "signature":"PutImage","user":"u","user_agent":"a \\\\(b\\\\)","src":"1.2.3.4","vendor_account":"111122223333",\
            "vendor_region":"r","vendor_product":"AWS CloudTrail","repository":"x/y"
            """
        let row = row("u", count: 2, first: 1_794_787_502, last: 1_795_391_999)
        for tail in [
            #""count":2,"firstTime":1794787502,"lastTime":1795391999"#,
            #""count":"2","firstTime":"1794787502","lastTime":1795391999.0"#,
            #""count":2,"firstTime":"2026-11-16T00:05:02","lastTime":"2026-11-22T23:59:59""#,
        ] {
            #expect(SeedRow(try JSONValue.parse(Array("{\(names),\(tail)}".utf8))) == row)
        }
        let broken = SeedRow(try JSONValue.parse(Array(#"{"count":1.5,"firstTime":"soon"}"#.utf8)))
        #expect(broken.group.user == "(none)" && broken.count == -1 && broken.firstTime == -1)
    }

    @Test func equalRowsInAnyOrderDoNotDiffer() {
        let rows = [row("b"), row("a"), row("c")]
        #expect(Difference.ofRows("x", found: rows.reversed(), truth: rows) == nil)
        #expect(Difference.ofRows("x", found: [], truth: []) == nil)
    }

    @Test func theFirstDifferenceIsToldOnBothSides() {
        let truth = [row("a"), row("b"), row("c")]
        #expect(
            Difference.ofRows("DuckDB", found: [row("a"), row("b", count: 5), row("d")], truth: truth)?.description
                == """
                DuckDB: 3 groups, 3 expected; the first that differs:
                  expected: \(row("b"))
                  found:    \(row("b", count: 5))
                """)
        #expect(text([row("a"), row("c")], truth).hasSuffix("expected: \(row("b"))\n  found:    no such group"))
        #expect(
            text([row("a"), row("aa"), row("b"), row("c")], truth).hasSuffix("no such group\n  found:    \(row("aa"))"))
        #expect(text(truth + [row("c")], truth).hasSuffix("no such group\n  found:    \(row("c"))"))
        #expect(text([], truth).hasPrefix("0 groups, 3 expected"))
        #expect(
            row("a", count: 2).description
                == #"signature="PutImage" user="a" user_agent="a \(b\)" src="1.2.3.4" vendor_account="111122223333" "#
                + #"vendor_region="r" vendor_product="AWS CloudTrail" repository="x/y" count=2 firstTime=10 lastTime=20"#
        )
    }

    @Test func aRunIsHeldToTheTruth() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("accrue-run-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: path) }
        func event(_ user: String, object: String, threat: String = "1.2.3.4") -> String {
            """
            {"kind":"risk_event","search_name":"ESCU - \(SeedRule.name) - Rule","risk_object":"\(object)",\
            "threat_object":"\(threat)","signature":"PutImage","user":"\(user)","user_agent":"a \\\\(b\\\\)","src":"1.2.3.4",\
            "vendor_account":"111122223333","vendor_region":"r","vendor_product":"AWS CloudTrail","repository":"x/y",\
            "count":1,"firstTime":10,"lastTime":20}

            """
        }
        func differences(_ text: String, events: Int = 7) throws -> [String] {
            try Data((text + "{\"kind\":\"summary\",\"event_count\":\(events)}\n").utf8).write(to: path)
            var truth = SeedTruth()
            truth.eventCount = 7
            truth.rows = [row("a"), row("b")]
            return try SeedRule.differences(ofRun: path.path, truth: truth).map(\.text)
        }
        let whole = event("b", object: "b") + event("a", object: "a")
        #expect(try differences(whole) == [])
        #expect(try differences(whole + "{\"kind\":\"risk_event\",\"search_name\":\"Another\"}\n") == [])
        #expect(try differences(whole, events: 6) == ["6 events, 7 expected"])
        #expect(try differences(event("a", object: "a")).first?.hasPrefix("1 groups, 2 expected") == true)
        #expect(try differences(event("a", object: "a") + event("b", object: "c")).count == 1)
        #expect(try differences(event("a", object: "a", threat: "5") + event("b", object: "b")).count == 1)
    }

    @Test func everyDeclarationIsInItsTable() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/Bench").standardized
        for (folder, declaration) in [
            ("Cases", /enum (\w+): BenchCase\b/), ("Peers", /static let (\w+) = Peer\(/),
        ] {
            let files = try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)
            let texts = try files.map { try String(contentsOfFile: "\(root.path)/\(folder)/\($0)", encoding: .utf8) }
            let table = try #require(texts.first { $0.contains("static let all: [") })
            let declared = texts.flatMap { $0.matches(of: declaration).map { String($0.1) } }
            #expect(declared.count >= 3)
            for name in declared { #expect(table.contains(name), "\(name) is not in its table") }
        }
    }

    @Test func tablesAreSorted() {
        #expect(BenchCases.names == Set(BenchCases.names).sorted())
        let modules = Peers.all.map(\.module)
        #expect(modules == Set(modules).sorted())
    }

    private func text(_ found: [SeedRow], _ truth: [SeedRow]) -> String {
        Difference.ofRows("x", found: found, truth: truth)?.text ?? "no difference"
    }

    private func row(_ user: String, count: Int = 1, first: Int = 10, last: Int = 20) -> SeedRow {
        SeedRow(
            group: SeedRow.Group(
                signature: "PutImage", user: user, userAgent: "a \\(b\\)", source: "1.2.3.4", account: "111122223333",
                region: "r", product: "AWS CloudTrail", repository: "x/y"),
            count: count, firstTime: first, lastTime: last)
    }
}
