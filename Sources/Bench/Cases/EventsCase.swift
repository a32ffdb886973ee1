/// How time and memory grow with the number of events.
enum EventsCase: BenchCase {
    static let name = "events"
    static let summary = "the same run over a tenth of the events and over all: time 10.5 times at most, memory of both"
    static let aim = 10.5

    static func plan(_ bench: Workbench) throws -> CasePlan {
        let count = bench.options.eventCount
        let tenth = try bench.file(eventCount: count / 10)
        let all = try bench.file(eventCount: count)
        return CasePlan(
            sides: [
                SeedRule.side(bench, tenth, title: "\(tenth.truth.eventCount) events"),
                SeedRule.side(bench, all, title: "\(all.truth.eventCount) events"),
            ], ratios: [CasePlan.Ratio(of: 1, to: 0, aim: aim)])
    }
}
