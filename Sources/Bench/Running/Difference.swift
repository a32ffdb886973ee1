/// An answer that is not what it must be.
public struct Difference: Hashable, Sendable, CustomStringConvertible {
    /// Who gave it, and of what data.
    public var side: String
    /// What is wrong, in a line or in three.
    public var text: String

    public var description: String { "\(side): \(text)" }

    /// The first row in which an answer is not the truth.
    ///
    /// - Parameters:
    ///   - found: in any order; rows that come twice count twice.
    /// - Returns: nil where both have the same rows.
    static func ofRows(_ side: String, found: [SeedRow], truth: [SeedRow]) -> Difference? {
        let found = found.sorted()
        let truth = truth.sorted()
        guard found != truth else { return nil }
        let place = zip(found, truth).prefix { $0 == $1 }.count
        var here = place < found.count ? found[place] : nil
        var there = place < truth.count ? truth[place] : nil
        // Of different groups, the one that stands first is what the other side lacks.
        if let mine = here, let theirs = there, mine.group != theirs.group {
            if mine < theirs { there = nil } else { here = nil }
        }
        return Difference(
            side: side,
            text: "\(found.count) groups, \(truth.count) expected; the first that differs:\n"
                + "  expected: \(there?.description ?? "no such group")\n"
                + "  found:    \(here?.description ?? "no such group")")
    }

    static func ofCounts(_ side: String, _ what: String, found: Int?, truth: Int) -> Difference? {
        found == truth
            ? nil
            : Difference(side: side, text: "\(found.map(String.init) ?? "no number of") \(what), \(truth) expected")
    }
}
