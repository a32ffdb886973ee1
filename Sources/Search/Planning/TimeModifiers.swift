import Formats
import SPL

/// `earliest=`, `latest=` and their older kin.
///
/// Source: Splunk Search Reference 9.4, "Time modifiers": earliest is inclusive, latest exclusive.
///
/// `_index_earliest=` and `_index_latest=` are no time range: they filter events by `_indextime`, or by `_time` where
/// nothing says when an event was indexed.
enum TimeModifiers {
    /// - Throws: E325 for a modifier that is not supported, E326 for a value that is no time.
    static func bound(
        _ name: String, _ value: String, _ span: Span
    ) throws(Diagnostic) -> (isEarliest: Bool, bound: SourceTimes.Bound) {
        let name = name.lowercased()
        switch name {
        case "earliest", "starttime", "starttimeu", "_index_earliest": return (true, try instant(value, span))
        case "latest", "endtime", "endtimeu", "_index_latest": return (false, try instant(value, span))
        default: break
        }
        for (suffix, unit) in units where name.hasSuffix(suffix) {
            let side = name.dropLast(suffix.count)
            guard ["start", "end", ""].contains(side) else { break }
            guard let count = Int(value), count >= 0 else {
                throw Diagnostic(
                    "E326", "'\(value)' is no count for '\(name)'", span: span, hint: "write a whole number")
            }
            return (side != "end", try instant("-\(count)\(unit)", span))
        }
        throw Diagnostic(
            "E325", "time modifier '\(name)' is not supported", span: span,
            hint: "supported: earliest, latest, starttime, endtime, starthoursago, endhoursago and their kin")
    }

    private static let units: [(suffix: String, unit: String)] = [
        ("minutesago", "m"), ("hoursago", "h"), ("daysago", "d"), ("monthsago", "mon"),
    ]

    private static func instant(_ value: String, _ span: Span) throws(Diagnostic) -> SourceTimes.Bound {
        if value == "0" || value == "1" { return .open }
        do {
            return .at(try RelativeTime.parse(value), text: value)
        } catch {
            throw Diagnostic(
                "E326", "'\(value)' is no time: \(error.message)", span: span,
                hint: "write -24h@h, now, epoch seconds or an ISO 8601 time")
        }
    }
}

extension SearchExpression {
    /// A time modifier on the time of events, not on that of their indexing.
    var setsTimeRange: Bool {
        if case .timeModifier(let name, _, _) = self { !name.hasPrefix("_index_") } else { false }
    }
}
