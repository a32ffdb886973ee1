/// Many detections in one run against one query.
enum ContentCase: BenchCase {
    static let name = "content"
    static let summary = "all detections of --content DIR that read CloudTrail, in one run, against DuckDB's one query"
    /// Events that tell which detections read CloudTrail: all templates of the generator are among them.
    private static let sampleCount = 20_000

    static func plan(_ bench: Workbench) throws -> CasePlan {
        guard let content = bench.options.content else { return .skipped("needs --content DIR") }
        let file = try bench.file(eventCount: bench.options.eventCount)
        let sample = try bench.file(eventCount: min(sampleCount, bench.options.eventCount))
        let rules = try ContentListing(bench, content: content).readers(
            bench, of: "aws:cloudtrail", content: content, in: sample)
        guard rules.contains(SeedRule.name) else {
            return .skipped("the seed rule is not among the \(rules.count) detections that read CloudTrail")
        }
        let arguments =
            SeedRule.runArguments(file) + ["--content", content] + rules.flatMap { ["--rule", $0] }
        // Exit code 1 says that a rule did not run, which is told with the answers.
        let run = { try bench.runAccrue(arguments, accepting: [0, 1]) }
        let side = Side(
            title: "\(rules.count) detections", file: file, checkKey: "content \(file.path)",
            check: { differences(try RuleCounts.all(of: try run()), rules, truth: file.truth) },
            measure: { try run().sample })
        var plan = CasePlan(sides: [side])
        if let duckDB = bench.peers.first(where: { $0.peer.module == Peer.duckDB.module }) {
            plan.sides.append(duckDB.side(bench, file))
            plan.ratios.append(CasePlan.Ratio(of: 0, to: 1))
        } else {
            plan.notes += bench.absentPeers.filter { $0.hasPrefix(Peer.duckDB.title) }
        }
        return plan
    }

    /// Truth is known of the seed rule alone, and of any version of it only which events it matches: published ones
    /// group by other fields. Of the other rules it is held that each was run or refused by name.
    private static func differences(
        _ counts: [String: RuleCounts?], _ rules: [String], truth: SeedTruth
    ) -> [Difference] {
        var found: [Difference] = []
        if let lost = rules.first(where: { counts[$0] == nil }) {
            found.append(Difference(side: "content", text: "nothing is told of the detection '\(lost)'"))
        }
        let seed = counts[SeedRule.name] ?? nil
        if let difference = Difference.ofCounts(
            "content", "events match the seed rule", found: seed?.eventCount, truth: truth.matchedEventCount)
        {
            found.append(difference)
        }
        return found
    }
}
