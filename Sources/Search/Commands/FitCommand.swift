public import Columns
public import SPL

/// `fit DensityFunction <field> [by "<field>,..."] [into <model>] [as <field>] [dist=norm|expon|gaussian_kde|beta|auto]
/// [exclude_dist="<dist>,..."] [metric=wasserstein|kolmogorov_smirnov] [threshold= | lower_threshold= upper_threshold=]
/// [show_density=<bool>] [partial_fit=<bool>] [random_state=<integer>]`: learns how the numbers of a field are
/// distributed, by group, and marks in the same rows those that are improbable.
///
/// The model goes into the ``SearchState`` of the run. `partial_fit=t` adds the rows to the model that is there, whose
/// options then hold. Output: see ``DensityScorer``; what takes part: see ``DensityTraining``. Nothing is random, so
/// `random_state` does nothing; other algorithms, and options that draw samples, are refused.
/// Source: Splunk Machine Learning Toolkit 5.4, "Algorithms", DensityFunction.
public struct FitCommand: Command {
    public static let name = "fit"
    public static let help = CommandHelp(
        "fit DensityFunction <field> [BY \"<field>,...\"] [INTO <model>] [AS <field>] <options>",
        "Learns how the numbers of a field are distributed, by group, and marks improbable ones.",
        options: [
            ("partial_fit=<bool>", "adds the rows to the model that is there; `f` unless written")
        ] + DensityArguments.help,
        source: "Splunk Machine Learning Toolkit 5.4, \"Algorithms\", DensityFunction")
    static let form = "fit DensityFunction <field> [by \"<field>,...\"] [into <model>]"

    fileprivate let field: String
    fileprivate let groupFields: [String]
    fileprivate let model: String?
    fileprivate let outlierName: String?
    fileprivate let options: DensityModel.Options
    fileprivate let addsToModel: Bool
    public let explanation: String

    /// The models that a pipeline and its subsearches train, in the order of the text.
    public static func modelNames(in pipeline: Pipeline) -> [String] {
        pipeline.commands.flatMap { command -> [String] in
            var names: [String] = []
            var reader = ArgumentReader(command)
            while let token = reader.peek() {
                if let inner = token.pipeline { names += modelNames(in: inner) }
                if command.name == name, reader.consumeKeyword("into") {
                    if let token = reader.next() { names.append(ModelName.name(token.text)) }
                } else {
                    _ = reader.next()
                }
            }
            return names
        }
    }

    public init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        try Self.readAlgorithm(&reader)
        var arguments = DensityArguments(of: Self.name)
        var fields: [String] = []
        var groupFields: [String]?
        var model: String?
        var outlierName: String?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                try arguments.read(name, value, token.span)
            } else if groupFields == nil, reader.consumeKeyword("by") {
                groupFields = try Self.groupFields(&reader)
            } else if model == nil, reader.consumeKeyword("into") {
                model = try ModelName.read(&reader).name
            } else if outlierName == nil, reader.consumeKeyword("as") {
                outlierName = try reader.fieldName("the name of the outliers' field", allowingParentheses: true)
            } else if fields.isEmpty {
                fields = [try reader.fieldName("the field to learn", allowingParentheses: true)]
            } else {
                throw Diagnostic(
                    "E765", "DensityFunction learns one field, and '\(token.raw)' is too many", span: token.span,
                    hint: "put lists in quotes: by \"a,b\", threshold=\"0.01,0.02\"")
            }
        }
        guard let field = fields.first, !field.contains("*") else {
            throw Diagnostic(
                "E765", "fit names no field to learn", span: syntax.nameSpan, hint: "write \(Self.form)")
        }
        options = try arguments.checked(syntax.nameSpan)
        addsToModel = arguments.addsToModel
        self.field = field
        self.groupFields = groupFields ?? []
        self.model = model
        self.outlierName = outlierName
    }

    private static func readAlgorithm(_ reader: inout ArgumentReader) throws(Diagnostic) {
        guard let token = reader.next() else { throw reader.unexpected(nil, expected: "an algorithm") }
        guard token.text == DensityModel.algorithm else {
            throw Diagnostic(
                "E762", "fit does not know the algorithm '\(token.text.isEmpty ? token.raw : token.text)'",
                span: token.span,
                hint: NearestName.hint(token.text, in: [DensityModel.algorithm])
                    ?? "\(DensityModel.algorithm) is the one there is")
        }
    }

    /// `"a,b"`, or one field without quotes.
    private static func groupFields(_ reader: inout ArgumentReader) throws(Diagnostic) -> [String] {
        let span = reader.peek()?.span
        let text = try reader.fieldName("the BY fields in quotes", allowingParentheses: true)
        var fields: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let field = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            if !field.isEmpty, !fields.contains(field) { fields.append(field) }
        }
        guard (1...5).contains(fields.count) else {
            throw Diagnostic(
                "E765", "BY of fit has \(fields.count) fields", span: span, hint: "write one to five: by \"a,b\"")
        }
        if let reserved = fields.first(where: DensityModel.summaryFields.contains) {
            throw Diagnostic(
                "E765", "'\(reserved)' cannot be a BY field of fit, as summary has a field of that name", span: span,
                hint: "rename it first")
        }
        return fields
    }

    public func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for name in [field] + groupFields { needed.insert(name) }
        return needed
    }
    public func schema(after input: Schema) -> Schema {
        // The options of a model that the rows are added to decide what comes out.
        if addsToModel, model != nil { return Schema(isOpen: true, names: input.names) }
        let outputs = DensityScorer.outputs(
            field, options.thresholds, showsDensity: options.showsDensity, name: outlierName)
        return Schema(isOpen: input.isOpen, names: input.names + outputs.filter { !input.names.contains($0) })
    }
    public var policies: [Policy] { Policy.density + [.densityFitIsDeterministic] }
    public func makeOperator() -> any Operator { FitOperator(command: self) }
}

extension Policy {
    /// Of all that judges rows by a density.
    static let density: [Policy] = [
        .densityBoundariesAreApproximate, .densityBetaFlagsThinEnd, .densityConstantGroupHasNoOutliers,
        .densityUnknownGroupIsNull,
    ]
}

private struct FitOperator: Operator {
    let command: FitCommand
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = held.take(&context)
        let previous = try previousModel(context)
        let options = previous?.options ?? command.options
        var training = DensityTraining(field: command.field, groupFields: command.groupFields, options: options)
        let model = try training.model(from: all, adding: previous, &context)
        if let name = command.model { context.state.setModel(name, model) }
        var scorer = DensityScorer(
            model, options.thresholds, showsDensity: options.showsDensity, name: command.outlierName)
        return scorer.scored(all)
    }

    private func previousModel(_ context: ExecutionContext) throws(SearchError) -> DensityModel? {
        guard command.addsToModel, let name = command.model, let model = context.state.model(name) else { return nil }
        guard model.field == command.field, model.groupFields == command.groupFields else {
            throw Diagnostic(
                "E765",
                "the model '\(name)' has learned '\(model.field)' by "
                    + "'\(model.groupFields.joined(separator: ","))', so other fields cannot be added",
                hint: "name the same fields, or leave out partial_fit")
        }
        return model
    }
}
