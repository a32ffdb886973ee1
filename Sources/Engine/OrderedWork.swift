import Dispatch
import Foundation
import Synchronization

/// Work on items by several threads whose pieces are handed over in the items' order, one at a time: what comes out does
/// not depend on the number of threads.
///
/// A piece waits with its item until all items before it are through. An item that gives more than one piece before its
/// turn waits too, so that no more is held than one piece for each of the last `lookAhead` items.
final class OrderedWork<Piece: Sendable>: Sendable {
    private struct State {
        /// The first item that nobody has begun.
        var next = 0
        /// All items before it are through.
        var turn = 0
        var held: [Int: Piece] = [:]
        var finished: Set<Int> = []
        var isHandingOver = false
        var failure: (any Error)?
    }

    private let count: Int
    private let runsAlone: @Sendable (Int) -> Bool
    private let handOver: @Sendable (Piece) throws -> Void
    private let state = Mutex(State())
    private let changed = NSCondition()

    private static var lookAhead: Int { 64 }

    /// - Parameters:
    ///   - runsAlone: asked of an item: all before it must be through when it begins, and none begins beside it.
    ///   - work: on any thread; calls its second argument for each piece. An error stops everything.
    ///   - handOver: on any thread, one call at a time.
    static func run(
        count: Int, threadCount: Int, runsAlone: @escaping @Sendable (Int) -> Bool = { _ in false },
        _ work: @Sendable (Int, (Piece) throws -> Void) throws -> Void,
        handOver: @escaping @Sendable (Piece) throws -> Void
    ) throws {
        let pool = OrderedWork(count: count, runsAlone: runsAlone, handOver: handOver)
        DispatchQueue.concurrentPerform(iterations: max(1, min(threadCount, count))) { _ in
            do {
                while let item = pool.take() {
                    try work(item) { try pool.give($0, of: item) }
                    try pool.finish(item)
                }
            } catch {
                pool.fail(error)
            }
        }
        if let failure = pool.state.withLock({ $0.failure }) { throw failure }
    }

    private init(
        count: Int, runsAlone: @escaping @Sendable (Int) -> Bool, handOver: @escaping @Sendable (Piece) throws -> Void
    ) {
        self.count = count
        self.runsAlone = runsAlone
        self.handOver = handOver
    }

    /// The next item to begin; nil when there is none, or when another failed.
    private func take() -> Int? {
        waiting { state in
            if state.failure != nil || state.next >= count { return .some(nil) }
            let item = state.next
            guard item < state.turn + Self.lookAhead else { return nil }
            // Whatever runs alone is the only item between turn and next.
            if runsAlone(item), state.turn < item { return nil }
            if item > state.turn, (state.turn..<item).contains(where: { runsAlone($0) }) { return nil }
            state.next += 1
            return .some(item)
        }
    }

    private func give(_ piece: Piece, of item: Int) throws {
        let isHeld = state.withLock { state in
            guard state.turn != item, state.held[item] == nil else { return false }
            state.held[item] = piece
            return true
        }
        if isHeld { return }
        // A second piece: only in its turn.
        let isTurn = waiting { state in
            if state.failure != nil { return false }
            guard state.turn == item, !state.isHandingOver else { return nil }
            state.isHandingOver = true
            return true
        }
        guard isTurn else { throw CancellationError() }
        defer { release() }
        if let first = state.withLock({ $0.held.removeValue(forKey: item) }) { try handOver(first) }
        try handOver(piece)
    }

    /// Hands over what is held of all items that are through now.
    private func finish(_ item: Int) throws {
        let mayHandOver = state.withLock { state in
            state.finished.insert(item)
            guard state.turn == item, !state.isHandingOver else { return false }
            state.isHandingOver = true
            return true
        }
        guard mayHandOver else { return }
        do {
            while let piece = nextHeld() {
                if let piece { try handOver(piece) }
                state.withLock { $0.turn += 1 }
                release(keepsHandingOver: true)
            }
        } catch {
            release()
            throw error
        }
        release(keepsHandingOver: true)
    }

    /// Of the item whose turn it is, if that is through: what it still has, which may be nothing. Else nil, and nobody hands
    /// over any more.
    private func nextHeld() -> Piece?? {
        state.withLock { state in
            guard state.failure == nil, state.finished.remove(state.turn) != nil else {
                state.isHandingOver = false
                return nil
            }
            return .some(state.held.removeValue(forKey: state.turn))
        }
    }

    private func fail(_ error: any Error) {
        state.withLock { state in
            if state.failure == nil, !(error is CancellationError) { state.failure = error }
        }
        release(keepsHandingOver: true)
    }

    private func release(keepsHandingOver: Bool = false) {
        changed.lock()
        if !keepsHandingOver { state.withLock { $0.isHandingOver = false } }
        changed.broadcast()
        changed.unlock()
    }

    /// Waits until `answer` is not nil. It is asked again after each change.
    private func waiting<Answer>(_ answer: (inout State) -> Answer?) -> Answer {
        changed.lock()
        defer { changed.unlock() }
        while true {
            if let answer = state.withLock({ answer(&$0) }) { return answer }
            changed.wait()
        }
    }
}
