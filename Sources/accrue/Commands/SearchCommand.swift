import ArgumentParser
import Columns
import Dispatch
import Engine
import Formats
import Foundation
import Ingest
import SPL
import Search

struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Any search: over inputs, over the stored index, or over rows already made.",
        discussion: """
            Examples:
              accrue search 'eventName=PutImage | stats count by user' --input logs/
              accrue search 'index=risk | table _time risk_object calculated_risk_score'
              accrue search '| from datamodel Risk.All_Risk | stats sum(calculated_risk_score) by normalized_risk_object'
              accrue search '| stats count by user' --results rows.ndjson
            """)

    @Argument(help: "The search, in SPL.")
    var search: String

    @Option(help: "File, folder or - to read events from. Repeatable.")
    var input: [String] = []

    @Option(help: "Rows that flow into the search: one JSON object a line; - for stdin.")
    var results: String?

    @Option(help: "A macro for this search: 'name(args)=definition'. Repeatable.")
    var macro: [String] = []

    @Option(help: "The rows of a lookup for this search: NAME=CSV, the path of a CSV file with header. Repeatable.")
    var lookup: [String] = []

    @Flag(help: "Print the plan, do not run it.")
    var explain = false

    @Flag(
        help: """
            Say on stderr what it took: events and bytes read, those parsed because they hold its words, events that \
            matched, rows, milliseconds.
            """)
    var time = false

    @OptionGroup var inputs: InputOptions
    @OptionGroup var searching: SearchOptions
    @OptionGroup var common: CommonOptions

    mutating func run() throws {
        let output = RowOutput(form: try OutputForm.choose(common.format, from: RowOutput.forms))
        let now = try common.clock()
        var content = try common.loadContent()
        for text in lookup { try LookupOption.add(text, to: &content.lookups) }
        var macros: [MacroDefinition] = []
        for text in macro {
            do {
                macros.append(try MacroDefinition.parse(text))
            } catch {
                throw SearchJob.Failure(diagnostic: error, source: text)
            }
        }
        var job = SearchJob(
            text: search, inputs: inputs.specs(input), rows: try results.map(ResultRows.read),
            range: try common.range(now: now), nowMicroseconds: now, zone: try common.zone(),
            threadCount: common.threadCount, macros: macros)
        job.limits = searching.limits
        job.keepFolder = searching.keep
        job.deadline = searching.deadline
        if time { job.stopwatch = { DispatchTime.now().uptimeNanoseconds } }
        if explain {
            Console.output(try job.compile(content).explanation)
            return
        }
        let home = common.homeFolder
        let outcome = try job.run(content) { try CommonOptions.openIndexForReading(home: home, now: now) }
        output.write(outcome.rows)
        for warning in outcome.warnings {
            Console.error("warning[\(warning.code)]: \(warning.message)" + (warning.hint.map { "\nhint: \($0)" } ?? ""))
        }
        if time { Console.error(RuleTimes.text(of: outcome)) }
        guard let scan = outcome.scan else { return }
        ContentMessages.writeAddons(content)
        ScanMessages.write(scan)
        if scan.hasFailedInputs { throw ExitCode(ExitStatus.unreadable) }
    }
}

/// `--lookup NAME=CSV`.
enum LookupOption {
    static func add(_ text: String, to lookups: inout LookupCatalog) throws {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex,
            text.index(after: equals) != text.endIndex
        else {
            throw UsageError(
                message: "--lookup '\(text)' is not of the form NAME=CSV", hint: "write name=path/to/file.csv")
        }
        let name = String(text[..<equals]), path = String(text[text.index(after: equals)...])
        // A pipe such as <(...) has no size; a file handle reads it too.
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.readToEnd() ?? Data() else {
            throw EngineError(
                "E751", "lookup file '\(path)' cannot be read", hint: "check the path and its permissions")
        }
        lookups.override(name, csv: [UInt8](data))
    }
}

/// `--results`: one JSON object a line; strings are field text, numbers are numbers, arrays are multivalues.
enum ResultRows {
    static let maximumBytes = 1 << 30

    static func read(_ path: String) throws -> Batch {
        let data: Data?
        if path == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            // A pipe such as <(...) has no size; a file handle reads it too.
            data = FileHandle(forReadingAtPath: path)?.readDataToEndOfFile()
        }
        guard let data else {
            throw EngineError("E808", "results '\(path)' cannot be read", hint: "check the path and its permissions")
        }
        var builder = BatchBuilder()
        for (number, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let bytes = Array(line)
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            guard let json = try? JSONValue.parse(bytes, maxDepth: 64), case .object(let members) = json else {
                throw EngineError(
                    "E809", "results '\(path)': line \(number + 1) is not a JSON object",
                    hint: "write one object a line")
            }
            builder.append(
                Batch(rowCount: 1, columns: members.map { ($0.key.string, Column([value($0.value)])) }))
        }
        return builder.finish()
    }

    private static func value(_ json: JSONValue) -> Value {
        switch json {
        case .null: return .null
        case .boolean(let flag): return .text(flag ? "true" : "false")
        case .number(let source): return NumberText.parse(source.bytes).map { .number($0) } ?? .text(source)
        case .string(let text): return .text(text)
        case .array(let items): return .list(items.map(value))
        case .object:
            var writer = JSONWriter()
            writer.value(json)
            return .text(Text(writer.bytes))
        }
    }
}
