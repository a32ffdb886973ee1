import Columns
import Foundation
import SPL
import Testing

@testable import Search

/// fixtures/spl/streams.txt says of each command whether it streams, with arguments that matter; ACCRUE_UPDATE=1 rewrites the
/// answers. A new command needs a line there.
@Suite struct StreamingCommandTests {
    private static let file = SearchScriptTests.folder.appendingPathComponent("streams.txt")

    private static let context: CompileContext = {
        var lookups = LookupCatalog()
        lookups.override("t", csv: Array("user,x,n\nbob,1,10\nzoe,2,9\nbob,3,1\n".utf8))
        let model = DataModelDefinition(
            name: "M",
            datasets: [.init(name: "D", parent: nil, constraints: ["a=1"], fields: ["user"], calculations: [])])
        var environment = SearchEnvironment(dataModels: [model], lookups: lookups, nowMicroseconds: 0)
        environment.trainedModels = ["m"]
        environment.checksOnly = true
        return CompileContext(environment: environment)
    }()

    /// The answers, and the commands as they are written behind the bar.
    private static func lines() throws -> [(answer: String, text: String)] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let parts = line.split(separator: "|", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(parts.count == 2)
            return (parts[0], parts[1])
        }
    }

    private static func command(_ text: String) throws -> any Command {
        let syntax = try #require(try Pipeline.parse("| " + text).commands.first)
        let type = try #require(Commands.byName[syntax.name])
        let bringsRows = type is any GeneratingCommand.Type && syntax.name != "inputlookup"
        return try Commands.compile(syntax, context, isFirst: bringsRows)
    }

    @Test func everyCommandSaysWhetherItStreams() throws {
        var written = ""
        var named: Set<String> = []
        for (answer, text) in try Self.lines() {
            let streams = try Self.command(text).streams
            named.insert(try #require(try Pipeline.parse("| " + text).commands.first).name)
            written += "\(streams ? "yes" : "no") | \(text)\n"
            if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] != "1" {
                #expect(answer == (streams ? "yes" : "no"), "\(text)")
            }
        }
        for type in Commands.all { #expect(named.contains(type.name), "\(type.name) has no line in streams.txt") }
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try written.write(to: Self.file, atomically: true, encoding: .utf8)
        }
    }

    /// `table` only shows in Splunk that it runs behind all others.
    @Test func whatStreamsHereStreamsInSplunk() throws {
        for (answer, text) in try Self.lines() where answer == "yes" {
            let pipeline = try Pipeline.parse("| " + text)
            guard pipeline.commands.first?.name != "table" else { continue }
            #expect(StreamingCommands.firstOther(in: pipeline, centralized: false) == nil, "\(text)")
        }
    }

    /// Rows one by one give what they give together, and nothing is held back.
    @Test func aRowIsAllThatAStreamingCommandSees() throws {
        var sample = SampleRows(seed: 3)
        var rows = sample.batch(60)
        rows.set("n", rows.column("x") ?? .nulls(rowCount: 60))
        rows.set("user", Column((0..<60).map { [.text("bob"), .text("zoe,bob"), .null, rows["y", $0]][$0 % 4] }))
        rows.set("ip", Column((0..<60).map { .text("10.0.0.\($0)") }))
        for (answer, text) in try Self.lines() where answer == "yes" && !text.hasPrefix("iplocation") {
            let command = try Self.command(text)
            func run(_ batches: [Batch]) throws -> [String] {
                var context = ExecutionContext(nowMicroseconds: 1_000_000_000_000_000)
                var running = command.makeOperator()
                var lines: [String] = []
                for batch in batches { lines += RowText.lines(try running.process(batch, &context)) }
                #expect(try running.finish(&context) == nil, "\(text)")
                return lines
            }
            #expect(try run((0..<60).map { rows.gathered([$0]) }) == run([rows]), "\(text)")
        }
    }
}
