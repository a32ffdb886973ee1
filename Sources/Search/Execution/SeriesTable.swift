import Columns
import SPL

/// Groups by row and series, laid out as a table. Source: Splunk Search Reference 9.4, "chart" and "timechart".
///
/// Series come by name, then those of rows without the field, then OTHER; several measures each have their block. A name
/// that begins with `_` gets VALUE before it. A group without rows has what the function says of nothing: 0 for `count`.
struct SeriesTable {
    /// Ours: cells of one chart.
    private static let maximumCells = 20_000_000

    private let plan: SeriesPlan
    private let axis: SeriesAxis
    private let groups: Batch

    init(_ plan: SeriesPlan, _ axis: SeriesAxis, _ groups: Batch) {
        self.plan = plan
        self.axis = axis
        self.groups = groups
    }

    func layout(_ context: inout ExecutionContext) throws(SearchError) -> Batch {
        let measures = try measures(&context)
        let empty = try emptyCells(measures.map(\.name), &context)
        guard let rowField = plan.rowField else {
            var result = Batch(rowCount: groups.rowCount)
            for (name, cells) in measures { result.set(name, cells) }
            result.origins = groups.origins
            return result
        }
        var met: [Value] = []
        var rowOfGroup: [Text?] = []
        for group in 0..<groups.rowCount {
            let key = groups[SeriesOperator.rowKey, group]
            if met.last != key { met.append(key) }
            rowOfGroup.append(key.printed)
        }
        // Without a series there is nothing that empty buckets could be empty of.
        let rows = plan.seriesField != nil && met.isEmpty ? [] : try axis.rows(met, context)
        var position: [Text: Int] = [:]
        for (index, row) in rows.enumerated() { if let text = row.printed { position[text] = index } }
        let places = rowOfGroup.map { $0.flatMap { position[$0] } }

        var result = Batch(rowCount: rows.count)
        result.set(rowField, Column(rows.map(axis.shown)))
        let series = seriesNames()
        guard rows.count * max(1, series.count) * max(1, measures.count) <= Self.maximumCells else {
            throw Diagnostic(
                "E382", "the chart has more than \(Self.maximumCells) cells",
                hint: "write a longer span or a smaller limit")
        }
        if plan.seriesField == nil {
            for (index, (name, cells)) in measures.enumerated() {
                result.set(name, column(cells, empty[index], rows.count) { places[$0] })
            }
        } else {
            let names = series.map(\.string)
            let seriesOfGroup = (0..<groups.rowCount).map { groups[SeriesOperator.seriesKey, $0].printed }
            for (index, (output, cells)) in measures.enumerated() {
                var groupsOfSeries: [Text: [Int]] = [:]
                for (group, name) in seriesOfGroup.enumerated() {
                    if let name { groupsOfSeries[name, default: []].append(group) }
                }
                for (text, name) in zip(series, names) {
                    var values = [Value](repeating: empty[index], count: rows.count)
                    for group in groupsOfSeries[text] ?? [] {
                        if let place = places[group] { values[place] = cells[group] }
                    }
                    let title = self.title(output, name, measures.count)
                    result.set(result.contains(title) ? "VALUE" + title : title, Column(values))
                }
            }
        }
        if let origins = groups.origins {
            var merged = [[UInt32]](repeating: [], count: rows.count)
            for (group, place) in places.enumerated() { if let place { merged[place] += origins[group] } }
            result.origins = merged
        }
        return result
    }

    /// The cells of each group by measure, in the order of the result.
    func measures(_ context: inout ExecutionContext) throws(SearchError) -> [(name: String, cells: Column)] {
        var columns: [(name: String, cells: Column)] = []
        var isExpanded = false
        for measure in plan.measures {
            switch measure.source {
            case .expression(let expression):
                columns.append((measure.output, try expression.evaluate(groups, context)))
            case .call(let index) where plan.calls[index].isWildcard:
                guard !isExpanded else { continue }
                isExpanded = true
                for name in groups.names where !name.hasPrefix("\u{1}") {
                    columns.append((name, groups.column(name) ?? .nulls(rowCount: groups.rowCount)))
                }
            case .call(let index):
                let cells = groups.column(plan.calls[index].output) ?? .nulls(rowCount: groups.rowCount)
                guard let unit = measure.unitSeconds else {
                    columns.append((measure.output, cells))
                    continue
                }
                let rates = (0..<groups.rowCount).map { group -> Value in
                    guard let sum = cells[group].numeric,
                        let seconds = axis.seconds(of: groups[SeriesOperator.rowKey, group])
                    else { return .null }
                    return .number(sum / (seconds / unit))
                }
                columns.append((measure.output, Column(rates)))
            }
        }
        return columns
    }

    /// Per measure what a group without rows holds.
    private func emptyCells(
        _ names: [String], _ context: inout ExecutionContext
    ) throws(SearchError) -> [Value] {
        var nothing = Batch(rowCount: 1)
        for call in plan.calls where !call.isWildcard {
            nothing.set(call.output, Column([call.function.make().result(0, &context)]))
        }
        var values: [String: Value] = [:]
        for measure in plan.measures {
            switch measure.source {
            case .expression(let expression): values[measure.output] = try expression.evaluate(nothing, context)[0]
            case .call(let index) where plan.calls[index].isWildcard: break
            case .call(let index):
                let value = nothing[plan.calls[index].output, 0]
                values[measure.output] = measure.unitSeconds == nil ? value : .null
            }
        }
        return names.map { values[$0] ?? .null }
    }

    private func column(_ cells: Column, _ empty: Value, _ rowCount: Int, _ place: (Int) -> Int?) -> Column {
        var values = [Value](repeating: empty, count: rowCount)
        for group in 0..<groups.rowCount { if let row = place(group) { values[row] = cells[group] } }
        return Column(values)
    }

    private func seriesNames() -> [Text] {
        guard let column = groups.column(SeriesOperator.seriesKey) else { return [] }
        let last = [plan.nullName, plan.otherName].compactMap { $0.map { Text($0) } }
        var names = Set<Text>()
        for group in 0..<groups.rowCount { if let name = column[group].printed { names.insert(name) } }
        return names.subtracting(last).sorted() + last.filter(names.contains)
    }

    private func title(_ measure: String, _ series: String, _ measureCount: Int) -> String {
        let shown = series.hasPrefix("_") ? "VALUE" + series : series
        return measureCount == 1 ? shown : SeriesFormat.title(plan.format, aggregate: measure, value: shown)
    }
}

/// The name of a column that stands for one of several functions and one of several values.
enum SeriesFormat {
    /// `$AGG$` and `$VAL$` are replaced, in one pass: what is put in is not looked at again.
    static func title(_ format: String, aggregate: String, value: String) -> String {
        var title = ""
        var rest = Substring(format)
        while !rest.isEmpty {
            if rest.hasPrefix("$AGG$") {
                title += aggregate
                rest = rest.dropFirst(5)
            } else if rest.hasPrefix("$VAL$") {
                title += value
                rest = rest.dropFirst(5)
            } else {
                title.append(rest.removeFirst())
            }
        }
        return title
    }
}
