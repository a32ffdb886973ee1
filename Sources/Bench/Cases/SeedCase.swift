/// The seed rule: the whole program, from start to exit, against the query alone of warm engines.
enum SeedCase: BenchCase {
    static let name = "seed"
    static let summary = "`accrue run FILE --once` with the shipped rules, against each peer's query of the seed rule"

    static func plan(_ bench: Workbench) throws -> CasePlan {
        let file = try bench.file(eventCount: bench.options.eventCount)
        let peers = bench.peers.map { $0.side(bench, file) }
        return CasePlan(
            sides: [SeedRule.side(bench, file)] + peers,
            ratios: peers.indices.map { CasePlan.Ratio(of: 0, to: $0 + 1) }, notes: bench.absentPeers)
    }
}
