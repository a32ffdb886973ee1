import Columns
import SPL

/// `apply <model> [as <field>] [threshold= | lower_threshold= upper_threshold=] [show_density=<bool>]`: marks rows that a
/// model of ``FitCommand`` finds improbable.
///
/// Options that are not written are the model's; `dist`, `metric`, `exclude_dist` and `random_state` have no effect here,
/// as documented. Output, and rows the model cannot judge: see ``DensityScorer``. A model that nothing trains is a
/// compile error, one that is not trained yet an error of the run.
/// Source: Splunk Machine Learning Toolkit 5.4, "Algorithms", DensityFunction.
struct ApplyCommand: Command {
    static let name = "apply"
    static let help = CommandHelp(
        "apply <model> [AS <field>] <options>", "Marks rows that a model of fit finds improbable.",
        options: DensityArguments.help,
        source: "Splunk Machine Learning Toolkit 5.4, \"Algorithms\", DensityFunction")

    fileprivate let model: String
    fileprivate let outlierName: String?
    fileprivate let thresholds: DensityThresholds
    fileprivate let showsDensity: Bool?
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        let (model, span) = try ModelName.read(&reader)
        try context.requireModel(model, span)
        var arguments = DensityArguments(of: Self.name)
        var outlierName: String?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                try arguments.read(name, value, token.span)
            } else if outlierName == nil, reader.consumeKeyword("as") {
                outlierName = try reader.fieldName("the name of the outliers' field", allowingParentheses: true)
            } else {
                try reader.expectEnd()
            }
        }
        thresholds = try arguments.checked(syntax.nameSpan).thresholds
        showsDensity = arguments.showsDensity
        self.model = model
        self.outlierName = outlierName
    }

    // Which fields a model reads and writes is known when it is trained.
    func needs(_ after: FieldSet) -> FieldSet { .all }
    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: input.names) }
    var policies: [Policy] { Policy.density }
    func makeOperator() -> any Operator { ApplyOperator(command: self) }
}

private struct ApplyOperator: Operator {
    let command: ApplyCommand
    var scorer: DensityScorer?

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        // A fit before this command trains the model once all rows have come; until then they are empty.
        if batch.rowCount == 0 { return batch }
        var scorer = try takeScorer(context)
        let result = scorer.scored(batch)
        self.scorer = scorer
        return result
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        try takeScorer(context).finish(of: ApplyCommand.name, &context)
        return nil
    }

    private mutating func takeScorer(_ context: ExecutionContext) throws(SearchError) -> DensityScorer {
        if let scorer {
            self.scorer = nil
            return scorer
        }
        let model = try context.state.requireModel(command.model)
        return DensityScorer(
            model, command.thresholds.isEmpty ? model.options.thresholds : command.thresholds,
            showsDensity: command.showsDensity ?? model.options.showsDensity, name: command.outlierName)
    }
}
