import Columns
import SPL

/// `deletemodel <model>`: forgets a model of this run; it gives no rows. A stored model is the caller's and stays.
/// Source: Splunk Machine Learning Toolkit 5.4, "Search commands for machine learning".
struct DeletemodelCommand: GeneratingCommand {
    static let name = "deletemodel"
    static let help = CommandHelp(
        "deletemodel <model>", "Forgets a model of this run.",
        source: "Splunk Machine Learning Toolkit 5.4, \"Search commands for machine learning\"")

    fileprivate let model: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        let (model, span) = try ModelName.read(&reader)
        try reader.expectEnd()
        try context.requireModel(model, span)
        self.model = model
    }

    func needs(_ after: FieldSet) -> FieldSet { FieldSet() }
    func schema(after input: Schema) -> Schema { Schema(isOpen: false) }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var explanation: String { "deletemodel \(model)" }
    func makeOperator() -> any Operator { DeletemodelOperator(model: model) }
}

private struct DeletemodelOperator: Operator {
    let model: String

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }
    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        _ = try context.state.requireModel(model)
        context.state.removeModel(model)
        return nil
    }
}
