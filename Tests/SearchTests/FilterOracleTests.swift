import Columns
import Formats
import Foundation
import SPL
import Search
import Testing

/// Which events a filter selects, where the material is at hand (../shared/oracles/filters.jsonl over
/// ../shared/data/evtx_attack_samples): exact for filters without NOT, at least the listed ones for the others.
@Suite struct FilterOracleTests {
    private static let shared: URL = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return ProcessInfo.processInfo.environment["ACCRUE_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? root.deletingLastPathComponent().appendingPathComponent("shared")
    }()

    private static var filters: [[String: Any]] {
        let path = shared.appendingPathComponent("oracles/filters.jsonl")
        guard let text = try? String(contentsOf: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// Filters whose listed answer is not Splunk's, and why: docs/decisions/0007.
    private static let exceptions: [String: String] = [
        "0dba975d-a193-4ed1-a067-424df57570d1": "Initiated is the text true in two events",
        "08249dc0-a28d-4555-8ba5-9255a198e08c": "Initiated is the text true in one event",
        "2d3cdeec-c0db-45b4-aa86-082f7eb75701": "an asterisk cannot be escaped",
        "17f0c0a8-8bd5-4ee0-8c5f-a342c0199f35": "search OR",
        "40aa399c-7b02-4715-8e5f-73572b493f33": "search OR",
        "a0d7e4d2-bede-4141-8896-bc6e237e977c": "search OR",
        "b730a276-6b63-41b8-bcf8-55930c8fc6ee": "search OR",
        "cb9cc1d1-e84e-4bdc-b7ad-c31b1b7908ec": "search OR",
    ]

    @Test(.enabled(if: !FilterOracleTests.filters.isEmpty)) func filtersSelectTheListedEvents() throws {
        let events = try Self.events()
        var exact = 0
        var atLeast = 0
        for filter in Self.filters {
            let text = filter["spl"] as? String ?? ""
            let id = filter["rule_id"] as? String ?? "?"
            if Self.exceptions[id] == "search OR" {
                #expect(throws: Diagnostic.self, "\(id)") { try Self.selected(text, events) }
                continue
            }
            let found: Set<String>
            do {
                found = try Self.selected(text, events)
            } catch {
                Issue.record("\(id): \(error.code) \(error.message): \(text)")
                continue
            }
            let expected = Set(
                (filter["expected"] as? [String: [[String]]] ?? [:]).values.flatMap { $0 }
                    .map { $0.joined(separator: "\n") })
            if filter["has_not"] as? Bool == true || Self.exceptions[id] != nil {
                #expect(found.isSuperset(of: expected), "\(id): misses \(expected.subtracting(found)): \(text)")
                atLeast += 1
            } else {
                #expect(
                    found == expected,
                    "\(id): misses \(expected.subtracting(found)), adds \(found.subtracting(expected)): \(text)")
                exact += 1
            }
        }
        print("filters: \(exact) exact, \(atLeast) at least, over \(events.rowCount) events")
    }

    private static func selected(_ text: String, _ events: Batch) throws(Diagnostic) -> Set<String> {
        let environment = SearchEnvironment(nowMicroseconds: 0)
        let isPipe = text.drop { $0.isWhitespace }.hasPrefix("|")
        let search = try CompiledSearch.compile(
            ExpandedSearch.expand((isPipe ? "" : "| search ") + text, macros: environment.macros),
            environment: environment, startsWithRows: true)
        var context = ExecutionContext(nowMicroseconds: 0)
        let kept = try search.run([events], &context)
        return Set((0..<kept.rowCount).map { identity(kept, $0) })
    }

    private static func identity(_ events: Batch, _ row: Int) -> String {
        ["Computer", "Channel", "EventRecordID"].map { events[$0, row].printed?.string ?? "" }.joined(separator: "\n")
    }

    /// Each `<Data Name='X'>` is a field X; the elements of `System` are fields by name, `Provider_Name` its attribute.
    private static func events() throws -> Batch {
        let path = shared.appendingPathComponent("data/evtx_attack_samples/events.ndjson.gz").path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        var columns: [String: [Value]] = [:]
        var count = 0
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let envelope = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let tree = try XMLTree(Array((envelope["raw"] as? String ?? "").utf8))
            for (name, value) in fields(tree) {
                var column = columns[name] ?? []
                if column.count > count { continue }
                column += [Value](repeating: .null, count: count - column.count) + [.text(value)]
                columns[name] = column
            }
            count += 1
        }
        return Batch(
            rowCount: count,
            columns: columns.keys.sorted().map { name in
                var builder = ColumnBuilder()
                for value in columns[name] ?? [] { builder.append(value) }
                builder.padNulls(to: count)
                return (name, builder.finish())
            })
    }

    private static func fields(_ tree: XMLTree) -> [(String, Text)] {
        var fields: [(String, Text)] = []
        for element in tree.elements {
            let parent = tree.elements[element.parent].name
            let text = element.children.compactMap { if case .text(let text) = $0 { text } else { nil } }
            let value = Text(text.flatMap(\.bytes))
            // As in Splunk, an element without text is no field.
            if value.isEmpty, element.name != "Provider" { continue }
            if parent == "System" {
                fields.append((element.name.string, value))
                if element.name == "Provider", let name = element.attributes.first(where: { $0.name == "Name" }) {
                    fields.append(("Provider_Name", name.value))
                }
            } else if element.name == "Data", let name = element.attributes.first(where: { $0.name == "Name" }) {
                fields.append((name.value.string, value))
            }
        }
        return fields
    }
}
