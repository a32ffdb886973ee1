/// Every stats function there is, sorted by name. A test compares it with the files of this folder.
public enum Aggregates {
    public static let all: [AggregateFunction] = [
        .avg, .count, .dc, .earliest, .first, .last, .latest, .list, .max, .min, .mode, .range, .stdev, .stdevp, .sum,
        .values, .var, .varp,
    ]

    static let byName: [String: AggregateFunction] = {
        var table = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        table["c"] = .count
        table["distinct_count"] = .dc
        table["mean"] = .avg
        return table
    }()
}
