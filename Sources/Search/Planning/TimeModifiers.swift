import Columns
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

    /// `timeformat="%Y-%m-%d"` says how `starttime` and `endtime` beside it are written.
    ///
    /// - Throws: E326 for a format that is none, and for a time that does not fit it.
    func applyingTimeFormat(zone: TimeZoneRules) throws(Diagnostic) -> SearchExpression {
        var format: TimeFormat?
        for case .timeModifier("timeformat", let text, let span) in conjuncts {
            do throws(TimeFormatError) {
                format = try TimeFormat(text)
            } catch {
                throw Diagnostic("E326", "'\(text)' is no time format: \(error.message)", span: span)
            }
        }
        guard let format else { return self }
        var terms: [SearchExpression] = []
        for term in conjuncts {
            guard case .timeModifier(let name, let value, let span) = term else {
                terms.append(term)
                continue
            }
            if name == "timeformat" { continue }
            guard name == "starttime" || name == "endtime" else {
                terms.append(term)
                continue
            }
            let parsed = Array(value.utf8).withUnsafeBytes { format.parse($0, from: 0, zone: zone) }
            guard let parsed else {
                throw Diagnostic(
                    "E326", "'\(value)' is no time of the format of 'timeformat'", span: span,
                    hint: "write the time as timeformat says")
            }
            let seconds = NumberText.print(Double(parsed.microseconds) / 1_000_000)
            terms.append(.timeModifier(name: name, value: seconds, span))
        }
        return terms.isEmpty ? .all : (terms.count == 1 ? terms[0] : .and(terms))
    }
}
