/// Nanoseconds of a clock that only goes forward.
public typealias Stopwatch = @Sendable () -> UInt64

/// What one rule took.
public struct RuleEffort: Sendable {
    /// Events that were parsed because they hold the words of its search, and their text. Rules that start from the same
    /// events share them: each is told all of it.
    public var candidateCount = 0
    public var candidateBytes = 0
    /// Of its first filter, on all threads together; shared like the events.
    public var filterNanoseconds: UInt64 = 0
    /// Of what came behind it, on one thread: commands, windows, risk events; without writing, which rules do in turn.
    public var runNanoseconds: UInt64 = 0
}
