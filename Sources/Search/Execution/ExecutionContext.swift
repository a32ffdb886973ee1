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
    /// Regular expressions and time formats that this search has compiled.
    let patterns = PatternCache()
    /// Truncations and other things that the reader of the result should know, in order of appearance.
    public var warnings: [Diagnostic] = []

    public init(
        nowMicroseconds: Int64, zone: TimeZoneRules = .utc, range: TimeRange = TimeRange(),
        limits: SearchLimits = SearchLimits()
    ) {
        self.nowMicroseconds = nowMicroseconds
        self.zone = zone
        self.range = range
        self.limits = limits
    }

    public mutating func warn(_ code: String, _ message: String, hint: String? = nil) {
        let warning = Diagnostic(code, message, hint: hint, severity: .warning)
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

/// Splunk's limits as named constants with Splunk's defaults (limits.conf and the search reference pages named).
public struct SearchLimits: Hashable, Sendable {
    /// `sort` keeps this many rows when no count is written (Search Reference, "sort").
    public var sortRows = 10_000
    /// `list()` keeps this many values (Search Reference, "Multivalue stats and chart functions").
    public var listValues = 100

    public init() {}
}
