import Columns
import Formats
import SPL

/// The bucket options of `chart`, `timechart` and `makecontinuous` as written: `span`, `bins`, `minspan`, `start`, `end`,
/// `aligntime`. What they come to depends on the data.
struct BucketOptions: Sendable {
    enum Alignment: Hashable, Sendable {
        case earliest, latest
        case at(RelativeTime)
    }

    var timeSpan: TimeBuckets.Span?
    var numberSpan: NumberBuckets.Span?
    var bins: Int?
    var minimumSpan: TimeBuckets.Span?
    var start: Double?
    var end: Double?
    var alignment: Alignment?

    var isEmpty: Bool {
        timeSpan == nil && numberSpan == nil && bins == nil && minimumSpan == nil && start == nil && end == nil
            && alignment == nil
    }

    static func isTimeSpan(_ text: String) -> Bool { timeSpan(text, secondsByDefault: false) != nil }

    /// - Parameter isTime: the field is a time: a bare number counts seconds.
    /// - Throws: E380, E383.
    mutating func read(_ option: String, _ value: Token, isTime: Bool) throws(Diagnostic) {
        switch option {
        case "bins": bins = try NumberOption.count(value, for: option, in: 1...1_000_000)
        case "span":
            if let read = Self.timeSpan(value.text, secondsByDefault: isTime) {
                timeSpan = read.span
                if let snap = read.snap { alignment = .at(snap) }
            } else if !isTime, let span = try NumberBuckets.span(value) {
                numberSpan = span
            } else {
                throw Self.badSpan(value)
            }
        case "minspan":
            guard let read = Self.timeSpan(value.text, secondsByDefault: true) else { throw Self.badSpan(value) }
            minimumSpan = read.span
        case "start": start = try NumberOption.number(value, for: option)
        case "end": end = try NumberOption.number(value, for: option)
        default:
            switch value.text.lowercased() {
            case "earliest": alignment = .earliest
            case "latest": alignment = .latest
            default:
                do {
                    alignment = .at(try RelativeTime.parse(value.text))
                } catch {
                    throw Diagnostic(
                        "E326", "'\(value.text)' is no time: \(error.message)", span: value.span,
                        hint: "write aligntime=earliest, aligntime=latest, @d+3h or epoch seconds")
                }
            }
        }
    }

    /// `5m`, `w@w1`, and `300` where seconds are meant.
    private static func timeSpan(
        _ text: String, secondsByDefault: Bool
    ) -> (span: TimeBuckets.Span, snap: RelativeTime?)? {
        let pieces = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var length = String(pieces[0])
        if pieces.count == 2, length.hasPrefix("+") || length.hasPrefix("-") { length.removeFirst() }
        if secondsByDefault, !length.isEmpty, length.allSatisfy(\.isNumber) { length += "s" }
        guard let span = TimeBuckets.span(length) else { return nil }
        guard pieces.count == 2 else { return (span, nil) }
        guard let snap = try? RelativeTime.parse("@" + pieces[1]) else { return nil }
        return (span, snap)
    }

    private static func badSpan(_ value: Token) -> Diagnostic {
        Diagnostic(
            "E383", "'\(value.text)' is no span", span: value.span,
            hint: "write 30s, 5m, 1h, 1d, w@w1, 1mon, for numbers 10 or log2; a part of a second must divide it evenly")
    }

    /// The buckets of a field of numbers, nil where none are asked for.
    func numbers(of what: String) throws(Diagnostic) -> BoundedBuckets? {
        if isEmpty { return nil }
        guard let numberSpan else {
            throw Diagnostic("E383", "the buckets of \(what) have no span", hint: "write span=10 behind the field")
        }
        return BoundedBuckets(span: numberSpan, start: start, end: end)
    }

    /// The buckets of a time axis.
    /// - Parameters:
    ///   - extent: first and last time, for the automatic span; nil where that is not known yet.
    ///   - maximumBuckets: what `bins` is where it is not written.
    /// - Returns: nil where the extent is needed.
    func times(
        _ extent: (from: Int64, to: Int64)?, maximumBuckets: Int, _ context: inout ExecutionContext
    ) -> TimeBuckets? {
        let span: TimeBuckets.Span
        if let timeSpan {
            span = timeSpan
        } else {
            guard let extent else { return nil }
            let automatic = TimeBuckets.automatic(
                from: extent.from, to: extent.to, maximumBuckets: bins ?? maximumBuckets)
            let least = minimumSpan.map { TimeBuckets.automatic(atLeast: $0) } ?? automatic
            span = least.nominalMicroseconds > automatic.nominalMicroseconds ? least : automatic
        }
        var align: Int64?
        switch alignment {
        case nil: break
        case .at(let time): align = time.resolve(now: context.nowMicroseconds, zone: context.zone)
        case .earliest: align = context.range.earliest
        case .latest: align = context.range.latest
        }
        if alignment != nil, align == nil {
            context.warn(
                "W312", "aligntime has no effect: the search has no such time", hint: "set earliest and latest")
        }
        return TimeBuckets(span: span, zone: context.zone, alignMicroseconds: align)
    }
}

/// `_time` between seconds in a field and microseconds in buckets.
enum FieldTime {
    /// Nil for what is no time, or lies outside of the calendar.
    static func microseconds(_ value: Value) -> Int64? {
        guard let seconds = value.numeric, abs(seconds) < 1e11 else { return nil }
        return Int64((seconds * 1_000_000).rounded())
    }

    static func value(_ microseconds: Int64) -> Value { .number(Double(microseconds) / 1_000_000) }
}
