import Matching
import Synchronization

// `ecr.amazonaws.com` stands in each CloudTrail event of ECR and its end in nearly all events: to look for it beside
// `PutImage` costs more than all else and finds nothing that `PutImage` does not. How frequent words are is counted in the
// first events; which events are candidates may change by it, what a search gives does not.

/// Words that are worth looking for, shared by the workers of one scan.
final class LiteralTuning: Sendable {
    /// So many events are looked at with all words.
    private static let sampledEvents = 8_192

    private struct State {
        var eventCount = 0
        var counts: [Int]
        var isDecided = false
        var tuned: Tuned?
    }

    struct Tuned: Sendable {
        var plan: LiteralPlan
        var scanner: LiteralScanner
    }

    private let plan: LiteralPlan
    private let state: Mutex<State>

    init(_ plan: LiteralPlan) {
        self.plan = plan
        state = Mutex(State(counts: [Int](repeating: 0, count: plan.wordCount)))
    }

    /// What to use from now on; nil for what the scan began with.
    var tuned: Tuned? { state.withLock { $0.tuned } }

    /// Adds what a chunk's events hold. Once there are enough, decides.
    ///
    /// - Parameter isUsable: whether a field stands in the text of the events that a request looks at, as far as is known.
    func record(_ hits: LiteralPlan.Hits, isUsable: (_ request: Int, _ field: String) -> Bool) throws {
        try state.withLock { state in
            guard !state.isDecided else { return }
            state.eventCount += hits.eventCount
            for word in hits.allWords { state.counts[Int(word)] += 1 }
            guard state.eventCount >= Self.sampledEvents else { return }
            state.isDecided = true
            guard let fewer = plan.reduced(state.counts, of: state.eventCount, isUsable: isUsable) else { return }
            state.tuned = Tuned(plan: fewer, scanner: try fewer.makeScanner())
        }
    }
}

extension LiteralPlan {
    /// A clause that fewer events satisfy is kept beside a better one: it costs next to nothing and keeps more out.
    private static let rareShare = 0.02

    /// - Returns: nil where all clauses are worth it.
    fileprivate func reduced(
        _ counts: [Int], of eventCount: Int, isUsable: (_ request: Int, _ field: String) -> Bool
    ) -> LiteralPlan? {
        var isReduced = false
        let kept = clausesByRequest.enumerated().map { request, clauses in
            let shares = clauses.map { clause in
                Double(clause.reduce(0) { $0 + counts[$1.word] }) / Double(max(1, eventCount))
            }
            let best = clauses.indices.filter { clauses[$0].allSatisfy { isUsable(request, $0.field) } }
                .min { (shares[$0], $0) < (shares[$1], $1) }
            // Without a usable one nothing is known of what the others are worth elsewhere.
            guard let best else { return clauses }
            let kept = clauses.indices.filter { $0 == best || shares[$0] <= Self.rareShare }
            if kept.count < clauses.count { isReduced = true }
            return kept.map { clauses[$0] }
        }
        return isReduced ? selecting(kept) : nil
    }
}
