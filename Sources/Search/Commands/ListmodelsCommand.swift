import Columns
import SPL

/// `listmodels`: the models that this run has trained or was given, by name: `name`, `type` (the algorithm) and `options`,
/// a JSON object. Source: Splunk Machine Learning Toolkit 5.4, "Search commands for machine learning".
struct ListmodelsCommand: GeneratingCommand {
    static let name = "listmodels"
    static let help = CommandHelp(
        "listmodels", "Lists the models that this run has trained or was given.",
        source: "Splunk Machine Learning Toolkit 5.4, \"Search commands for machine learning\"")

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        try reader.expectEnd()
    }

    func needs(_ after: FieldSet) -> FieldSet { FieldSet() }
    func schema(after input: Schema) -> Schema { Schema(isOpen: false, names: ["name", "type", "options"]) }
    func rowKey(after input: [String]?) -> [String]? { ["name"] }
    var explanation: String { "listmodels" }
    func makeOperator() -> any Operator { ListmodelsOperator() }
}

private struct ListmodelsOperator: Operator {
    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }
    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let models = context.state.modelNames.compactMap { name in context.state.model(name).map { (name, $0) } }
        var rows = Batch(rowCount: models.count)
        rows.set("name", Column(models.map { .text($0.0) }))
        rows.set("type", Column(models.map { _ in .text(DensityModel.algorithm) }))
        rows.set("options", Column(models.map { .text($0.1.optionsText) }))
        return rows
    }
}
