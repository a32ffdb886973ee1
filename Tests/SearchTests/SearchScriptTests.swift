import Foundation
import Testing

/// Every fixtures/spl/*.test is replayed and compared as text; ACCRUE_UPDATE=1 rewrites the files.
@Suite struct SearchScriptTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("fixtures/spl")

    static let scripts: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".test") }.sorted()
    }()

    @Test func thereAreScripts() { #expect(Self.scripts.count >= 10) }

    @Test(arguments: scripts) func scriptHolds(_ name: String) throws {
        let url = Self.folder.appendingPathComponent(name)
        let text = try String(contentsOf: url, encoding: .utf8)
        let replayed = SearchScript(text).replayed()
        if ProcessInfo.processInfo.environment["ACCRUE_UPDATE"] == "1" {
            try replayed.write(to: url, atomically: true, encoding: .utf8)
        } else {
            let pairs = zip(Self.lines(replayed), Self.lines(text)).enumerated()
            if let (index, (now, before)) = pairs.first(where: { $1.0 != $1.1 }) {
                Issue.record("\(name):\(index + 1): '\(now)', not '\(before)'; ACCRUE_UPDATE=1 swift test rewrites it")
            } else if replayed != text {
                Issue.record("\(name) has another number of lines; ACCRUE_UPDATE=1 swift test rewrites it")
            }
        }
    }

    /// Whatever pieces rows come in, a search gives the same.
    @Test(arguments: scripts) func batchSizeDoesNotShow(_ name: String) throws {
        let script = SearchScript(try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8))
        let whole = Self.lines(script.replayed())
        for size in [1, 7, 4_096] {
            let pieces = Self.lines(script.replayed(batchRows: size))
            for (index, (piece, line)) in zip(pieces, whole).enumerated() where piece != line {
                Issue.record("\(name):\(index + 1): in batches of \(size) '\(piece)', not '\(line)'")
                break
            }
            #expect(pieces.count == whole.count, "\(name) in batches of \(size)")
        }
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
