import RiskIndex

/// The step of a finding's life in which each risk event joined it.
///
/// The index keeps a finding's events in the order in which they joined, and of each step the window and how many events
/// it held: the step of an event follows from these. Events that are not among a finding's own were silenced, or stood in
/// the window at which it closed, or came too late for any of its runs.
struct FindingJoins {
    private let steps: [LifeStep]
    private let events: [LedgerEvent]
    /// By step and event key, what silences the event.
    private let silencers: [[UInt64: Int]]
    /// By event; nil for one that did not join.
    private(set) var stepOfEvent: [Int?]
    /// By step, how many of the events that joined until then its window holds.
    private var counts: [Int]

    /// - Parameters:
    ///   - events: in ledger order.
    ///   - named: keys of the finding's own events, as they joined.
    init(_ steps: [LifeStep], _ events: [LedgerEvent], named: [UInt64], silencers: [[UInt64: Int]]) {
        self.steps = steps
        self.events = events
        self.silencers = silencers
        stepOfEvent = Array(repeating: nil, count: events.count)
        counts = Array(repeating: 0, count: steps.count)
        let positions = Dictionary(named.enumerated().map { ($1, $0) }) { first, _ in first }
        let own = events.indices.compactMap { index in positions[events[index].key].map { (position: $0, index: index) }
        }
        joinOwn(own.sorted { $0.position < $1.position })
        joinOthers()
    }

    private mutating func joinOwn(_ own: [(position: Int, index: Int)]) {
        var current = 1
        for (position, index) in own {
            guard position >= steps[0].riskEventCount, steps.count > 1 else {
                join(index, 0)
                continue
            }
            if let step = (current..<steps.count).first(where: { takes($0, index) }) {
                current = step
                join(index, step)
            } else {
                // Its window does not hold it any more: names have parted.
                join(index, (current..<steps.count).first { steps[$0].state != .closed } ?? 0)
            }
        }
        // It stood in a window before, silenced.
        for (_, index) in own {
            if let silenced = firstSilenced(index), let step = stepOfEvent[index], silenced < step {
                stepOfEvent[index] = silenced
            }
        }
    }

    private mutating func joinOthers() {
        for index in events.indices where stepOfEvent[index] == nil {
            if let step = firstSilenced(index) {
                stepOfEvent[index] = step
            } else if let step = steps.indices.first(where: { isLastWordOn(index, $0) }) {
                join(index, step)
            }
        }
    }

    /// Whether a step may be the one in which the finding got the event.
    private func takes(_ step: Int, _ index: Int) -> Bool {
        let (time, candidate) = (events[index].timeMicroseconds, steps[step])
        guard candidate.state != .closed, candidate.reaches(time), silencers[step][events[index].key] == nil else {
            return false
        }
        return !candidate.holds(time) || counts[step] < candidate.riskEventCount
    }

    /// Whether a finding closed at a window that held the event, which then is none of the finding's own.
    private func isLastWordOn(_ index: Int, _ step: Int) -> Bool {
        steps[step].state == .closed && steps[step].holds(events[index].timeMicroseconds)
            && counts[step] < steps[step].riskEventCount
    }

    private func firstSilenced(_ index: Int) -> Int? {
        steps.indices.first {
            silencers[$0][events[index].key] != nil && steps[$0].reaches(events[index].timeMicroseconds)
        }
    }

    private mutating func join(_ index: Int, _ step: Int) {
        stepOfEvent[index] = step
        for later in step..<steps.count
        where steps[later].holds(events[index].timeMicroseconds) && silencers[later][events[index].key] == nil {
            counts[later] += 1
        }
    }
}
