import Foundation

/// The floor: a program that only looks for a word.
enum WordsCase: BenchCase {
    static let name = "words"
    static let summary = "counting the lines with the word PutImage by ripgrep, else grep: the floor"
    private static let word = "PutImage"

    static func plan(_ bench: Workbench) throws -> CasePlan {
        let file = try bench.file(eventCount: bench.options.eventCount)
        let commands = [
            ("ripgrep", ["rg", "--no-config", "--count", "--fixed-strings", word, file.path]),
            ("grep", ["grep", "-c", "-F", word, file.path]),
        ]
        guard let (title, command) = commands.first(where: { isInstalled($0.1[0]) }) else {
            return .skipped("neither ripgrep nor grep is installed")
        }
        // Exit code 1 says that no line has the word, which is for the check to judge.
        let run = { try bench.run(command, name: "words", accepting: [0, 1]) }
        let floor = Side(
            title: title, file: file, checkKey: "\(title) \(file.path)",
            check: {
                var count: Int?
                try ChildLines.forEach(of: try run().output) { count = Int(String(decoding: $0, as: UTF8.self)) }
                let difference = Difference.ofCounts(
                    title, "lines with \(word)", found: count ?? 0, truth: file.truth.wordLineCount)
                return [difference].compactMap { $0 }
            }, measure: { try run().sample })
        return CasePlan(
            sides: [SeedRule.side(bench, file), floor], ratios: [CasePlan.Ratio(of: 0, to: 1)])
    }

    private static func isInstalled(_ program: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            access("\($0)/\(program)", X_OK) == 0
        }
    }
}
