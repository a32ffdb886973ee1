import Columns
import SPL

/// Adds to rows what a model says of them: `IsOutlier(<field>)` 1 or 0, `BoundaryRanges` of the row's group, one value a
/// region, and where asked for `ProbabilityDensity(<field>)`.
///
/// A row without a number or a key, or of a group that the model does not know, gets none of them.
struct DensityScorer {
    private struct KnownGroup {
        var curve: DensityCurve?
        var ranges: [[BoundaryRange]]
        var texts: [Value]
    }

    private let model: DensityModel
    private let choices: [DensityThresholds.Choice]
    private let showsDensity: Bool
    private let outlierName: String
    private let indexOfKey: [[Text]: Int]
    private var known: [Int: KnownGroup] = [:]
    private var scoredRows = 0
    private var rowsOfUnknownGroups = 0
    private var rowsWithoutNumber = 0
    private var rowCount = 0

    /// - Parameter name: what the outliers' field is called instead of `IsOutlier(<field>)`.
    init(_ model: DensityModel, _ thresholds: DensityThresholds, showsDensity: Bool, name: String?) {
        self.model = model
        choices = thresholds.choices
        self.showsDensity = showsDensity
        outlierName = name ?? "IsOutlier(\(model.field))"
        indexOfKey = Dictionary(model.groups.enumerated().map { ($1.key, $0) }) { first, _ in first }
    }

    /// The fields that ``scored(_:)`` sets.
    static func outputs(
        _ field: String, _ thresholds: DensityThresholds, showsDensity: Bool, name: String?
    ) -> [String] {
        let choices = thresholds.choices
        return choices.map { (name ?? "IsOutlier(\(field))") + $0.suffix }
            + choices.map { "BoundaryRanges\($0.suffix)" }
            + (showsDensity ? ["ProbabilityDensity(\(field))"] : [])
    }

    mutating func scored(_ batch: Batch) -> Batch {
        let keys = model.groupFields.map { batch.column($0) ?? .nulls(rowCount: batch.rowCount) }
        let column = batch.column(model.field) ?? .nulls(rowCount: batch.rowCount)
        let groups = RowGroups(keys + [column], rowCount: batch.rowCount)
        var rowsOfGroup = [Int](repeating: 0, count: groups.firstRows.count)
        for group in groups.groupOfRow { rowsOfGroup[Int(group)] += 1 }
        var outliers = [ColumnBuilder](repeating: ColumnBuilder(), count: choices.count)
        var boundaries = outliers
        var densities = ColumnBuilder()
        for (row, count) in zip(groups.firstRows, rowsOfGroup) {
            let result = score(column[row], keys.map { $0[row].printed }, rowCount: count)
            for index in choices.indices {
                outliers[index].append(result.map { $0.isOutlier[index] ? .number(1) : .number(0) } ?? .null)
                boundaries[index].append(result?.group.texts[index] ?? .null)
            }
            densities.append(result?.density ?? .null)
        }
        var result = batch
        for (builder, choice) in zip(outliers, choices) {
            result.set(outlierName + choice.suffix, groups.spread(builder.finish()))
        }
        for (builder, choice) in zip(boundaries, choices) {
            result.set("BoundaryRanges\(choice.suffix)", groups.spread(builder.finish()))
        }
        if showsDensity { result.set("ProbabilityDensity(\(model.field))", groups.spread(densities.finish())) }
        return result
    }

    private struct Score {
        var group: KnownGroup
        var isOutlier: [Bool]
        var density: Value
    }

    private mutating func score(_ value: Value, _ key: [Text?], rowCount: Int) -> Score? {
        self.rowCount += rowCount
        guard let number = value.numeric, DensitySample.isUsable(number) else {
            if !value.isNull { rowsWithoutNumber += rowCount }
            return nil
        }
        let key = key.compactMap { $0 }
        guard key.count == model.groupFields.count else { return nil }
        guard let index = indexOfKey[key] else {
            rowsOfUnknownGroups += rowCount
            return nil
        }
        scoredRows += rowCount
        let group = knownGroup(index)
        let density = showsDensity ? group.curve.map { $0.density(at: number) } : nil
        return Score(
            group: group, isOutlier: group.ranges.map { ranges in ranges.contains { $0.contains(number) } },
            density: density.map { .number($0) } ?? .null)
    }

    private mutating func knownGroup(_ index: Int) -> KnownGroup {
        if let group = known[index] { return group }
        let curve = model.groups[index].curve
        let ranges = choices.map { choice in curve?.boundaries(choice) ?? [] }
        let group = KnownGroup(
            curve: curve, ranges: ranges, texts: ranges.map { .list($0.map { .text($0.text) }) })
        known[index] = group
        return group
    }

    /// Called once, behind the last rows.
    /// - Throws: E768 where there were rows, but none that the model could say anything of, whatever their groups.
    func finish(of command: String, _ context: inout ExecutionContext) throws(SearchError) {
        guard rowCount == 0 || scoredRows + rowsOfUnknownGroups > 0 else {
            throw Diagnostic(
                "E768",
                "\(command) has nothing to judge: no row has a number in '\(model.field)'"
                    + (model.groupFields.isEmpty
                        ? "" : " and a value in \(model.groupFields.joined(separator: ", "))"),
                hint: "name the fields as the model's training did")
        }
        if rowsWithoutNumber > 0 {
            context.warn(
                "W337",
                "\(rowsWithoutNumber) rows have no number in '\(model.field)' but something else and take no part",
                hint: "make one number of it with eval")
        }
        if rowsOfUnknownGroups > 0 {
            context.warn(
                "W338",
                "\(rowsOfUnknownGroups) rows belong to groups of \(model.groupFields.joined(separator: ", ")) that the "
                    + "model has not learned: they are neither outliers nor none",
                hint: "train the model on data that has these groups")
        }
    }
}
