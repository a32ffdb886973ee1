import Engine
import Foundation
import Ingest
import RiskIndex
import Testing

@testable import Reports

/// What `accrue fields` says over fixtures/fields.
@Suite struct FieldsReportTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "fixtures/fields")

    private func report(threadCount: Int = 2, copies: Int = 1) throws -> FieldsReport {
        let content = try LoadedContent(path: ContentSearchPath(folders: [Self.folder.path]))
        let inputs = [InputSpec](
            repeating: InputSpec(path: Self.folder.appending(path: "events.ndjson").path), count: copies)
        return try FieldsJob(inputs: inputs, nowMicroseconds: 1_795_100_000_000_000, threadCount: threadCount)
            .run(content)
    }

    @Test func theReportIsAsStored() throws {
        let report = try report()
        let text = report.text() + "\n--detections\n\n" + report.text(listsReaders: true)
        let file = Self.folder.appending(path: "expected.txt")
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" { try Data(text.utf8).write(to: file) }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func threadsAndChunksDoNotShow() throws {
        let one = try report(threadCount: 1, copies: 12)
        let many = try report(threadCount: 8, copies: 12)
        #expect(one.text(listsReaders: true) == many.text(listsReaders: true))
        #expect(one.rows == many.rows)
        let once = try report()
        for (sourcetype, single) in zip(one.sourcetypes, once.sourcetypes) {
            #expect(sourcetype.fields.map(\.example) == single.fields.map(\.example))
            #expect(sourcetype.fields.map(\.eventCount) == single.fields.map { 12 * $0.eventCount })
        }
    }

    @Test func rowsHaveTheWholeLists() throws {
        let rows = try report().rows.map { row in
            Dictionary(uniqueKeysWithValues: row.map { ($0.name, $0.values) })
        }
        let user = try #require(rows.first { $0["sourcetype"] == ["shop:order"] && $0["field"] == ["user"] })
        #expect(user["event_count"] == ["2"])
        #expect(user["sourcetype_event_count"] == ["4"])
        #expect(user["made_by"] == ["shop/default/props.conf:3 FIELDALIAS-who"])
        let refusals = try #require(rows.first { $0["dataset"] == ["Shop.Refusals"] })
        #expect(refusals["served"] == ["action"])
        #expect(refusals["missing"] == ["basket", "dest", "reason", "user"])
        let coupons = try #require(rows.first { $0["rule"] == ["Coupons"] && $0["sourcetype"] == ["shop:order"] })
        #expect(coupons["unfilled"] == ["coupon"])
        #expect(
            !rows.contains { $0["rule"] == ["Elsewhere"] || $0["rule"] == ["Broken"] || $0["rule"] == ["Anything"] })
        #expect(rows.last?["unbound_detections"] == ["Anything"])
        #expect(rows.last?["uncompiled_detection_count"] == ["1"])
    }
}
