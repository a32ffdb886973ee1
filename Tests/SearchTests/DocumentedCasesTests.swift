import Columns
import Formats
import Foundation
import SPL
import Search
import Testing

/// Cases whose answers follow from Splunk's documentation, where they are at hand (../shared/oracles/spl_cases.jsonl).
/// A case that needs a command or function which is not there yet must be refused by name; every other must hold.
@Suite struct DocumentedCasesTests {
    static var cases: [[String: Any]] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["ACCRUE_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? root.deletingLastPathComponent().appendingPathComponent("shared")
        guard
            let text = try? String(
                contentsOf: shared.appendingPathComponent("oracles/spl_cases.jsonl"), encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    @Test(.enabled(if: !DocumentedCasesTests.cases.isEmpty)) func casesHoldOrAreRefusedByName() {
        var held = 0
        var refused: [String: Int] = [:]
        for item in Self.cases {
            let id = item["id"] as? String ?? "?"
            do {
                let (batch, needsOrder) = try run(item)
                let problem = difference(batch, item, isOrdered: needsOrder)
                if problem == nil { held += 1 }
                #expect(problem == nil, "\(id): \(problem ?? "")\n\(item["spl"] ?? "")")
            } catch {
                let isRefusal = ["E301", "E302", "E324", "E334", "E335", "E341", "E343"].contains(error.code)
                #expect(isRefusal, "\(id): \(error.code) \(error.message)")
                refused[error.code + " " + error.message, default: 0] += 1
            }
        }
        print("documented cases: \(held) hold, \(refused.values.reduce(0, +)) refused by name, of \(Self.cases.count)")
    }

    private func run(_ item: [String: Any]) throws(Diagnostic) -> (Batch, Bool) {
        let now = Int64(((item["now"] as? NSNumber)?.doubleValue ?? 0) * 1_000_000)
        var environment = SearchEnvironment(nowMicroseconds: now)
        for (name, macro) in item["macros"] as? [String: [String: Any]] ?? [:] {
            environment.macros.define(
                MacroDefinition(
                    name: String(name.prefix { $0 != "(" }), arguments: macro["args"] as? [String] ?? [],
                    definition: macro["definition"] as? String ?? ""))
        }
        if let name = item["tz"] as? String { environment.zone = try Self.zone(name) }
        let rows = item["input"] as? [[String: Any]] ?? []
        if let path = item["datamodel"] as? String { environment.dataModels = [Self.model(path, rows)] }
        for (name, lookup) in item["lookups"] as? [String: [String: Any]] ?? [:] {
            environment.lookups.define(Self.lookup(name, lookup))
            environment.lookups.setFile(name, LookupFile(csv: Array((lookup["csv"] as? String ?? "").utf8)))
        }
        let expanded = try ExpandedSearch.expand(item["spl"] as? String ?? "", macros: environment.macros)
        let search = try CompiledSearch.compile(expanded, environment: environment, startsWithRows: !rows.isEmpty)
        var builder = BatchBuilder()
        for row in rows {
            builder.append(
                Batch(rowCount: 1, columns: row.keys.sorted().map { ($0, Column([Self.value(row[$0])])) }))
        }
        var context = ExecutionContext(nowMicroseconds: now, zone: environment.zone)
        return (try search.run([builder.finish()], &context), item["ordered"] as? Bool ?? false)
    }

    private static func zone(_ name: String) throws(Diagnostic) -> TimeZoneRules {
        if name == "UTC" { return .utc }
        guard let data = FileManager.default.contents(atPath: "/usr/share/zoneinfo/" + name),
            let zone = try? TimeZoneRules(tzif: [UInt8](data), name: name)
        else { throw Diagnostic("E301", "zone '\(name)' of the case") }
        return zone
    }

    /// The case's rows are those of the dataset: no constraint, every column a field of it.
    private static func model(_ path: String, _ rows: [[String: Any]]) -> DataModelDefinition {
        let names = path.split(separator: ".").map(String.init)
        return DataModelDefinition(
            name: names[0],
            datasets: [
                .init(
                    name: names[names.count - 1], parent: nil, constraints: [],
                    fields: Set(rows.flatMap(\.keys)).sorted(), calculations: [])
            ])
    }

    /// The options stand beside `csv`, or in an object of their own.
    private static func lookup(_ name: String, _ item: [String: Any]) -> LookupTransform {
        var settings: [String: String] = [:]
        func add(_ options: [String: Any]) {
            for (key, value) in options where key != "csv" {
                if let more = value as? [String: Any] { add(more) } else { settings[key] = "\(value)" }
            }
        }
        add(item)
        settings["filename"] = name
        var problems: [LookupSettingProblem] = []
        let transform = LookupTransform(name: name, settings: settings, problems: &problems)
        #expect(problems.isEmpty)
        return transform ?? LookupTransform(name: name, store: .file(name))
    }

    private static func value(_ json: Any?) -> Value {
        switch json {
        case let list as [Any]: .list(list.map { value($0) })
        case let text as String: .text(text)
        case let number as NSNumber: .number(number.doubleValue)
        default: .null
        }
    }

    private func difference(_ batch: Batch, _ item: [String: Any], isOrdered: Bool) -> String? {
        let expected = item["expected"] as? [[String: Any]] ?? []
        if let columns = item["columns"] as? [String], columns != batch.names {
            return "columns \(batch.names), not \(columns)"
        }
        guard batch.rowCount == expected.count else { return "\(batch.rowCount) rows, not \(expected.count)" }
        var left = Array(0..<batch.rowCount)
        for (index, row) in expected.enumerated() {
            let candidates = isOrdered ? [index] : left
            guard
                let match = candidates.first(where: { candidate in
                    row.allSatisfy { Self.equals(batch[$0.key, candidate], $0.value) }
                })
            else {
                let actual = (0..<batch.rowCount).map { r in
                    row.keys.sorted().map { "\($0)=\(batch[$0, r].printed?.string ?? "null")" }
                }
                return "no row is \(row); rows: \(actual)"
            }
            left.removeAll { $0 == match }
        }
        return nil
    }

    private static func equals(_ value: Value, _ json: Any) -> Bool {
        switch json {
        case is NSNull: return value.isNull
        case let list as [Any]:
            let elements = value.elements
            return elements.count == list.count && zip(elements, list).allSatisfy { equals($0, $1) }
        case let text as String: return value.printed?.string == text
        case let number as NSNumber:
            guard let actual = value.numeric else { return false }
            return abs(actual - number.doubleValue) <= 1e-9 * max(1, abs(number.doubleValue))
        default: return false
        }
    }
}
