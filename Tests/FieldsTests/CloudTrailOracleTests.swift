import Columns
import Fields
import Foundation
import Testing

/// Against what a real Splunk with its AWS add-on made of the same events, where that reference material is present.
@Suite struct CloudTrailOracleTests {
    /// Of the machine that searched, and of the way the file came in.
    private static let foreign: Set<String> = ["host", "index", "splunk_server", "source"]

    @Test func everyFieldAndValueOfSplunkComesOut() throws {
        guard let file = AddonFixture.shared?.appending(path: "oracles/splunk_cloudtrail_values.jsonl"),
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return }
        let fixture = try AddonFixture.shipped()
        var matching = 0
        var total = 0
        var differences: [String] = []
        for line in text.split(separator: "\n") {
            let expected = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            let raw = try #require(expected["_raw"])
            let fields = try fixture.fields(raw, sourcetype: "aws:cloudtrail")
            for (name, value) in expected.sorted(by: { $0.key < $1.key }) where !Self.foreign.contains(name) {
                total += 1
                if Self.printed(name, fields[name]) == value {
                    matching += 1
                } else {
                    differences.append("\(name): Splunk '\(value)', here '\(fields[name] ?? "null")'")
                }
            }
            // Splunk's export leaves empty values out.
            for (name, value) in fields.sorted(by: { $0.key < $1.key })
            where expected[name] == nil && !value.isEmpty && !Self.foreign.contains(name) {
                differences.append("\(name): not in Splunk, here '\(value)'")
            }
        }
        print("matching \(matching) of \(total) values")
        #expect(differences == [])
        #expect(matching == total)
    }

    /// The export prints times as text and event types on one line.
    private static func printed(_ name: String, _ value: String?) -> String? {
        guard let value else { return nil }
        switch name {
        case "_time":
            guard let seconds = Double(value) else { return value }
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            return style.format(Date(timeIntervalSince1970: seconds)).replacingOccurrences(of: "Z", with: "+00:00")
        case "eventtype": return value.replacingOccurrences(of: "\n", with: " ")
        default: return value
        }
    }

    @Test func theFieldNamesOfTheCatalogueComeOut() throws {
        guard let shared = AddonFixture.shared else { return }
        let fixture = try AddonFixture.shipped()
        var missing: [String: Int] = [:]
        var total = 0
        var checked = 0
        for folder in ["corpus/security_content/data_sources", "corpus/schema_samples/data_sources"] {
            let path = shared.appending(path: folder)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? []
            for name in names.sorted() where name.hasPrefix("aws_cloudtrail_") && name.hasSuffix(".yml") {
                let source = DataSourceFile(try String(contentsOf: path.appending(path: name), encoding: .utf8))
                guard !source.fields.isEmpty, let example = source.exampleLog else { continue }
                let produced = try fixture.fields(example, sourcetype: "aws:cloudtrail")
                checked += 1
                total += source.fields.count
                for field in source.fields where produced[field] == nil { missing[field, default: 0] += 1 }
            }
        }
        let list = missing.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { "\($0.key) \($0.value)" }
        print(
            "\(total - missing.values.reduce(0, +)) of \(total) field names in \(checked) data sources; missing: \(list)"
        )
        guard checked > 0 else { return }
        // Of the searching machine, or of other events than the example (two lists are the union of several events).
        #expect(missing["splunk_server"] == checked)
        #expect(missing.filter { $0.value > 3 && $0.key != "splunk_server" } == [:])
    }
}

/// The two parts of a data source's YAML that matter here, read by their layout.
private struct DataSourceFile {
    var fields: [String] = []
    var exampleLog: String?

    init(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = lines.popFirst() {
            if line == "fields:" {
                while let item = lines.first, item.trimmingCharacters(in: .whitespaces).hasPrefix("- ") {
                    let name = item.trimmingCharacters(in: .whitespaces).dropFirst(2)
                    fields.append(name.trimmingCharacters(in: CharacterSet(charactersIn: "'\"")))
                    lines.removeFirst()
                }
            } else if line.hasPrefix("example_log: '") {
                var body = String(line.dropFirst("example_log: '".count))
                while let next = lines.first, next.isEmpty || next.hasPrefix(" ") {
                    body += next.isEmpty ? "\n" : " " + next.trimmingCharacters(in: .whitespaces)
                    lines.removeFirst()
                }
                body = body.trimmingCharacters(in: .whitespacesAndNewlines)
                if body.hasSuffix("'") { body.removeLast() }
                exampleLog = body.replacingOccurrences(of: "''", with: "'")
            }
        }
    }
}
