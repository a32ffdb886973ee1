import Columns
import SPL

/// `fieldsummary [maxvals=<count>] [<fields>]`: a row per field with what its values are like.
///
/// Columns `field count distinct_count is_exact max mean min numeric_count stdev values`; fields ascend by name. Moments
/// are of the numbers among the values, null where there are none; `values` is JSON, the most frequent first, at most 100
/// of them (`maxvals`), and `distinct_count` is always exact. Source: Splunk Search Reference 9.4, "fieldsummary".
struct FieldsummaryCommand: Command {
    static let name = "fieldsummary"
    static let help = CommandHelp(
        "fieldsummary <options> [<fields>]",
        "Describes each field: counts, distinct values, extremes, mean, the most frequent values.",
        options: [
            ("maxvals=<count>", "how many values to list, 100 unless written")
        ])

    fileprivate static let columns = [
        "field", "count", "distinct_count", "is_exact", "max", "mean", "min", "numeric_count", "stdev", "values",
    ]

    private var maximumValues = 100
    private var patterns: [String] = []
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard name == "maxvals" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                maximumValues = try NumberOption.count(value, for: name)
            } else {
                patterns += try reader.furtherFields()
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        guard !patterns.isEmpty else { return .all }
        var needed = FieldSet()
        for pattern in patterns { needed.insert(pattern) }
        return needed
    }
    func schema(after input: Schema) -> Schema { Schema(isOpen: false, names: Self.columns) }
    func rowKey(after input: [String]?) -> [String]? { ["field"] }
    func makeOperator() -> any Operator { FieldsummaryOperator(patterns: patterns, maximumValues: maximumValues) }
}

private struct FieldsummaryOperator: Operator {
    let patterns: [String]
    let maximumValues: Int
    private var summaries: [String: FieldSummary] = [:]

    init(patterns: [String], maximumValues: Int) {
        self.patterns = patterns
        self.maximumValues = maximumValues
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        for (name, column) in zip(batch.names, batch.columns) where ColumnTotals.isSummed(name, patterns) {
            summaries[name, default: FieldSummary()].add(column, batch.origins)
        }
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let met = summaries.filter { $0.value.count > 0 }.sorted { Text($0.key) < Text($1.key) }
        var result = Batch(rowCount: met.count)
        let limit = maximumValues
        let columns: [(String, (FieldSummary) -> Value)] = [
            ("count", { .number(Double($0.count)) }),
            ("distinct_count", { .number(Double($0.counts.count)) }),
            ("is_exact", { _ in .number(1) }),
            ("max", { $0.numericCount > 0 ? .number($0.maximum) : .null }),
            ("mean", { $0.numericCount > 0 ? .number($0.sum / Double($0.numericCount)) : .null }),
            ("min", { $0.numericCount > 0 ? .number($0.minimum) : .null }),
            ("numeric_count", { .number(Double($0.numericCount)) }),
            ("stdev", { $0.deviation.map { .number($0) } ?? .null }),
            ("values", { .text($0.valuesText(limit)) }),
        ]
        result.set("field", Column(met.map { .text($0.key) }))
        for (name, value) in columns { result.set(name, Column(met.map { value($0.value) })) }
        if met.contains(where: { $0.value.origins != nil }) { result.origins = met.map { $0.value.origins ?? [] } }
        return result
    }
}
