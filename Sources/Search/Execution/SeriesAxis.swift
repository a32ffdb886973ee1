import Columns
import SPL

/// The rows of a chart: which bucket a value lies in, and which buckets there are.
struct SeriesAxis: Sendable {
    /// Ours: buckets of one chart.
    static let maximumBuckets = 1_000_000

    private enum Kind: Sendable {
        case values
        case times(TimeBuckets)
        case numbers(BoundedBuckets)
    }

    private let plan: SeriesPlan
    private var kind: Kind?

    init(_ plan: SeriesPlan) { self.plan = plan }

    private var isTimechart: Bool { plan.isTimechart }
    private var isTime: Bool { isTimechart || plan.rowBuckets.timeSpan != nil || plan.rowField == "_time" }
    private var options: BucketOptions { plan.rowBuckets }

    private func timeBuckets(_ context: ExecutionContext) -> Int {
        isTimechart ? context.limits.timeBuckets : context.limits.chartBuckets
    }

    /// Settles what can be settled before all rows are there.
    mutating func isKnown(_ context: inout ExecutionContext) -> Bool {
        if kind != nil { return true }
        if plan.rowField == nil || (!isTimechart && options.isEmpty) {
            kind = .values
        } else if isTime {
            var extent: (from: Int64, to: Int64)?
            if isTimechart, plan.coversRange, let from = context.range.earliest, let to = context.range.latest {
                extent = (from, to)
            }
            kind = options.times(extent, maximumBuckets: timeBuckets(context), &context).map { .times($0) }
        } else if let span = options.numberSpan {
            kind = .numbers(BoundedBuckets(span: span, start: options.start, end: options.end))
        }
        return kind != nil
    }

    /// Settles the rest by the rows.
    mutating func fit(_ rows: Batch, _ context: inout ExecutionContext) {
        guard !isKnown(&context), let field = plan.rowField else { return }
        let values = rows.column(field)?.values.flatMap(\.elements) ?? []
        if isTime {
            let times = values.compactMap(FieldTime.microseconds)
            let range = isTimechart && plan.coversRange ? context.range : TimeRange()
            let from = range.earliest ?? times.min() ?? range.latest ?? 0
            let to = range.latest ?? times.max() ?? from
            kind = options.times((from, to), maximumBuckets: timeBuckets(context), &context).map { .times($0) }
        } else {
            let numbers = values.compactMap(\.numeric)
            let span = BoundedBuckets.automatic(
                from: options.start ?? numbers.min() ?? 0, to: options.end ?? numbers.max() ?? 0,
                maximumBuckets: options.bins ?? context.limits.chartBuckets)
            kind = .numbers(BoundedBuckets(span: span, start: options.start, end: options.end))
        }
    }

    // MARK: Keys

    /// Each value's bucket by its lower bound; null for what has none.
    func keys(_ column: Column) -> Column {
        switch kind {
        case nil, .values: return column
        case .times(let buckets):
            return column.mapped { value in
                .list(
                    value.elements.map { element in
                        guard let time = FieldTime.microseconds(element), let seconds = element.numeric,
                            seconds >= options.start ?? seconds, seconds <= options.end ?? seconds
                        else { return .null }
                        return FieldTime.value(buckets.floor(time))
                    })
            }
        case .numbers(let buckets):
            return column.mapped { value in
                .list(
                    value.elements.map { element in
                        element.numeric.map { buckets.key($0) } ?? element
                    })
            }
        }
    }

    /// What stands in the result for a key.
    func shown(_ key: Value) -> Value {
        guard case .numbers(let buckets) = kind, case .number(let low) = key else { return key }
        return .text(buckets.label(low: low))
    }

    /// The length of the bucket in seconds; nil where rows are no times.
    func seconds(of key: Value) -> Double? {
        guard case .times(let buckets) = kind, let start = FieldTime.microseconds(key) else { return nil }
        return Double(buckets.next(start) - start) / 1_000_000
    }

    /// All keys that are rows of the result, in order: those met, and where the chart is continuous those between.
    /// - Throws: E382 when there are too many.
    func rows(_ met: [Value], _ context: ExecutionContext) throws(SearchError) -> [Value] {
        switch kind {
        case .times(let buckets): return try times(met, buckets, context)
        case .numbers(let buckets) where plan.isContinuous && (plan.fillsLogarithms || !buckets.isLogarithmic):
            return try numbers(met, buckets)
        default: return met
        }
    }

    private func times(
        _ met: [Value], _ buckets: TimeBuckets, _ context: ExecutionContext
    ) throws(SearchError) -> [Value] {
        let range = isTimechart && plan.coversRange ? context.range : TimeRange()
        let starts = met.compactMap(FieldTime.microseconds)
        var rows = starts
        if plan.isContinuous {
            // Half-open: a range that ends where a bucket begins does not reach into it.
            let lows = [range.earliest.map { buckets.floor($0) }, starts.first].compactMap { $0 }
            let highs = [range.latest.map { buckets.floor($0 - 1) }, starts.last].compactMap { $0 }
            guard let first = lows.min(), let last = highs.max() else { return [] }
            rows = []
            var start = first
            while start <= last {
                guard rows.count < Self.maximumBuckets else { throw Self.tooMany }
                rows.append(start)
                let next = buckets.next(start)
                guard next > start else { break }
                start = next
            }
        }
        if !plan.keepsPartial {
            if let earliest = range.earliest, let first = rows.first, first < earliest { rows.removeFirst() }
            if let latest = range.latest, let last = rows.last, buckets.next(last) > latest { rows.removeLast() }
        }
        return rows.map(FieldTime.value)
    }

    private func numbers(_ met: [Value], _ buckets: BoundedBuckets) throws(SearchError) -> [Value] {
        let lows = met.compactMap { key in if case .number(let low) = key { low } else { nil } }
        guard let first = lows.first, let last = lows.last else { return met }
        if case .linear(let width, _) = buckets.span, (last - first) / width > Double(Self.maximumBuckets) {
            throw Self.tooMany
        }
        var rows: [Value] = []
        var index = 0
        var low = first
        // Bounds that are met are taken as they are: adding spans up may miss them by a little.
        while index < lows.count {
            guard rows.count < Self.maximumBuckets else { throw Self.tooMany }
            let width = buckets.high(ofLow: low) - low
            if low > lows[index] - width / 2 { low = lows[index] }
            if low == lows[index] { index += 1 }
            rows.append(.number(low))
            guard low < last, buckets.high(ofLow: low) > low else { break }
            low = buckets.high(ofLow: low)
        }
        return rows + met.filter { key in if case .number = key { false } else { true } }
    }

    private static let tooMany = Diagnostic(
        "E382", "the chart has more than \(maximumBuckets) buckets",
        hint: "write a longer span, narrow the time range, or write cont=f")
}
