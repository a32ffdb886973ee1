// What one rule adds to an entity's counted score, kept current while events come and go. A change runs through the
// stages of `ScoringProfile` as far as it changes what a stage passes on, mostly not beyond the first.

/// One rule's events of one entity in a window.
struct RuleScore: Sendable {
    /// What counts of the rule's events.
    private(set) var counted = ExactSum()
    private(set) var eventCount = 0
    private var firings: [UInt64: RankedScores] = [:]
    private var messages: [UInt64: RankedScores] = [:]
    /// What the first two stages leave, when a later stage has to know its order.
    private var kept = RankedScores()
    private var positive = ExactSum()
    private var negative = ExactSum()

    mutating func insert(_ score: RankedScore, firing: UInt64, _ profile: ScoringProfile) {
        eventCount += 1
        if profile.oncePerFiring {
            let change = Self.change(&firings, firing) { $0.insert(score) }
            passOn(change, profile)
        } else {
            insertInMessage(score, profile)
        }
        counted = limits(profile).counted
    }

    /// Removing a score that is not there changes nothing.
    mutating func remove(_ score: RankedScore, firing: UInt64, _ profile: ScoringProfile) {
        eventCount -= 1
        if profile.oncePerFiring {
            let change = Self.change(&firings, firing) { $0.remove(score) }
            passOn(change, profile)
        } else {
            removeFromMessage(score, profile)
        }
        counted = limits(profile).counted
    }

    /// The highest of a firing and of a message, as they count now.
    func best(firing: UInt64, message: UInt64) -> (firing: RankedScore?, message: RankedScore?) {
        (firings[firing]?.first, messages[message]?.first)
    }

    /// What the last two stages make of what the first two leave.
    struct Limits {
        /// What is above 0, after the message limit and before the cap.
        var uncapped = ExactSum()
        var cap: ExactSum?
        /// The highest, at least 0.
        var highest = 0.0
        /// The last one inside the message limit, when there are others beyond it.
        var cutAfter: RankedScore?
        var counted = ExactSum()

        var isCapped: Bool { cap.map { $0 < uncapped } ?? false }
    }

    func limits(_ profile: ScoringProfile) -> Limits {
        var limits = Limits()
        limits.uncapped = positive
        if let messageLimit = profile.messageLimit {
            let range = ScoringProfile.messageLimitRange
            limit(&limits, to: min(max(messageLimit, range.lowerBound), range.upperBound))
        }
        if let factor = profile.capFactor {
            limits.highest = max(kept.first?.score ?? 0, 0)
            limits.cap = ExactSum(factor > 0 ? factor * limits.highest : 0)
        }
        limits.counted = min(limits.uncapped, limits.cap ?? limits.uncapped) + negative
        return limits
    }

    private func limit(_ limits: inout Limits, to count: Int) {
        var sum = ExactSum()
        var left = count
        var last: RankedScore?
        kept.forEachFromHighest { score in
            guard score.score > 0 else { return false }
            guard left > 0 else {
                limits.cutAfter = last
                return false
            }
            left -= 1
            last = score
            sum += ExactSum(score.score)
            return true
        }
        limits.uncapped = sum
    }

    private typealias Change = (before: RankedScore?, after: RankedScore?)

    /// Changes one group, forgets it when nothing is left, and tells which one counted before and which does now.
    private static func change(
        _ groups: inout [UInt64: RankedScores], _ id: UInt64, _ body: (inout RankedScores) -> Void
    ) -> Change {
        func apply(_ group: inout RankedScores) -> Change {
            let before = group.first
            body(&group)
            return (before, group.first)
        }
        let change = apply(&groups[id, default: RankedScores()])
        if change.after == nil { groups[id] = nil }
        return change
    }

    private mutating func passOn(_ change: Change, _ profile: ScoringProfile) {
        guard change.before != change.after else { return }
        if let before = change.before { removeFromMessage(before, profile) }
        if let after = change.after { insertInMessage(after, profile) }
    }

    private mutating func insertInMessage(_ score: RankedScore, _ profile: ScoringProfile) {
        guard profile.dedupMessages else { return keep(score, profile) }
        let change = Self.change(&messages, score.message) { $0.insert(score) }
        guard change.before != change.after else { return }
        if let before = change.before { drop(before, profile) }
        if let after = change.after { keep(after, profile) }
    }

    private mutating func removeFromMessage(_ score: RankedScore, _ profile: ScoringProfile) {
        guard profile.dedupMessages else { return drop(score, profile) }
        let change = Self.change(&messages, score.message) { $0.remove(score) }
        guard change.before != change.after else { return }
        if let before = change.before { drop(before, profile) }
        if let after = change.after { keep(after, profile) }
    }

    private mutating func keep(_ score: RankedScore, _ profile: ScoringProfile) {
        if score.score > 0 { positive += ExactSum(score.score) } else { negative += ExactSum(score.score) }
        if profile.capFactor != nil || profile.messageLimit != nil { kept.insert(score) }
    }

    private mutating func drop(_ score: RankedScore, _ profile: ScoringProfile) {
        if score.score > 0 { positive -= ExactSum(score.score) } else { negative -= ExactSum(score.score) }
        if profile.capFactor != nil || profile.messageLimit != nil { kept.remove(score) }
    }
}
