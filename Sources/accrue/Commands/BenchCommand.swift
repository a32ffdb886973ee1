import ArgumentParser
import Bench
import Foundation

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract:
            "Measure this program over data that it makes itself, beside other engines; answers are checked first.",
        discussion: """
            Every side must give the answer that was counted while the data was made; a difference is told, nothing is timed
            then, and the exit code is 1. Sides take turns, and the best round of each counts. Peers (DuckDB, chDB, Polars)
            run where Python finds them; Tests/Performance/setup_peers.sh sets them up.

            Cases:
            \(BenchCases.summaries.map { "  \($0.name.padding(toLength: 9, withPad: " ", startingAt: 0))\($0.summary)" }.joined(separator: "\n"))

            Examples:
              accrue bench
              accrue bench --case seed --rounds 3 --limit seed=0.5
              accrue bench --content ~/security_content --format json
              accrue bench --events 20000 --write events.ndjson
            """)

    @Option(help: "How many events to invent, 5000 at least; about 1.1 kB each.")
    var events = 500_000

    @Option(help: "Other seed, other events; same seed, same bytes.")
    var seed: UInt64 = 1

    @Option(help: "How often each side is measured.")
    var rounds = 5

    @Option(help: "Where data, peers and scratch live.")
    var folder = "/tmp/accrue-bench"

    @Option(name: .customLong("case"), help: "Only this case. Repeatable.")
    var cases: [String] = []

    @Option(help: "A security_content checkout, for the cases content and rules.")
    var content: String?

    @Option(help: "The Python that has the peers, or none. Default: peers/bin/python of the folder.")
    var peers: String?

    @Option(help: "CASE=RATIO: exit 1 when a ratio of the case is higher. Repeatable.")
    var limit: [String] = []

    @Option(help: "Only write the events to this file.")
    var write: String?

    @Option(help: "table or json.")
    var format: String?

    func validate() throws {
        guard events > 0, events <= BenchOptions.eventCounts.upperBound else {
            throw ValidationError("--events takes 1 to \(BenchOptions.eventCounts.upperBound)")
        }
        guard write != nil || events >= BenchOptions.eventCounts.lowerBound else {
            throw ValidationError("--events takes \(BenchOptions.eventCounts.lowerBound) at least, to be measured")
        }
        guard (1...1_000).contains(rounds) else { throw ValidationError("--rounds takes 1 to 1000") }
    }

    mutating func run() throws {
        if let write {
            let truth = try TrailFile.write(path: write, TrailGenerator(seed: seed, eventCount: events))
            Console.error("\(truth.eventCount) events, \(truth.byteCount) bytes")
            return
        }
        let form = try OutputForm.choose(format, from: [.table, .json])
        var options = BenchOptions(program: try Self.program(), folder: folder)
        options.eventCount = events
        options.seed = seed
        options.roundCount = rounds
        options.caseNames = try cases.map { try Self.known($0, option: "--case") }
        options.content = content
        options.peers = peers
        options.limits = try limits()
        let report = try BenchRun(options) { Console.error($0) }.run()
        Console.output(form == .json ? report.json : report.text)
        for failure in report.failures { Console.error(failure) }
        if !report.failures.isEmpty { throw ExitCode(ExitStatus.doesNotHold) }
    }

    private func limits() throws -> [String: Double] {
        var limits: [String: Double] = [:]
        for text in limit {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let ratio = Double(parts[1]), ratio > 0, ratio.isFinite else {
                throw UsageError(
                    message: "--limit '\(Console.escape(text))' is no limit", hint: "write a case and a ratio: seed=0.5"
                )
            }
            limits[try Self.known(String(parts[0]), option: "--limit")] = ratio
        }
        return limits
    }

    private static func known(_ name: String, option: String) throws -> String {
        guard BenchCases.names.contains(name) else {
            throw UsageError(
                message: "\(option) names no case: '\(Console.escape(name))'",
                hint: "cases: " + BenchCases.names.joined(separator: ", "))
        }
        return name
    }

    /// This program itself is measured.
    private static func program() throws -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            throw BenchError(.files, "/proc/self/exe cannot be read: \(error.localizedDescription)")
        }
    }
}
