/// A window that moves forward over an entity's events, with the score of what is in it.
///
/// Each event enters once and leaves once: a walk over n events and t ticks costs O(n log n + t), and O(n + t) under a
/// plain sum when the events come in order.
public struct WindowWalk: Sendable {
    /// The score of the events with `windowStartMicroseconds <= _time < windowEndMicroseconds`.
    public private(set) var score: SlidingScore
    /// Exclusive; nil before the first move.
    public private(set) var windowEndMicroseconds: Int64?
    private let lengthMicroseconds: Int64
    private let events: [LedgerEvent]
    private var oldest = 0
    private var next = 0

    /// - Parameters:
    ///   - events: an entity's events, in any order, keys distinct.
    ///   - lengthMicroseconds: of the window; at least 1.
    public init(_ events: some Sequence<LedgerEvent>, profile: ScoringProfile, lengthMicroseconds: Int64) {
        precondition(lengthMicroseconds > 0, "a window without length")
        self.events = events.inLedgerOrder()
        self.lengthMicroseconds = lengthMicroseconds
        score = SlidingScore(profile: profile)
    }

    /// Inclusive; nil before the first move.
    public var windowStartMicroseconds: Int64? { windowEndMicroseconds.map { Self.start($0, lengthMicroseconds) } }

    /// The events in the window, in the order in which they are counted.
    public var eventsInWindow: ArraySlice<LedgerEvent> { events[oldest..<next] }

    /// How many events a move brought in and how many it left behind. A score that fell with `entered` 0 fell by
    /// slide-out alone.
    public struct Move: Sendable, Hashable {
        public var entered: Int
        public var left: Int

        var isChange: Bool { entered > 0 || left > 0 }
    }

    /// Moves the window's end.
    ///
    /// - Parameter end: UTC microseconds, exclusive; not before the end there is.
    @discardableResult
    public mutating func move(toEnd end: Int64) -> Move {
        precondition(windowEndMicroseconds.map { $0 <= end } ?? true, "a window moves forward only")
        windowEndMicroseconds = end
        let start = Self.start(end, lengthMicroseconds)
        var move = Move(entered: 0, left: 0)
        while oldest < next, events[oldest].timeMicroseconds < start {
            score.remove(events[oldest])
            oldest += 1
            move.left += 1
        }
        while next < events.count, events[next].timeMicroseconds < end {
            if events[next].timeMicroseconds < start {
                // It came and went between two ticks.
                oldest = next + 1
            } else {
                score.add(events[next])
                move.entered += 1
            }
            next += 1
        }
        return move
    }

    private static func start(_ end: Int64, _ length: Int64) -> Int64 {
        let (start, isTooEarly) = end.subtractingReportingOverflow(length)
        return isTooEarly ? .min : start
    }
}
