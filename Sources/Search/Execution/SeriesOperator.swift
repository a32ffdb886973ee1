import Columns
import SPL

/// Runs a ``SeriesPlan``: keys the rows, groups them by the machinery of `stats`, and lays the groups out as a table.
///
/// Rows are held back only where a second pass may be needed: to merge series into OTHER, or to choose a span by the data.
struct SeriesOperator: Operator {
    static let rowKey = "\u{1}row"
    static let seriesKey = "\u{1}series"

    private let plan: SeriesPlan
    private var axis: SeriesAxis
    private var stats: StatsOperator
    private var held = RowBuffer()
    private var isStreaming: Bool?

    init(_ plan: SeriesPlan) {
        self.plan = plan
        axis = SeriesAxis(plan)
        stats = Self.grouping(plan)
    }

    private static func grouping(_ plan: SeriesPlan) -> StatsOperator {
        let keys = (plan.rowField == nil ? [] : [rowKey]) + (plan.seriesField == nil ? [] : [seriesKey])
        return StatsOperator(calls: plan.calls, keys: keys)
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return Batch() }
        let rows = plan.hasWildcards ? batch : narrowed(batch)
        if isStreaming == nil {
            isStreaming = axis.isKnown(&context) && (plan.seriesField == nil || plan.selection.keepsAll)
        }
        if isStreaming == true {
            _ = try stats.process(keyed(rows, kept: nil), &context)
        } else {
            try held.append(rows, &context)
        }
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        guard isStreaming != true else {
            let table = try stats.finish(&context) ?? Batch()
            return try SeriesTable(plan, axis, table).layout(&context)
        }
        let rows = held.take(&context)
        axis.fit(rows, &context)
        let first = keyed(rows, kept: nil)
        _ = try stats.process(first, &context)
        var table = try stats.finish(&context) ?? Batch()
        if plan.seriesField != nil, !plan.selection.keepsAll {
            let scores = try scores(table, first, &context)
            let kept = plan.selection.kept(scores, defaultLimit: context.limits.chartSeries)
            if kept.count < scores.count {
                if !plan.selection.isWritten {
                    context.warn(
                        "W310", "\(kept.count) of \(scores.count) series have a column of their own",
                        hint: "write limit=0 for all of them")
                }
                var second = Self.grouping(plan)
                _ = try second.process(keyed(rows, kept: kept), &context)
                table = try second.finish(&context) ?? Batch()
            }
        }
        return try SeriesTable(plan, axis, table).layout(&context)
    }

    private func narrowed(_ batch: Batch) -> Batch {
        let needed = plan.fields
        return batch.selecting(batch.names.filter { needed.contains($0) })
    }

    /// The rows with the keys of the grouping as columns.
    /// - Parameter kept: the series that are not merged into OTHER; nil merges none.
    private func keyed(_ rows: Batch, kept: Set<Text>?) -> Batch {
        var batch = rows
        let nulls = Column.nulls(rowCount: rows.rowCount)
        if let field = plan.rowField {
            batch.set(Self.rowKey, axis.keys(rows.column(field) ?? nulls))
        }
        if let field = plan.seriesField {
            let (null, other) = (plan.nullName.map { Value.text($0) }, plan.otherName.map { Value.text($0) })
            let numbers = plan.seriesNumbers
            batch.set(
                Self.seriesKey,
                (rows.column(field) ?? nulls).mapped { value in
                    if value.isNull { return null ?? .null }
                    return .list(
                        value.elements.map { element in
                            let named = numbers.map { Self.label(element, $0) } ?? element
                            guard let text = named.printed else { return .null }
                            return kept?.contains(text) ?? true ? .text(text) : other ?? .null
                        })
                })
        }
        if plan.hasWildcards {
            let named = Set(plan.calls.compactMap(\.field))
            for field in [plan.rowField, plan.seriesField].compactMap({ $0 }) where !named.contains(field) {
                batch.remove(field)
            }
        }
        return batch
    }

    private static func label(_ value: Value, _ numbers: BoundedBuckets) -> Value {
        guard let number = value.numeric else { return value }
        let key = numbers.key(number)
        if case .number(let low) = key { return .text(numbers.label(low: low)) }
        return key
    }

    /// The score of each series but that of rows without the field, which is never merged.
    private func scores(
        _ table: Batch, _ rows: Batch, _ context: inout ExecutionContext
    ) throws(SearchError) -> [(name: Text, score: Double?)] {
        var scored = table
        let call: StatsCommand.Call
        switch plan.selection.score {
        case .overEvents(let wanted):
            scored = rows
            call = wanted
        case .overValues(let function):
            try setCells(&scored, &context)
            call = StatsCommand.Call(function: function, field: Self.rowKey, expression: nil, output: Self.rowKey)
        case .total where plan.measures.count == 1 && !plan.hasWildcards:
            try setCells(&scored, &context)
            call = StatsCommand.Call(function: .sum, field: Self.rowKey, expression: nil, output: Self.rowKey)
        case .total:
            scored = rows
            call = StatsCommand.Call(function: .count, field: nil, expression: nil, output: Self.rowKey)
        }
        var renamed = call
        renamed.output = Self.rowKey
        var grouping = StatsOperator(calls: [renamed], keys: [Self.seriesKey])
        _ = try grouping.process(scored, &context)
        let result = try grouping.finish(&context) ?? Batch()
        let null = plan.nullName.map { Text($0) }
        return (0..<result.rowCount).compactMap { row in
            guard let name = result[Self.seriesKey, row].printed, name != null else { return nil }
            return (name, result[Self.rowKey, row].numeric)
        }
    }

    /// Puts the cells of the first measure where the score looks for them.
    private func setCells(_ table: inout Batch, _ context: inout ExecutionContext) throws(SearchError) {
        guard let (_, cells) = try SeriesTable(plan, axis, table).measures(&context).first else { return }
        table.set(Self.rowKey, cells)
    }
}
