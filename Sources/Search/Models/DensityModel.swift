import Columns

/// What `fit DensityFunction` has learned: a distribution for each group of rows.
public struct DensityModel: Hashable, Sendable {
    static let algorithm = "DensityFunction"

    struct Options: Hashable, Sendable {
        /// Nil: the best of all but those excluded.
        var kind: DensityCurve.Kind?
        var excluded: [DensityCurve.Kind] = []
        var metric = DensityCurve.Metric.wasserstein
        var thresholds = DensityThresholds()
        var showsDensity = false
    }

    struct Group: Hashable, Sendable {
        /// Values of the BY fields as they print.
        var key: [Text]
        /// Rows that it was learned from; the sample may hold fewer.
        var count: Int
        var low: Double
        var high: Double
        var sample: DensitySample
        var kind: DensityCurve.Kind
        /// Nil where all rows have the same value.
        var curve: DensityCurve?
        /// Of the curve from the sample, by the metric of the options.
        var distance: Double
    }

    /// The field whose numbers it knows.
    public internal(set) var field: String
    /// The BY fields.
    public internal(set) var groupFields: [String]
    var options: Options
    /// Sorted by key.
    var groups: [Group]

    /// One row a group: its key, then what `summary` tells of it.
    var summary: Batch {
        var rows = Batch(rowCount: groups.count)
        for (position, field) in groupFields.enumerated() {
            rows.set(field, Column(groups.map { .text($0.key[position]) }))
        }
        func set(_ name: String, _ value: (Group) -> Value) { rows.set(name, Column(groups.map(value))) }
        let isChosen = options.kind == nil
        set("type") { .text((isChosen ? "Auto: " : "") + $0.kind.title) }
        set("min") { .number($0.low) }
        set("max") { .number($0.high) }
        set("mean") { .number($0.curve?.mean ?? $0.low) }
        set("std") { .number($0.curve?.deviation ?? 0) }
        set("cardinality") { .number(Double($0.count)) }
        set("distance") {
            .text("metric: \(options.metric.rawValue), distance: \(BoundaryRange.text($0.distance, decimals: 10))")
        }
        set("other") { $0.curve?.otherParameters.map { .text($0) } ?? .null }
        return rows
    }

    /// Names that a BY field cannot have, for `summary` uses them.
    static let summaryFields = ["type", "min", "max", "mean", "std", "cardinality", "distance", "other"]
}
