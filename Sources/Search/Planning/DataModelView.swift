import SPL

/// A dataset as commands: constraints as one search, calculated fields as evals, root dataset first.
struct DataModelView: Sendable {
    let name: String
    let commands: [any Command]
    /// Gives each field the path of its dataset: `All_Risk.risk_score`.
    let prefixing: RenameCommand
    /// The same pairs: field, and field with its path.
    let path: [(field: String, prefixed: String)]

    /// - Throws: E343 for an unknown model, E344 for an unknown dataset, E345 for a definition that does not compile.
    init(_ target: String, span: Span, _ context: CompileContext) throws(Diagnostic) {
        let parts = target.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let models = context.environment.dataModels
        guard let modelName = parts.first, let model = models.first(where: { $0.name == modelName }) else {
            let nearest = NearestName.find(parts.first ?? "", in: models.map(\.name))
            throw Diagnostic(
                "E343", "unknown data model '\(parts.first ?? "")'", span: span,
                hint: nearest.map { "did you mean '\($0)'?" }
                    ?? "available: \(models.map(\.name).sorted().joined(separator: ", "))")
        }
        let datasetName = parts.count > 1 ? parts[parts.count - 1] : model.datasets.first?.name ?? ""
        guard let lineage = model.lineage(of: datasetName) else {
            throw Diagnostic(
                "E344", "data model '\(model.name)' has no dataset '\(datasetName)'", span: span,
                hint: "available: \(model.datasets.map(\.name).joined(separator: ", "))")
        }
        name = "\(model.name).\(datasetName)"
        var commands: [any Command] = []
        var terms: [SearchExpression] = []
        var pairs: [(from: String, to: String)] = []
        var lineagePath = ""
        for dataset in lineage {
            lineagePath += dataset.name + "."
            for constraint in dataset.constraints {
                terms.append(
                    try Self.checked(model.name) { () throws(Diagnostic) in
                        let expanded = try ExpandedSearch.expand(constraint, macros: context.environment.macros)
                        return try SearchExpression.parse(expanded.text)
                    })
            }
            pairs += dataset.fields.map { ($0, lineagePath + $0) }
        }
        commands.append(try SearchCommand(terms.count == 1 ? terms[0] : .and(terms), context))
        for calculation in lineage.flatMap(\.calculations) {
            let text = "\"\(calculation.field)\"=\(calculation.expression)"
            commands.append(
                try Self.checked(model.name) { () throws(Diagnostic) in
                    try EvalCommand(assignments: EvalAssignment.parseList(text), text: text, context)
                })
        }
        self.commands = commands
        prefixing = RenameCommand(pairs)
        path = pairs.map { ($0.from, $0.to) }
    }

    /// A place inside a model's definition means nothing in the search that uses it.
    private static func checked<T>(_ model: String, _ body: () throws(Diagnostic) -> T) throws(Diagnostic) -> T {
        do {
            return try body()
        } catch {
            throw Diagnostic("E345", "data model '\(model)' does not compile: \(error.message)", hint: error.hint)
        }
    }
}
