import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "Date and time functions". Times are seconds since the epoch with
// a fraction; the zone is that of the user who searches.

extension EvalFunction {
    static let now = EvalFunction(
        "now", arity: 0...0, group: .time,
        summary: "When the search started: the same for every row.", examples: ["now()": "1763886000"]
    ) { arguments throws(SearchError) in
        .number((Double(arguments.context.nowMicroseconds) / 1_000_000).rounded(.down))
    }

    static let relativeTime = EvalFunction(
        "relative_time", arity: 2...2, group: .time,
        summary: "A time moved and snapped by a time modifier such as -1d@d; null for a bad modifier.",
        examples: [#"relative_time(1763886000, "@d")"#: "1763856000"]
    ) { arguments throws(SearchError) in
        guard let seconds = try arguments.number(0), let modifier = try arguments.text(1),
            Swift.abs(seconds) < 1e11, let relative = try? RelativeTime.parse(modifier.string)
        else { return .null }
        let moved = relative.resolve(now: Int64((seconds * 1_000_000).rounded()), zone: arguments.context.zone)
        return .number(Double(moved) / 1_000_000)
    }

    static let strftime = EvalFunction(
        "strftime", arity: 2...2, group: .time, summary: "A time as text in a format of % variables.",
        examples: [#"strftime(1763886000, "%Y-%m-%dT%H:%M:%S")"#: "2025-11-23T08:20:00"]
    ) { arguments throws(SearchError) in
        let value = try arguments.value(0)
        guard let format = try arguments.text(1) else { return .null }
        let compiled = try arguments.context.patterns.format(format)
        let zone = arguments.context.zone
        return .list(
            value.elements.map { element in
                guard let seconds = element.numeric, Swift.abs(seconds) < 1e11 else { return .null }
                return .text(
                    Text(compiled.format(microseconds: Int64((seconds * 1_000_000).rounded()), zone: zone)))
            })
    }

    static let strptime = EvalFunction(
        "strptime", arity: 2...2, group: .time,
        summary: "The time that a text gives in a format of % variables; null when it does not fit.",
        examples: [#"strptime("2025-11-23 08:20:00", "%Y-%m-%d %H:%M:%S")"#: "1763886000"]
    ) { arguments throws(SearchError) in
        guard let text = try arguments.text(0), let format = try arguments.text(1) else { return .null }
        let compiled = try arguments.context.patterns.format(format)
        let zone = arguments.context.zone
        let parsed = text.bytes.withUnsafeBytes { compiled.parse($0, from: 0, zone: zone) }
        guard let parsed else { return .null }
        return .number(Double(parsed.microseconds) / 1_000_000)
    }
}
