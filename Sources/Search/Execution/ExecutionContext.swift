import Columns
public import Formats
public import SPL

/// A search that cannot go on. It is the same value as a compile error: code, message, place and hint.
public typealias SearchError = Diagnostic

/// What a running search may know of the world, and what it has to tell about its run.
public struct ExecutionContext: Sendable {
    /// `now()`: when the search started, UTC microseconds. Never the machine's clock.
    public var nowMicroseconds: Int64
    /// The zone of the user who searches: `strftime`, `@d`, `convert ctime`.
    public var zone: TimeZoneRules
    /// The time range of the search; nil bounds are open. Half-open: `earliest <= _time < latest`.
    public var range: TimeRange
    public var limits: SearchLimits
    /// Where subsearches get their rows.
    public var rowSource: any RowSource
    /// What searches of this run wrote.
    public var state: SearchState
    /// Asked between batches: true when the search's time is up.
    public var isOverdue: (@Sendable () -> Bool)?
    /// 0 for a search of the user's, 1 for its subsearches, ...
    public internal(set) var depth = 0
    /// Regular expressions and time formats that this search has compiled.
    let patterns = PatternCache()
    /// What `random()` draws from.
    let random: RandomNumbers
    /// Truncations and other things that the reader of the result should know, in order of appearance.
    public var warnings: [Diagnostic] = []
    private var heldBytes = 0

    public init(
        nowMicroseconds: Int64, zone: TimeZoneRules = .utc, range: TimeRange = TimeRange(),
        limits: SearchLimits = SearchLimits(), rowSource: any RowSource = NoRowSource(),
        state: SearchState = SearchState()
    ) {
        self.nowMicroseconds = nowMicroseconds
        random = RandomNumbers(seed: nowMicroseconds)
        self.zone = zone
        self.range = range
        self.limits = limits
        self.rowSource = rowSource
        self.state = state
    }

    /// For a piece of the input: the same search, which has told and held nothing yet.
    func forPiece() -> ExecutionContext {
        var piece = ExecutionContext(
            nowMicroseconds: nowMicroseconds, zone: zone, range: range, limits: limits, rowSource: rowSource,
            state: state)
        piece.isOverdue = isOverdue
        piece.depth = depth
        return piece
    }

    /// Counts rows that a command holds back. - Throws: E306 over the limit.
    mutating func hold(_ bytes: Int) throws(SearchError) {
        heldBytes += bytes
        guard heldBytes <= limits.memoryBytes else {
            throw Diagnostic(
                "E306", "the search holds more than \(limits.memoryBytes >> 20) MiB of rows",
                hint: "filter earlier, keep fewer fields with `fields`, or narrow the time range")
        }
    }

    mutating func release(_ bytes: Int) { heldBytes -= bytes }

    /// - Throws: E307 when the search's time is up.
    func checkTime() throws(SearchError) {
        if let isOverdue, isOverdue() {
            throw Diagnostic(
                "E307", "the search runs longer than it may", hint: "narrow the time range, or raise --max-seconds")
        }
    }

    public mutating func warn(_ code: String, _ message: String, hint: String? = nil) {
        warn(Diagnostic(code, message, hint: hint, severity: .warning))
    }

    mutating func warn(_ warning: Diagnostic) {
        if !warnings.contains(warning) { warnings.append(warning) }
    }
}

/// Half-open range of event time in UTC microseconds; nil is unbounded.
public struct TimeRange: Hashable, Sendable {
    public var earliest: Int64?
    public var latest: Int64?

    public init(earliest: Int64? = nil, latest: Int64? = nil) {
        self.earliest = earliest
        self.latest = latest
    }

    public func contains(_ microseconds: Int64) -> Bool {
        if let earliest, microseconds < earliest { return false }
        if let latest, microseconds >= latest { return false }
        return true
    }

    public func intersection(_ other: TimeRange) -> TimeRange {
        TimeRange(
            earliest: [earliest, other.earliest].compactMap { $0 }.max(),
            latest: [latest, other.latest].compactMap { $0 }.min())
    }
}
