/// Something that is measured: a file of its own and a line in ``BenchCases``.
protocol BenchCase: Sendable {
    /// As in `--case`.
    static var name: String { get }
    /// What is measured, in a line.
    static var summary: String { get }

    /// Prepares the data; runs nothing that is measured.
    ///
    /// - Throws: ``BenchError``.
    static func plan(_ bench: Workbench) throws -> CasePlan
}

/// What a case does: its sides are checked first, then measured in turn, round after round.
struct CasePlan {
    var sides: [Side] = []
    var ratios: [Ratio] = []
    /// What is left out, and why; a line each.
    var notes: [String] = []

    struct Ratio {
        /// Places in `sides`: time of the first over time of the second.
        var of: Int
        var to: Int
        /// What the project wants it to be at most; only `--limit` makes it fail.
        var aim: Double?
    }

    /// A case that cannot be measured here.
    static func skipped(_ reason: String) -> CasePlan { CasePlan(notes: [reason]) }
}

/// One of those that do the same work.
struct Side {
    var title: String
    /// What it reads.
    var file: TrailFile
    /// Sides of the same key give the same answer; one of them is checked.
    var checkKey: String
    /// How its answer is not the truth.
    var check: () throws -> [Difference]
    var measure: () throws -> Sample
}
