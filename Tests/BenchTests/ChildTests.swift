import Foundation
import Testing

@testable import Bench

@Suite final class ChildTests {
    private let scratch = FileManager.default.temporaryDirectory.appendingPathComponent(
        "accrue-bench-" + UUID().uuidString
    ).path

    init() throws { try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: scratch) }

    private func run(_ script: String, accepting: Set<Int32> = [0]) throws -> Child {
        try Child.run(
            ["sh", "-c", script, "name", "an argument"], environment: ["PATH=/usr/bin:/bin", "WORD=seen"],
            scratch: scratch, name: "test", accepting: accepting)
    }

    @Test func outputArgumentsAndEnvironmentAreThoseGiven() throws {
        let child = try run("echo \"$WORD $1\"; echo told >&2; cat")
        #expect(try String(contentsOfFile: child.output, encoding: .utf8) == "seen an argument\n")
        #expect(try String(contentsOfFile: child.errors, encoding: .utf8) == "told\n")
    }

    @Test func timesAreMeasured() throws {
        let child = try run("sleep 0.2; i=0; while [ $i -lt 50000 ]; do i=$((i + 1)); done")
        #expect((0.2..<60).contains(child.sample.seconds))
        let processor = try #require(child.sample.processorSeconds)
        #expect(processor > 0 && processor < child.sample.seconds)
        #expect(child.sample.peakBytes > 1_000_000)
    }

    @Test func aFailureShowsWhatTheProgramSaid() {
        let error = #expect(throws: BenchError.self) { try run("printf 'bad \\033[31mnews' >&2; exit 3") }
        #expect(error?.code == .child)
        #expect(error?.message.hasPrefix("exit code 3: sh -c") == true)
        #expect(error?.message.hasSuffix("\nbad [31mnews") == true)
        #expect(throws: Never.self) { try run("exit 3", accepting: [0, 3]) }
        let killed = #expect(throws: BenchError.self) { try run("kill -9 $$") }
        #expect(killed?.message.hasPrefix("signal 9") == true)
    }

    @Test func onlyTheEndOfALongMessageIsShown() throws {
        let error = try #require(
            #expect(throws: BenchError.self) { try run("seq 1 5000 >&2; exit 1") })
        #expect(error.message.hasSuffix("4999\n5000\n"))
        #expect(error.message.count < 4_200)
    }

    @Test func aProgramThatIsNotThereIsAnError() {
        let error = #expect(throws: BenchError.self) {
            try Child.run(["no-such-program-here"], environment: [], scratch: scratch, name: "test")
        }
        #expect(error?.message.contains("'no-such-program-here' cannot be started") == true)
    }

    @Test func linesAreReadAcrossPieces() throws {
        let long = String(repeating: "x", count: 700_000)
        try Data("one\n\n\(long)\nlast".utf8).write(to: URL(fileURLWithPath: scratch + "/lines"))
        var lines: [String] = []
        try ChildLines.forEach(of: scratch + "/lines") { lines.append(String(decoding: $0, as: UTF8.self)) }
        #expect(lines == ["one", long, "last"])
    }

    @Test func whatIsNoJSONIsAnError() throws {
        try Data("{\"a\":1}\nprogress 10%\n".utf8).write(to: URL(fileURLWithPath: scratch + "/lines"))
        let error = #expect(throws: BenchError.self) {
            try ChildLines.forEachJSON(of: scratch + "/lines") { _ in }
        }
        #expect(error?.code == .child)
        var count = 0
        try ChildLines.forEachJSON(of: scratch + "/lines", with: "\"a\"") { _ in count += 1 }
        #expect(count == 1)
    }
}
