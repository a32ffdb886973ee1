import Columns
import SPL

/// Learns a ``DensityModel`` from rows: the numbers of a field, by group.
///
/// A row without a number in the field, or without one of the BY fields, takes no part. Numbers are sorted first, so the
/// order of rows does not change a model.
struct DensityTraining {
    let field: String
    let groupFields: [String]
    let options: DensityModel.Options
    private var thinnedGroups = 0

    init(field: String, groupFields: [String], options: DensityModel.Options) {
        self.field = field
        self.groupFields = groupFields
        self.options = options
    }

    private static let distinctValues = 10_000
    private static let fewRows = 50

    /// - Parameter previous: a model of the same fields that the rows add to.
    /// - Throws: E763 for too many groups, E768 where no row takes part.
    mutating func model(
        from rows: Batch, adding previous: DensityModel?, _ context: inout ExecutionContext
    ) throws(SearchError) -> DensityModel {
        var numbers = try numbersByKey(rows, &context)
        var groups: [DensityModel.Group] = []
        for group in previous?.groups ?? [] {
            groups.append(group)
            guard let new = numbers.removeValue(forKey: group.key) else { continue }
            let sample = DensitySample(new)
            groups[groups.count - 1] = fitted(
                group.key, count: group.count + new.count, low: min(group.low, sample.values[0]),
                high: max(group.high, sample.values[sample.values.count - 1]), group.sample.merged(with: sample))
        }
        guard groups.count + numbers.count <= context.limits.modelGroups else {
            throw Diagnostic(
                "E763",
                "fit would learn \(groups.count + numbers.count) groups of \(groupFields.joined(separator: ", ")), "
                    + "more than \(context.limits.modelGroups)",
                hint: "group by fewer or coarser fields, or use --no-limits")
        }
        for (key, new) in numbers {
            try context.checkTime()
            let sample = DensitySample(new)
            groups.append(
                fitted(
                    key, count: new.count, low: sample.values[0], high: sample.values[sample.values.count - 1], sample))
        }
        groups.sort { Self.isBefore($0.key, $1.key) }
        warn(about: groups, &context)
        return DensityModel(field: field, groupFields: groupFields, options: options, groups: groups)
    }

    private func numbersByKey(
        _ rows: Batch, _ context: inout ExecutionContext
    ) throws(SearchError) -> [[Text]: [Double]] {
        let column = rows.column(field) ?? .nulls(rowCount: rows.rowCount)
        let keys = groupFields.map { rows.column($0) ?? .nulls(rowCount: rows.rowCount) }
        let usable = column.values.map { value in value.numeric.flatMap { DensitySample.isUsable($0) ? $0 : nil } }
        let rowGroups = RowGroups(keys, rowCount: rows.rowCount)
        var numbersOfGroup = [[Double]](repeating: [], count: rowGroups.firstRows.count)
        var others = 0
        for (row, group) in rowGroups.groupOfRow.enumerated() {
            let id = Int(column.ids[row])
            if let number = usable[id] {
                numbersOfGroup[Int(group)].append(number)
            } else if !column.values[id].isNull {
                others += 1
            }
        }
        var numbers: [[Text]: [Double]] = [:]
        for (group, first) in rowGroups.firstRows.enumerated() where !numbersOfGroup[group].isEmpty {
            let key = keys.compactMap { $0[first].printed }
            guard key.count == keys.count else { continue }
            numbers[key, default: []] += numbersOfGroup[group]
        }
        guard !numbers.isEmpty else {
            throw Diagnostic(
                "E768",
                "fit has nothing to learn from: no row has a number in '\(field)'"
                    + (groupFields.isEmpty ? "" : " and a value in \(groupFields.joined(separator: ", "))"),
                hint: "check the fields' names, and that the search finds rows")
        }
        if others > 0 {
            context.warn(
                "W337", "\(others) rows have no number in '\(field)' but something else and take no part",
                hint: "make one number of it with eval")
        }
        return numbers
    }

    /// The fit of the kind asked for, or of those not excluded the nearest.
    private mutating func fitted(
        _ key: [Text], count: Int, low: Double, high: Double, _ all: DensitySample
    ) -> DensityModel.Group {
        if all.values.count > Self.distinctValues { thinnedGroups += 1 }
        let sample = all.thinned(to: Self.distinctValues)
        let kinds = options.kind.map { [$0] } ?? DensityCurve.Kind.allCases.filter { !options.excluded.contains($0) }
        var best: (curve: DensityCurve, distance: Double)?
        for kind in kinds {
            guard let curve = DensityCurve(kind, fitting: sample) else { continue }
            let distance = curve.distance(to: sample, options.metric)
            if distance.isFinite, best.map({ distance < $0.distance }) ?? true { best = (curve, distance) }
        }
        return DensityModel.Group(
            key: key, count: count, low: low, high: high, sample: sample, kind: best?.curve.kind ?? kinds[0],
            curve: best?.curve, distance: best?.distance ?? 0)
    }

    private func warn(about groups: [DensityModel.Group], _ context: inout ExecutionContext) {
        func number(_ count: Int) -> String { groupFields.isEmpty ? "the rows" : "\(count) of \(groups.count) groups" }
        let few = groups.count { $0.count < Self.fewRows }
        let constant = groups.count { $0.curve == nil }
        if thinnedGroups > 0 {
            context.warn(
                "W335", "the model keeps \(Self.distinctValues) values, evenly by rank, of \(number(thinnedGroups))",
                hint: "round the field with eval, or group finer")
        }
        if few > 0 {
            context.warn(
                "W336", "the model is uncertain: fewer than \(Self.fewRows) rows to learn from in \(number(few))",
                hint: "search a longer time range, or group by fewer fields")
        }
        if constant > 0 {
            context.warn(
                "W339", "nothing will be an outlier, as '\(field)' has one value only, in \(number(constant))",
                hint: "search a longer time range, or group by fewer fields")
        }
    }

    private static func isBefore(_ left: [Text], _ right: [Text]) -> Bool {
        for (a, b) in zip(left, right) where a != b {
            let order = ValueOrder.compare(.text(a), .text(b))
            return order == 0 ? a < b : order < 0
        }
        return false
    }
}
