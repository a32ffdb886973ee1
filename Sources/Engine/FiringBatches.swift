import RiskIndex
import Synchronization

/// Firings of several rules on their way to the index: most rules have a handful, and a transaction for each of them
/// writes the same pages again and again.
///
/// Not for rules that read the index: what is held must be written before those begin.
final class FiringBatches: Sendable {
    private struct State {
        var firings: [Firing] = []
        var starts: [ThrottleStart] = []
        var eventCount = 0
        var newEventCount = 0
    }

    private let index: RiskIndex
    private let state = Mutex(State())

    /// Of one transaction, and contributing events of theirs.
    private static let maximumFirings = 2_000
    private static let maximumEvents = 20_000

    init(_ index: RiskIndex) { self.index = index }

    /// Calls come in the order of the rules, one at a time.
    func add(_ firings: [Firing], _ starts: [ThrottleStart]) throws {
        let isFull = state.withLock { state in
            state.firings += firings
            state.starts += starts
            state.eventCount += firings.reduce(0) { $0 + $1.contributing.count }
            return state.firings.count >= Self.maximumFirings || state.eventCount >= Self.maximumEvents
        }
        if isFull { try write() }
    }

    /// Writes what is held.
    func write() throws {
        let (firings, starts) = state.withLock { state in
            defer { (state.firings, state.starts, state.eventCount) = ([], [], 0) }
            return (state.firings, state.starts)
        }
        guard !firings.isEmpty || !starts.isEmpty else { return }
        let added = try index.insert(firings, throttleStarts: starts).newEvents
        state.withLock { $0.newEventCount += added }
    }

    /// Risk events that the index did not have.
    var newEventCount: Int { state.withLock { $0.newEventCount } }
}
