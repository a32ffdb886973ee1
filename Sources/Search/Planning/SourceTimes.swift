public import Formats
import SPL

/// The time range that a search sets for itself (`earliest=-24h latest=now`), counted from when it runs. It overrides the
/// range around it, bound by bound. Source: Splunk Search Reference 9.4, "Time modifiers".
public struct SourceTimes: Hashable, Sendable {
    public enum Bound: Hashable, Sendable {
        /// `earliest=0`: all time.
        case open
        case at(RelativeTime, text: String)
    }

    public var earliest: Bound?
    public var latest: Bound?

    public init() {}

    /// The range of a search that runs now, inside `outer`.
    public func range(nowMicroseconds: Int64, zone: TimeZoneRules, outer: TimeRange) -> TimeRange {
        func resolved(_ bound: Bound?, _ outer: Int64?) -> Int64? {
            switch bound {
            case nil: outer
            case .open: nil
            case .at(let time, _): time.resolve(now: nowMicroseconds, zone: zone)
            }
        }
        return TimeRange(earliest: resolved(earliest, outer.earliest), latest: resolved(latest, outer.latest))
    }

    /// As a schedule's window is written; nil where the search says nothing.
    public var earliestText: String? { Self.text(earliest, open: "0") }
    public var latestText: String? { Self.text(latest, open: "+100y") }

    private static func text(_ bound: Bound?, open: String) -> String? {
        switch bound {
        case nil: nil
        case .open: open
        case .at(_, let text): text
        }
    }

    /// - Throws: E325 for a time modifier that is not supported, E326 for a value that is no time.
    init(_ terms: [SearchExpression]) throws(Diagnostic) {
        for case .timeModifier(let name, let value, let span) in terms.filter(\.setsTimeRange) {
            let (isEarliest, bound) = try TimeModifiers.bound(name, value, span)
            if isEarliest { earliest = bound } else { latest = bound }
        }
    }
}
