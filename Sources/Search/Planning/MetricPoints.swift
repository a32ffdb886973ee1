import Columns
import SPL

/// Events as metric data points: one row a point, its name in `metric_name` and its value in `_value`. An event with
/// `metric_name:<name>` fields is as many points; one without any metric is none.
///
/// Source: Splunk Metrics manual, "Get metrics in from other sources" (multiple-metric JSON format).
struct MetricPoints: PlannedCommand {
    static let name = "metric points"

    init() {}

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for name in ["metric_name", "_value", "metric_name:*"] { needed.insert(name) }
        return needed
    }

    var explanation: String { "metric data points of each event" }

    func makeOperator() -> any Operator { PointsOperator() }

    private struct PointsOperator: Operator {
        private static let prefix = "metric_name:"

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            let metrics = batch.names.filter { $0.hasPrefix(Self.prefix) }
            var rows: [Int] = []
            var names: [Value] = []
            var values: [Value] = []
            for row in 0..<batch.rowCount {
                if !batch["metric_name", row].isNull, !batch["_value", row].isNull {
                    rows.append(row)
                    names.append(batch["metric_name", row])
                    values.append(batch["_value", row])
                }
                for metric in metrics where !batch[metric, row].isNull {
                    rows.append(row)
                    names.append(.text(String(metric.dropFirst(Self.prefix.count))))
                    values.append(batch[metric, row])
                }
            }
            var points = batch.gathered(rows)
            for metric in metrics { points.remove(metric) }
            var builder = ColumnBuilder()
            for name in names { builder.append(name) }
            points.set("metric_name", builder.finish())
            points.set("_value", Column(values))
            return points
        }
    }
}

/// Data points with each wanted metric in a field of its own name: `cpu.idle`.
struct MetricColumns: PlannedCommand {
    static let name = "metric columns"

    /// Names as functions use them, wildcards among them.
    let metrics: [String]
    /// Points of other metrics stay: some function reads `_value` or counts points.
    let keepsOthers: Bool

    init(metrics: [String], keepsOthers: Bool) {
        self.metrics = metrics
        self.keepsOthers = keepsOthers
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for metric in metrics { needed.names.remove(metric) }
        needed.insert("metric_name")
        needed.insert("_value")
        return needed
    }

    var explanation: String { "metrics as fields: \(metrics.joined(separator: ", "))" }

    func makeOperator() -> any Operator { ColumnsOperator(metrics: metrics, keepsOthers: keepsOthers) }

    private struct ColumnsOperator: Operator {
        let metrics: [String]
        let keepsOthers: Bool

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            guard let names = batch.column("metric_name"), let values = batch.column("_value") else { return batch }
            var isWanted = [Bool](repeating: keepsOthers, count: batch.rowCount)
            var rowsOfMetric: [String: [Int]] = [:]
            for row in 0..<batch.rowCount {
                guard let name = names[row].printed?.string, metrics.contains(where: { FieldSet.matches($0, name) })
                else { continue }
                isWanted[row] = true
                rowsOfMetric[name, default: []].append(row)
            }
            var result = batch
            for name in rowsOfMetric.keys.sorted() {
                var column = [Value](repeating: .null, count: batch.rowCount)
                for row in rowsOfMetric[name] ?? [] { column[row] = values[row] }
                result.set(name, Column(column))
            }
            return result.filtered(isWanted)
        }
    }
}
