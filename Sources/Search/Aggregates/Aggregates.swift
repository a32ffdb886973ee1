import SPL

/// Every stats function there is, sorted by name. A test compares it with the files of this folder.
public enum Aggregates {
    public static let all: [AggregateFunction] = [
        .avg, .count, .dc, .earliest, .earliestTime, .estdc, .estdcError, .first, .last, .latest, .latestTime, .list,
        .max, .median, .min, .mode, .range, .rate, .stdev, .stdevp, .sum,
        .sumsq, .values, .var, .varp,
    ]

    /// Functions that take a percentile from their name, `perc95(x)`; the longest prefixes come first.
    public static let percentilePrefixes = ["exactperc", "percentile", "upperperc", "perc", "p"]

    /// Other spellings that the reference documents.
    public static let otherNames: [String: AggregateFunction] = ["c": .count, "distinct_count": .dc, "mean": .avg]

    static let byName: [String: AggregateFunction] = otherNames.merging(
        Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    ) { _, function in function }

    /// The function of that name in any case, percentiles too; nil where there is none.
    static func function(named written: String) -> AggregateFunction? {
        let name = written.lowercased()
        if let function = byName[name] { return function }
        guard let (_, number) = percentileParts(name), let percent = percent(number) else { return nil }
        return .percentile(percent, name: name)
    }

    /// The function that stands in a command.
    ///
    /// - Throws: E375 for one that makes no sense there, E376 for a percentile that is none, E335 for any other.
    static func function(
        named written: String, command: String, span: Span?
    ) throws(Diagnostic) -> AggregateFunction {
        if let function = function(named: written) { return function }
        let name = written.lowercased()
        if let (reason, wayOut) = refused[name] {
            throw Diagnostic("E375", "\(command) has no '\(written)': \(reason)", span: span, hint: wayOut)
        }
        if let (prefix, number) = percentileParts(name) {
            throw Diagnostic(
                "E376", "'\(number)' in '\(written)' is no percentile", span: span,
                hint: "write a number from 0 to 100, as in \(prefix)95(<field>) or \(prefix)99.9(<field>)")
        }
        let nearest = NearestName.find(name, in: all.map(\.name))
        let supported = all.map(\.name) + ["perc<N>", "exactperc<N>", "upperperc<N>"]
        throw Diagnostic(
            "E335", "\(command) function '\(written)' is not supported", span: span,
            hint: nearest.map { "did you mean '\($0)'?" }
                ?? "supported: \(supported.joined(separator: ", "))")
    }

    /// - Parameter name: of a function, in lower case.
    static func isPercentile(_ name: String) -> Bool { percentileParts(name) != nil }

    private static func percentileParts(_ name: String) -> (prefix: String, number: Substring)? {
        for prefix in percentilePrefixes where name.hasPrefix(prefix) {
            let number = name.dropFirst(prefix.count)
            if let first = number.utf8.first, isDigitOrPoint(first) { return (prefix, number) }
        }
        return nil
    }

    private static func percent(_ number: Substring) -> Double? {
        guard number.utf8.count <= 32, number.utf8.allSatisfy(isDigitOrPoint), let percent = Double(number),
            percent <= 100
        else { return nil }
        return percent
    }

    /// Functions of Splunk's that are refused by name.
    static let refused: [String: (reason: String, wayOut: String)] = [
        "per_day": ("it needs a span of time", "use timechart span=<span> per_day(<field>)"),
        "per_hour": ("it needs a span of time", "use timechart span=<span> per_hour(<field>)"),
        "per_minute": ("it needs a span of time", "use timechart span=<span> per_minute(<field>)"),
        "per_second": ("it needs a span of time", "use timechart span=<span> per_second(<field>)"),
        "rate_avg": ("it needs metric time series", "use mstats, or rate(<field>) for a single counter"),
        "rate_sum": ("it needs metric time series", "use mstats, or rate(<field>) for a single counter"),
        "sparkline": ("it shows a group over time", "use it in stats or chart"),
    ]

    private static func isDigitOrPoint(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte &- 48 < 10 }
}
