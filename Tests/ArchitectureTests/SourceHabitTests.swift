import Foundation
import Testing

struct SourceHabitTests {
    /// A longer file starts with a line `// Long: <why>`.
    static let lineLimit = 400

    @Test func noFileIsLongWithoutSayingWhy() throws {
        for path in SourceTree.swiftFiles(below: "Sources") + SourceTree.swiftFiles(below: "Tests") {
            let text = try SourceTree.text(path)
            let lineCount = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count - 1
            #expect(
                lineCount <= Self.lineLimit || text.hasPrefix("// Long: "),
                "\(path) has \(lineCount) lines; split it, or say why in its first line: '// Long: …'")
        }
    }

    /// `--now` is the clock; only the command line may ask the machine for the time when there is no `--now`.
    @Test func onlyTheCommandLineReadsTheClock() throws {
        let pattern = /\bDate\(\)|\bDate\.now\b|\bgettimeofday\(|\btime\(nil\)|\bCLOCK_REALTIME\b/
        try expectNone(of: pattern, outside: "Sources/accrue/")
    }

    /// Input is hostile: what can go wrong is thrown and told, never trapped.
    @Test func nothingTrapsOnInput() throws {
        let pattern = /\btry!|\bfatalError\(|\bas!\s/
        try expectNone(of: pattern, outside: nil)
    }

    private func expectNone(of pattern: Regex<Substring>, outside exempt: String?) throws {
        for path in SourceTree.swiftFiles(below: "Sources") where exempt.map({ !path.hasPrefix($0) }) ?? true {
            let lines = try SourceTree.text(path).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            for (index, line) in lines.enumerated() {
                guard !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") else { continue }
                if let match = line.firstMatch(of: pattern) {
                    Issue.record("\(path):\(index + 1): '\(match.output)'")
                }
            }
        }
    }
}
