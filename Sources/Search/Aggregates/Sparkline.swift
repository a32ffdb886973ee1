import Columns
import SPL

extension AggregateFunction {
    /// - Parameters:
    ///   - function: what each of the numbers is of the rows of its stretch of time.
    ///   - span: how long a stretch is; nil is the shortest that gives at most 100 of them.
    static func sparkline(of function: AggregateFunction, span: TimeBuckets.Span?) -> AggregateFunction {
        AggregateFunction(
            SparklineFunction.name, summary: "A number for each stretch of time, to draw a small chart from.",
            needsArgument: function.needsArgument, needsTime: true, isNumeric: function.isNumeric,
            mergesExactly: function.mergesExactly
        ) { SparklineAggregate(function, span) }
    }
}

/// Rows without `_time`, and values that are null, take no part. The result is the mark `##__SPARKLINE__##` and then one
/// number per stretch, 0 where the function has none; null where the search has no time range and no row a time.
///
/// All groups have the same stretches: those of the search's range, where that is open from the first or to the last row,
/// and of rows outside of it. Stretches are cut as `timechart` cuts them. Source: Splunk Search Reference 9.4, "stats"
/// (sparkline options); limits.conf, sparkline_maxsize and sparkline_time_steps.
private struct SparklineAggregate: StoredAggregate {
    private static let mark = Text("##__SPARKLINE__##")

    /// The rows of a group by tick: which stretch a tick belongs to is known when all rows are there.
    private struct Series: Sendable {
        var ticks: [Int64] = []
        var numbers: [Int64: Int] = [:]
        var states: any StoredAggregate

        mutating func number(of tick: Int64) -> Int {
            if let known = numbers[tick] { return known }
            numbers[tick] = ticks.count
            ticks.append(tick)
            return ticks.count - 1
        }
    }

    private let function: AggregateFunction
    private let span: TimeBuckets.Span?
    /// A second, or the span where it is shorter: every stretch is made of whole ticks.
    private let tickMicroseconds: Int64
    private var groups: [Series] = []
    private var first: Int64?
    private var last: Int64?

    init(_ function: AggregateFunction, _ span: TimeBuckets.Span?) {
        self.function = function
        self.span = span
        switch span {
        case .microseconds(let length): tickMicroseconds = min(length, 1_000_000)
        default: tickMicroseconds = 1_000_000
        }
    }

    mutating func grow(to groupCount: Int) {
        while groups.count < groupCount { groups.append(Series(states: function.make())) }
    }

    mutating func add(_ value: Value, group: Int, time: Double?) {
        guard !value.isNull, let time = FieldTime.microseconds(.number(time ?? .nan)) else { return }
        widen(time, time)
        let remainder = time % tickMicroseconds
        let tick = time - (remainder < 0 ? remainder + tickMicroseconds : remainder)
        let number = groups[group].number(of: tick)
        groups[group].states.grow(to: number + 1)
        groups[group].states.add(value, group: number, time: Double(time) / 1_000_000)
    }

    mutating func absorb(_ other: SparklineAggregate, groups: [Int]) {
        if let first = other.first, let last = other.last { widen(first, last) }
        for (group, series) in zip(groups, other.groups) {
            let numbers = series.ticks.map { self.groups[group].number(of: $0) }
            self.groups[group].states.merge(
                series.states, groups: numbers, groupCount: self.groups[group].ticks.count)
        }
    }

    func write(to writer: inout StateWriter) {
        writer.flag(first != nil)
        if let first, let last {
            writer.integer(first)
            writer.integer(last)
        }
        for series in groups {
            writer.list(series.ticks) { $0.integer($1) }
            series.states.write(to: &writer)
        }
    }

    mutating func read(from reader: inout StateReader, groupCount: Int) throws(SearchError) {
        if try reader.flag() {
            let from = try Self.time(&reader)
            let to = try Self.time(&reader)
            guard from <= to else { throw StateReader.malformed("a range of time is upside down") }
            widen(from, to)
        }
        let tick = tickMicroseconds
        groups = try reader.elements(groupCount) { reader throws(SearchError) in
            var series = Series(states: function.make())
            for time in try reader.list({ reader throws(SearchError) in try Self.time(&reader) }) {
                guard time % tick == 0, series.numbers[time] == nil else {
                    throw StateReader.malformed("a stretch of time begins nowhere, or twice")
                }
                _ = series.number(of: time)
            }
            try series.states.read(from: &reader, groupCount: series.ticks.count)
            return series
        }
    }

    /// What `add` lets in, cut to a tick.
    private static func time(_ reader: inout StateReader) throws(SearchError) -> Int64 {
        let time = try reader.integer()
        guard time.magnitude <= 100_000_000_000_000_000 else { throw StateReader.malformed("a time is out of range") }
        return time
    }

    private mutating func widen(_ from: Int64, _ to: Int64) {
        first = min(first ?? from, from)
        last = max(last ?? to, to)
    }

    func result(_ group: Int, _ context: inout ExecutionContext) -> Value {
        let starts = [context.range.earliest, first].compactMap { $0 }
        let ends = [context.range.latest.map { $0 - 1 }, last].compactMap { $0 }
        guard let from = starts.min(), let to = ends.max(), from <= to else { return .null }
        let (buckets, stretches) = stretches(from, to, &context)
        var places: [Int64: Int] = [:]
        for (place, start) in stretches.enumerated() { places[start] = place }
        var cells = function.make()
        cells.grow(to: stretches.count + 1)
        if groups.indices.contains(group) {
            let series = groups[group]
            // What lies behind the last stretch goes where no one looks.
            cells.merge(
                series.states, groups: series.ticks.map { places[buckets.floor($0)] ?? stretches.count },
                groupCount: stretches.count + 1)
        }
        var values: [Value] = [.text(Self.mark)]
        for place in stretches.indices { values.append(.number(cells.result(place, &context).numeric ?? 0)) }
        return .list(values)
    }

    /// Where the stretches begin.
    private func stretches(
        _ from: Int64, _ to: Int64, _ context: inout ExecutionContext
    ) -> (buckets: TimeBuckets, starts: [Int64]) {
        let maximum = context.limits.sparklineValues
        if let span {
            let buckets = TimeBuckets(span: span, zone: context.zone)
            let starts = Self.starts(buckets, from, to, atMost: maximum + 1)
            if starts.count > maximum {
                context.warn(
                    "W308", "sparkline() keeps its first \(maximum) numbers",
                    hint: "write a longer span, or none")
            }
            return (buckets, Array(starts.prefix(maximum)))
        }
        // Where the range begins inside of a stretch, there may be one too many.
        var buckets = TimeBuckets(span: .microseconds(1_000_000), zone: context.zone)
        var starts: [Int64] = []
        for count in [maximum, maximum - 1] {
            let span = TimeBuckets.automatic(from: from, to: to, maximumBuckets: count)
            buckets = TimeBuckets(span: span, zone: context.zone)
            starts = Self.starts(buckets, from, to, atMost: maximum + 1)
            if starts.count <= maximum { break }
        }
        return (buckets, Array(starts.prefix(maximum)))
    }

    private static func starts(_ buckets: TimeBuckets, _ from: Int64, _ to: Int64, atMost count: Int) -> [Int64] {
        var starts: [Int64] = []
        var start = buckets.floor(from)
        while start <= to, starts.count < count {
            starts.append(start)
            let next = buckets.next(start)
            guard next > start else { break }
            start = next
        }
        return starts
    }
}
