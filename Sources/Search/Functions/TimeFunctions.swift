import Columns
import Formats
import SPL

// Source of this file: Splunk Search Reference 9.4, "Date and time functions". Times are seconds since the epoch with
// a fraction; the zone is that of the user who searches.

extension EvalFunction {
    static let now = EvalFunction(
        "now", arity: 0...0, group: .time,
        summary: "When the search started: the same for every row.", examples: ["now()": "1763886000"],
        readsClock: true
    ) { arguments throws(SearchError) in
        .number((Double(arguments.context.nowMicroseconds) / 1_000_000).rounded(.down))
    }

    static let relativeTime = EvalFunction(
        "relative_time", arity: 2...2, group: .time,
        summary: "A time moved and snapped by a time modifier such as -1d@d; null for a bad modifier.",
        examples: [
            #"relative_time(1763886000, "@d")"#: "1763856000", #"relative_time(now(), "-1d@d")"#: "1763769600",
            #"relative_time(1700000000, "-h@h")"#: "1699995600", #"relative_time(1700000000, "@mon")"#: "1698796800",
            #"relative_time(1700000000, "@w7")"#: "1699747200", #"relative_time(1700000000, "+1d@d-2h")"#: "1699999200",
            #"relative_time(1700000000, "soon")"#: "null", #"relative_time("a", "@d")"#: "null",
        ]
    ) { arguments throws(SearchError) in
        guard let seconds = try arguments.number(0), let modifier = try arguments.text(1),
            Swift.abs(seconds) < 1e11, let relative = try? RelativeTime.parse(modifier.string), !relative.isAbsolute
        else { return .null }
        let moved = relative.resolve(now: Int64((seconds * 1_000_000).rounded()), zone: arguments.context.zone)
        return .number(Double(moved) / 1_000_000)
    }

    static let strftime = EvalFunction(
        "strftime", arity: 2...2, group: .time, summary: "A time as text in a format of % variables.",
        examples: [
            #"strftime(1763886000, "%Y-%m-%dT%H:%M:%S")"#: "2025-11-23T08:20:00",
            #"strftime(1521467703049000000/pow(10,9), "%Y-%m-%dT%H:%M:%S.%Q")"#: "2018-03-19T13:55:03.049",
            #"strftime(1700000000, "%c")"#: "Tue Nov 14 22:13:20 2023",
            #"strftime(1700000000, "%F %T %z")"#: "2023-11-14 22:13:20 +0000",
            #"strftime(1660500015, "%V")"#: "32",
            #"strftime(1700000000, "%I:%M %p, %A %e %B")"#: "10:13 PM, Tuesday 14 November",
            #"strftime("a", "%Y")"#: "null",
        ]
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
        summary: """
            The time that a text gives in a format of % variables; null when it does not fit. A time of day without a \
            date is one of today; a year and month without a day are none.
            """,
        examples: [
            #"strptime("2025-11-23 08:20:00", "%Y-%m-%d %H:%M:%S")"#: "1763886000",
            #"strptime("2023-11-14T23:13:20+0100", "%Y-%m-%dT%H:%M:%S%z")"#: "1700000000",
            #"strptime("Sat 7/23/2022 17:19:01.89", "%a %m/%d/%Y %H:%M:%S.%N")"#: "1658596741.89",
            #"strptime("Mon Aug 13 00:00:00 2018", "%a %B %d %H:%M:%S.%N %Y")"#: "1534118400",
            #"strptime("11:59", "%H:%M")"#: "1763899140", #"strptime("1534143600", "%s")"#: "1534143600",
            #"strptime("2025-11", "%Y-%m")"#: "null",
            #"strptime("yesterday", "%Y-%m-%d")"#: "null",
        ], readsClock: true
    ) { arguments throws(SearchError) in
        guard let format = try arguments.text(1) else { return .null }
        let compiled = try arguments.context.patterns.format(format)
        let zone = arguments.context.zone
        let today = compiled.isTimeOfDay ? arguments.context.nowMicroseconds : nil
        return try arguments.mapText(0) { text throws(SearchError) in
            let parsed = compiled.parse(text.bytes, zone: zone, referenceMicroseconds: today)
            return parsed.map { .number(Double($0.microseconds) / 1_000_000) } ?? .null
        }
    }

    static let time = EvalFunction(
        "time", arity: 0...0, group: .time,
        summary: "When the search started, with its microseconds: a run never looks at the machine's clock.",
        examples: ["time()": "1763886000", "if(time() >= now(), 1, 0)": "1"], readsClock: true
    ) { arguments throws(SearchError) in .number(Double(arguments.context.nowMicroseconds) / 1_000_000) }
}
