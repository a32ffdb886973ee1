import Columns
import SPL

/// `summary <model>`: one row for each group that a model has learned: its BY fields, `type`, `min`, `max`, `mean`, `std`,
/// `cardinality` (rows learned from), `distance` and `other` (further parameters).
///
/// Mean and deviation are those of the distribution, for a kernel estimate those of the data.
/// Source: Splunk Machine Learning Toolkit 5.4, "Algorithms", DensityFunction.
struct SummaryCommand: GeneratingCommand {
    static let name = "summary"
    static let help = CommandHelp(
        "summary <model>", "Describes the groups that a model has learned.",
        source: "Splunk Machine Learning Toolkit 5.4, \"Algorithms\", DensityFunction")

    fileprivate let model: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        let (model, span) = try ModelName.read(&reader)
        try reader.expectEnd()
        try context.requireModel(model, span)
        self.model = model
    }

    func needs(_ after: FieldSet) -> FieldSet { FieldSet() }
    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: DensityModel.summaryFields) }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var policies: [Policy] { [.densityFitIsDeterministic] }
    var explanation: String { "summary of model \(model)" }
    func makeOperator() -> any Operator { SummaryOperator(model: model) }
}

private struct SummaryOperator: Operator {
    let model: String

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }
    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        try context.state.requireModel(model).summary
    }
}
