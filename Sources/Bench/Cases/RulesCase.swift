import Foundation

/// How time grows with the number of detections.
enum RulesCase: BenchCase {
    static let name = "rules"
    static let summary = "every tenth detection of --content DIR, and all of them, over the same file: 3 times at most"
    static let aim = 3.0

    static func plan(_ bench: Workbench) throws -> CasePlan {
        guard let content = bench.options.content else { return .skipped("needs --content DIR") }
        let root = content.hasSuffix("/") ? String(content.dropLast()) : content
        let listing = try ContentListing(bench, content: root)
        let files = Set(listing.detections.map(\.file).filter { $0.hasPrefix(root + "/") }).sorted()
        guard files.count >= 10 else {
            return .skipped("\(root) has \(files.count) files with detections; ten are needed")
        }
        let kept = files.enumerated().filter { $0.offset.isMultiple(of: 10) }.map(\.element)
        let tenth = bench.scratch + "/tenth"
        try copy(root, to: tenth, without: Set(files).subtracting(kept))
        let file = try bench.file(eventCount: bench.options.eventCount)
        let runs = [(tenth, kept.count), (root, files.count)].map { folder, count in
            (
                count: count,
                run: {
                    try bench.runAccrue(
                        SeedRule.runArguments(file) + ["--content", folder], accepting: [0, 1])
                }
            )
        }
        // A Correlation reads the risk that the others wrote; a shipped rule is another one where the folder's version of it
        // is left out.
        let independent = listing.detections.filter { $0.type != "Correlation" && kept.contains($0.file) }.map(\.name)
        return CasePlan(
            sides: runs.enumerated().map { place, side in
                Side(
                    title: "\(side.count) files of rules", file: file, checkKey: "rules \(place)",
                    check: {
                        // The first has nothing to be compared with; the second runs both.
                        guard place == 1 else { return [] }
                        return differences(
                            tenth: try RuleCounts.all(of: try runs[0].run()),
                            all: try RuleCounts.all(of: try runs[1].run()), independent)
                    }, measure: { try side.run().sample })
            }, ratios: [CasePlan.Ratio(of: 1, to: 0, aim: aim)])
    }

    /// Rules must give the same whether they run among few or among many.
    private static func differences(
        tenth: [String: RuleCounts?], all: [String: RuleCounts?], _ names: [String]
    ) -> [Difference] {
        for name in names.sorted() {
            guard let few = tenth[name] else { continue }
            guard let many = all[name] else {
                return [Difference(side: "rules", text: "nothing is told of '\(name)' among all rules")]
            }
            if few != many {
                return [
                    Difference(
                        side: "rules",
                        text: "'\(name)' gives something else among all rules: \(text(few)), then \(text(many))")
                ]
            }
        }
        return tenth.isEmpty ? [Difference(side: "rules", text: "no rule ran")] : []
    }

    private static func text(_ counts: RuleCounts?) -> String {
        counts.map { "\($0.eventCount) events and \($0.rowCount) rows" } ?? "not run"
    }

    /// Copies all files but the hidden ones and those of `left`.
    private static func copy(_ root: String, to target: String, without left: Set<String>) throws {
        let manager = FileManager.default
        do {
            for name in try manager.subpathsOfDirectory(atPath: root).sorted() {
                let path = root + "/" + name
                var isFolder: ObjCBool = false
                guard !left.contains(path), !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                    manager.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
                else { continue }
                let copy = URL(fileURLWithPath: target + "/" + name)
                try manager.createDirectory(at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
                try manager.copyItem(at: URL(fileURLWithPath: path), to: copy)
            }
        } catch {
            throw BenchError(.files, "'\(root)' cannot be copied to '\(target)': \(error.localizedDescription)")
        }
    }
}
