import Formats

/// Cuts time into buckets of equal span, for `bin` and `timechart`.
///
/// Spans below a day count from the epoch, or from `alignMicroseconds`. Days, weeks (from Sunday) and months begin at
/// local midnight, several of them counted from 1970-01-01, from the Sunday before it, and from January; an alignment
/// moves weeks to its own day and leaves days and months alone.
/// Source: Splunk Search Reference 9.4, "bin" and "timechart"; docs/decisions/0002 (week-buckets-begin-on-sunday).
struct TimeBuckets: Sendable {
    enum Span: Hashable, Sendable {
        case microseconds(Int64)
        case days(Int)
        case weeks(Int)
        case months(Int)
    }

    let span: Span
    private let zone: TimeZoneRules
    private let alignMicroseconds: Int64?

    init(span: Span, zone: TimeZoneRules, alignMicroseconds: Int64? = nil) {
        self.span = span
        self.zone = zone
        self.alignMicroseconds = alignMicroseconds
    }

    /// The start of the bucket that the time lies in.
    func floor(_ microseconds: Int64) -> Int64 {
        switch span {
        case .microseconds(let length):
            let length = max(1, length)
            let base = Self.remainder(alignMicroseconds ?? 0, length)
            return microseconds - Self.remainder(microseconds - base, length)
        case .days(let count):
            let day = localDay(microseconds)
            return midnight(day - Self.remainder(day, max(1, count)))
        case .weeks(let count):
            // 1970-01-04 was a Sunday.
            let first = alignMicroseconds.map { localDay($0) } ?? -4
            let day = localDay(microseconds)
            return midnight(day - Self.remainder(day - first, 7 * max(1, count)))
        case .months(let count):
            let date = CivilDate(daysSinceEpoch: localDay(microseconds))
            let first = CivilDate(daysSinceEpoch: date.daysSinceEpoch - date.day + 1)
            let over = Self.remainder(first.year * 12 + first.month - 1, max(1, count))
            return midnight(first.adding(months: -over).daysSinceEpoch)
        }
    }

    /// The start of the bucket behind the one that starts there.
    func next(_ bucketStart: Int64) -> Int64 {
        switch span {
        case .microseconds(let length): return bucketStart + max(1, length)
        case .days(let count): return midnight(localDay(bucketStart) + max(1, count))
        case .weeks(let count): return midnight(localDay(bucketStart) + 7 * max(1, count))
        case .months(let count):
            let date = CivilDate(daysSinceEpoch: localDay(bucketStart))
            return midnight(date.adding(months: max(1, count)).daysSinceEpoch)
        }
    }

    // MARK: Spans

    /// Reads `5m`, `1d`, `day`, `2mon`, `1q`, `100ms`; nil for anything else, a bare number too: whether it means seconds
    /// depends on the field.
    static func span(_ text: String) -> Span? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...].lowercased()
        let number = digits.isEmpty ? 1 : Int64(digits)
        guard let number, number > 0, number <= 1_000_000_000, let (span, largest) = units[unit], number <= largest
        else { return nil }
        let count = Int(number)
        switch span {
        case .microseconds(let length):
            // "Must divide evenly into a second": any other sub-second span has no page that says where it begins.
            if length < 1_000_000, length * number > 1_000_000 || 1_000_000 % (length * number) != 0 { return nil }
            return .microseconds(length * number)
        case .days(let size): return .days(size * count)
        case .weeks(let size): return .weeks(size * count)
        case .months(let size): return .months(size * count)
        }
    }

    /// The smallest of the spans that `timechart` chooses from which needs at most that many buckets.
    ///
    /// The list is that of the page (1s, 5s, 10s, 30s, 1m, 5m, 10m, 30m, 1h, 1d, 1 month); above it come quarters and years.
    static func automatic(from: Int64, to: Int64, maximumBuckets: Int) -> Span {
        let length = to > from ? to.subtractingReportingOverflow(from) : (partialValue: 0, overflow: false)
        let needed =
            (length.overflow ? Double(Int64.max) : Double(length.partialValue)) / Double(max(1, maximumBuckets))
        for span in automaticSpans where Double(span.nominalMicroseconds) >= needed { return span }
        var years = 1
        while Double(years * 12) * Double(Span.months(1).nominalMicroseconds) < needed, years < 10_000 { years *= 2 }
        return .months(12 * years)
    }

    /// The first of the automatic spans that is not shorter.
    static func automatic(atLeast span: Span) -> Span {
        automaticSpans.first { $0.nominalMicroseconds >= span.nominalMicroseconds } ?? span
    }

    private static let automaticSpans: [Span] =
        [1, 5, 10, 30, 60, 300, 600, 1800, 3600].map { .microseconds($0 * 1_000_000) }
        + [.days(1), .months(1), .months(3), .months(12)]

    private static let units: [String: (span: Span, largest: Int64)] = {
        var units: [String: (span: Span, largest: Int64)] = [:]
        func add(_ names: String, _ span: Span, _ largest: Int64) {
            for name in names.split(separator: " ") { units[String(name)] = (span, largest) }
        }
        add("us", .microseconds(1), 1_000_000)
        add("ms", .microseconds(1_000), 1_000)
        add("cs", .microseconds(10_000), 100)
        add("ds", .microseconds(100_000), 10)
        add("s sec secs second seconds", .microseconds(1_000_000), 1_000_000_000)
        add("m min mins minute minutes", .microseconds(60_000_000), 100_000_000)
        add("h hr hrs hour hours", .microseconds(3_600_000_000), 10_000_000)
        add("d day days", .days(1), 1_000_000)
        add("w week weeks", .weeks(1), 100_000)
        add("mon month months", .months(1), 12_000)
        add("q qtr qtrs quarter quarters", .months(3), 4_000)
        add("y yr yrs year years", .months(12), 1_000)
        return units
    }()

    // MARK: The local calendar

    private func localDay(_ microseconds: Int64) -> Int {
        let seconds = (microseconds - Self.remainder(microseconds, 1_000_000)) / 1_000_000
        let local = Int(seconds) + zone.offsetSeconds(atUTC: seconds)
        return (local - Self.remainder(local, 86_400)) / 86_400
    }

    private func midnight(_ day: Int) -> Int64 { zone.utcSeconds(fromLocal: Int64(day) * 86_400) * 1_000_000 }

    /// 0 ..< divisor, also for negative values.
    private static func remainder<Number: FixedWidthInteger>(_ value: Number, _ divisor: Number) -> Number {
        let remainder = value % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }
}

extension TimeBuckets.Span {
    /// Its length where no clock changes and every month has 30 days.
    var nominalMicroseconds: Int64 {
        switch self {
        case .microseconds(let length): length
        case .days(let count): Int64(count) * 86_400_000_000
        case .weeks(let count): Int64(count) * 604_800_000_000
        case .months(let count): Int64(count) * 2_592_000_000_000
        }
    }
}
