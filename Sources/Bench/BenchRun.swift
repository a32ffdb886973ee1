/// A benchmark: data, answers, then times.
public struct BenchRun {
    public let options: BenchOptions
    private let tell: (String) -> Void

    /// - Parameter tell: gets a line about each step.
    public init(_ options: BenchOptions, tell: @escaping (String) -> Void) {
        self.options = options
        self.tell = tell
    }

    /// Checks all answers of all cases; when they are right, measures each case, its sides in turn.
    ///
    /// - Throws: ``BenchError``; E903 with every difference when an answer is not the truth.
    public func run() throws -> BenchReport {
        let bench = try Workbench(options, tell: tell)
        let cases = BenchCases.named(options.caseNames)
        let plans = try cases.map { (name: $0.name, plan: try $0.plan(bench)) }
        try checkAnswers(of: plans.map(\.plan))
        let data = try bench.file(eventCount: options.eventCount)
        return BenchReport(
            machine: bench.machine, seed: options.seed, roundCount: options.roundCount,
            data: BenchReport.Data(
                path: data.path, eventCount: data.truth.eventCount, byteCount: data.truth.byteCount,
                matchedEventCount: data.truth.matchedEventCount, groupCount: data.truth.rows.count),
            versions: bench.peers.map { BenchReport.Version(name: $0.peer.title, version: $0.version) },
            cases: try plans.map { try measure($0.name, $0.plan) }, limits: options.limits,
            ownPeakBytes: Machine.ownPeakBytes)
    }

    private func checkAnswers(of plans: [CasePlan]) throws {
        var seen: Set<String> = []
        var differences: [Difference] = []
        for side in plans.flatMap(\.sides) where seen.insert(side.checkKey).inserted {
            tell("answers: \(side.title)")
            differences += try side.check()
        }
        guard differences.isEmpty else {
            throw BenchError(
                .answers,
                "answers differ, so nothing is timed\n" + differences.map(\.description).joined(separator: "\n"))
        }
    }

    private func measure(_ name: String, _ plan: CasePlan) throws -> BenchReport.Case {
        var samples = plan.sides.map { _ in [Sample]() }
        for round in 0..<(plan.sides.isEmpty ? 0 : options.roundCount) {
            tell("\(name): round \(round + 1) of \(options.roundCount)")
            for (place, side) in plan.sides.enumerated() { samples[place].append(try side.measure()) }
        }
        let sides = zip(plan.sides, samples).map { side, samples in
            BenchReport.Side(
                title: side.title, eventCount: side.file.truth.eventCount, byteCount: side.file.truth.byteCount,
                samples: samples)
        }
        let ratios = plan.ratios.map { ratio in
            BenchReport.Ratio(
                of: sides[ratio.of].title, to: sides[ratio.to].title,
                value: sides[ratio.of].bestSeconds / sides[ratio.to].bestSeconds, aim: ratio.aim)
        }
        return BenchReport.Case(name: name, sides: sides, ratios: ratios, notes: plan.notes)
    }
}
