import Columns
import Formats
import Foundation
import Matching
import SPL
import Search
import Testing

// Behaviour as text: `load` some rows, `eval` a search, and below it the rows it gives. See fixtures/spl/README.md.

/// A parsed `.test` file. Comments and settings are kept so that an updated file reads as its author wrote it.
struct SearchScript {
    private enum Item {
        case line(String)
        /// `load` or `lookup` and what belongs to it.
        case load(header: String, lines: [String])
        case eval(search: String)
    }

    private var items: [Item] = []

    init(_ text: String) {
        var isExpectation = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("  ") {
                if isExpectation { continue }
                if case .load(let header, var lines) = items.last {
                    lines.append(line)
                    items[items.count - 1] = .load(header: header, lines: lines)
                }
            } else if line.hasPrefix("eval ") {
                isExpectation = true
                items.append(.eval(search: String(line.dropFirst(5))))
            } else if line == "load" || line == "events" || line.hasPrefix("lookup ") {
                isExpectation = false
                items.append(.load(header: line, lines: []))
            } else {
                isExpectation = false
                items.append(.line(line))
            }
        }
    }

    /// Runs the script and writes it anew, with what the searches really gave.
    ///
    /// - Parameter batchRows: how many of the loaded rows flow in at a time; nil for all at once.
    func replayed(batchRows: Int? = nil) -> String {
        var output: [String] = []
        var rows: [[(String, Value)]]?
        var events: [[(String, Value)]] = []
        var environment = SearchEnvironment(dataModels: Self.models, nowMicroseconds: 1_763_886_000_000_000)
        var state = SearchState()
        for item in items {
            switch item {
            case .line(let line):
                output.append(line)
                if line.hasPrefix("macro "), let macro = try? MacroDefinition.parse(String(line.dropFirst(6))) {
                    environment.macros.define(macro)
                }
                if line.hasPrefix("geoip ") {
                    let path = SearchScriptTests.folder.appendingPathComponent(String(line.dropFirst(6))).path
                    environment.locations = try? LocationDatabase(path: path)
                }
            case .load(let header, let lines):
                output.append(header)
                output += lines
                switch header {
                case "load": rows = lines.map { RowText.parse($0) }
                case "events": events = lines.map { RowText.parse($0) }
                default:
                    Self.define(header, lines, &environment)
                    state = SearchState()
                }
            case .eval(let search):
                output.append("eval \(search)")
                environment.trainedModels = Set(state.modelNames)
                output += Self.run(search, rows, events, environment, state, batchRows: batchRows).map { "  " + $0 }
            }
        }
        return output.joined(separator: "\n")
    }

    /// Small models of the shape of the real ones.
    private static let models: [DataModelDefinition] = [
        DataModelDefinition(
            name: "Authentication",
            datasets: [
                .init(
                    name: "Authentication", parent: nil, constraints: ["tag=authentication"],
                    fields: ["action", "app", "user"],
                    calculations: [.eval(field: "user", expression: #"if(isnull(user) OR user="","unknown",user)"#)]),
                .init(
                    name: "Failed_Authentication", parent: "Authentication", constraints: ["action=failure"],
                    fields: ["reason"], calculations: []),
            ]),
        DataModelDefinition(
            name: "Endpoint",
            datasets: [
                .init(
                    name: "Processes", parent: nil, constraints: ["tag=process tag=report"],
                    fields: ["dest", "process_name", "user"], calculations: [])
            ]),
        DataModelDefinition(
            name: "Calculated",
            datasets: [
                .init(
                    name: "Parts", parent: nil, constraints: ["tag=part"],
                    fields: ["path", "folder", "file", "owner", "code"],
                    calculations: [
                        .rex(
                            field: "path", pattern: #"^(?<folder>.*)\\(?<file>[^\\]+)$"#, outputs: ["folder", "file"]),
                        .lookup(
                            name: "owners", inputs: [.init(column: "name", field: "file")],
                            outputs: [.init(column: "who", field: "owner")]),
                        .lookup(
                            name: "nowhere", inputs: [.init(column: "name", field: "file")],
                            outputs: [.init(column: "code", field: "code")]),
                    ]),
                .init(
                    name: "Owned", parent: "Parts", constraints: ["owner=*"], fields: ["label"],
                    calculations: [.eval(field: "label", expression: #"owner.":".file"#)]),
            ]),
    ]

    /// `lookup NAME option=value ...` and its CSV lines.
    private static func define(_ header: String, _ lines: [String], _ environment: inout SearchEnvironment) {
        let words = header.dropFirst("lookup ".count)
        let name = String(words.prefix { $0 != " " })
        var settings: [String: String] = [:]
        for (option, value) in RowText.parse(String(words.dropFirst(name.count))) {
            settings[option] = value.printed?.string ?? ""
        }
        if settings["collection"] == nil {
            let file = settings["filename"] ?? name
            settings["filename"] = file
            let csv = lines.map { $0.dropFirst(2) + "\n" }.joined()
            environment.lookups.setFile(file, LookupFile(csv: Array(csv.utf8)))
        }
        var problems: [LookupSettingProblem] = []
        let transform = LookupTransform(name: name, settings: settings, problems: &problems)
        for problem in problems { Issue.record("\(header): \(problem.message)") }
        if let transform { environment.lookups.define(transform) }
    }

    /// Before the first `load`, or where it holds no row, a search may bring its own rows.
    private static func compile(
        _ search: ExpandedSearch, _ environment: SearchEnvironment, isPipe: Bool, hasRows: Bool
    ) throws(Diagnostic) -> CompiledSearch {
        if isPipe, !hasRows, let generating = try? CompiledSearch.compile(search, environment: environment) {
            return generating
        }
        return try CompiledSearch.compile(search, environment: environment, startsWithRows: isPipe)
    }

    private static func run(
        _ search: String, _ rows: [[(String, Value)]]?, _ events: [[(String, Value)]],
        _ environment: SearchEnvironment, _ state: SearchState, batchRows: Int?
    ) -> [String] {
        var context = ExecutionContext(
            nowMicroseconds: environment.nowMicroseconds, zone: environment.zone,
            rowSource: events.isEmpty ? NoRowSource() : ScriptEvents(rows: RowText.batch(events)), state: state)
        do {
            let expanded = try ExpandedSearch.expand(search, macros: environment.macros)
            let isPipe = search.drop { $0 == " " }.hasPrefix("|")
            let compiled = try Self.compile(expanded, environment, isPipe: isPipe, hasRows: !(rows ?? []).isEmpty)
            let readsEvents = compiled.readsEvents && rows == nil && !events.isEmpty
            let loaded = RowText.batches(rows ?? [], of: batchRows)
            let result = try readsEvents ? compiled.run(&context) : compiled.run(loaded, &context)
            let warnings = context.warnings.map { "warning[\($0.code)]: \($0.message)" }
            let lines = RowText.lines(result)
            return (lines.isEmpty ? ["(no rows)"] : lines) + warnings
        } catch {
            return ["error[\(error.code)]: \(error.message)"] + (error.hint.map { ["hint: \($0)"] } ?? [])
        }
    }
}

/// The rows below `events`, for the searches that a search runs.
private struct ScriptEvents: RowSource {
    let rows: Batch

    func rows(of search: CompiledSearch, range: TimeRange) throws(SearchError) -> Batch {
        rows.filtered(
            (0..<rows.rowCount).map { row in
                rows["_time", row].numeric.map { range.contains(Int64($0 * 1_000_000)) } ?? true
            })
    }
}

/// Rows as text: `name=value name="with blanks" n:=5 many=[a, "b c"]`; `:=` makes a number, everything else is text.
enum RowText {
    static func parse(_ line: String) -> [(String, Value)] {
        var fields: [(String, Value)] = []
        var rest = Substring(line).drop { $0 == " " }
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { break }
            var name = rest[..<equals]
            let isNumber = name.hasSuffix(":")
            if isNumber { name = name.dropLast() }
            rest = rest[rest.index(after: equals)...]
            let key = name.hasPrefix("\"") ? String(name.dropFirst().dropLast()) : String(name)
            if rest.first == "[" {
                rest = rest.dropFirst()
                var values: [Value] = []
                while let first = rest.first, first != "]" {
                    if first == " " || first == "," {
                        rest = rest.dropFirst()
                    } else {
                        values.append(scalar(&rest, isNumber: isNumber, stops: [",", "]"]))
                    }
                }
                rest = rest.dropFirst()
                fields.append((key, .list(values)))
            } else {
                fields.append((key, scalar(&rest, isNumber: isNumber, stops: [" "])))
            }
            rest = rest.drop { $0 == " " }
        }
        return fields
    }

    static func batch(_ rows: [[(String, Value)]]) -> Batch {
        var builder = BatchBuilder()
        for row in rows { builder.append(Batch(rowCount: 1, columns: row.map { ($0.0, Column([$0.1])) })) }
        return builder.finish()
    }

    /// The rows in pieces that all have every column, as a source of events gives them.
    static func batches(_ rows: [[(String, Value)]], of size: Int?) -> [Batch] {
        let whole = batch(rows)
        guard let size, whole.rowCount > 0 else { return [whole] }
        return stride(from: 0, to: whole.rowCount, by: size).map { start in
            whole.gathered(Array(start..<min(start + size, whole.rowCount)))
        }
    }

    static func lines(_ batch: Batch) -> [String] {
        (0..<batch.rowCount).map { row in
            let fields = zip(batch.names, batch.columns).compactMap { name, column -> String? in
                let value = column[row]
                return value.isNull ? nil : "\(name.contains(" ") ? "\"\(name)\"" : name)\(text(value))"
            }
            return fields.isEmpty ? "(empty row)" : fields.joined(separator: " ")
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .number: return ":=" + (value.printed?.string ?? "")
        case .multivalue(let values):
            return "=[" + values.map { quoted($0.printed?.string ?? "") }.joined(separator: ", ") + "]"
        default: return "=" + quoted(value.printed?.string ?? "")
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && !text.contains { " \",[]\n=".contains($0) }
        return isPlain
            ? text
            : "\"" + text.map { $0 == "\"" ? "\\\"" : ($0 == "\n" ? "\\n" : String($0)) }.joined() + "\""
    }

    private static func scalar(_ rest: inout Substring, isNumber: Bool, stops: Set<Character>) -> Value {
        var text = ""
        if rest.first == "\"" {
            rest = rest.dropFirst()
            while let first = rest.popFirst(), first != "\"" {
                if first == "\\", let next = rest.popFirst() {
                    text.append(next == "n" ? "\n" : next)
                } else {
                    text.append(first)
                }
            }
        } else {
            while let first = rest.first, !stops.contains(first) {
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        return isNumber ? .number(Double(text) ?? .nan) : .text(text)
    }
}
