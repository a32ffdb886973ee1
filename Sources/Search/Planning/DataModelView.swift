import Columns
import SPL

/// A dataset as commands: constraints as one search, then the calculated fields, root dataset first.
///
/// Source: Splunk Knowledge Manager Manual 10.0, "About data models".
struct DataModelView: Sendable {
    let name: String
    /// The dataset's own path: `All_Changes.Account_Management`.
    let rootPath: String
    /// The terms that all events of the dataset satisfy, those of its ancestors too.
    let constraints: [SearchExpression]
    private let calculations: [DatasetCalculation]
    /// The fields of the dataset and its ancestors, and each with the path of the dataset that owns it.
    let path: [(field: String, prefixed: String)]
    /// The datasets below this one, depth first in the model's order.
    let descendants: [Descendant]

    /// A dataset that inherits from the one viewed.
    struct Descendant: Sendable {
        /// `All_Changes.Account_Management`: the path from the root dataset.
        var path: String
        /// The constraints that it adds, those of the datasets between included.
        var predicate: CompiledPredicate
        var calculations: [DatasetCalculation]
        var fields: [String]
    }

    /// - Throws: E343 for an unknown model, E344 for an unknown dataset, E345 for a definition that does not compile.
    init(_ target: String, span: Span, _ context: CompileContext) throws(Diagnostic) {
        var context = context
        context.isFirst = false
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
        var constraints: [SearchExpression] = []
        var calculations: [DatasetCalculation] = []
        var pairs: [(field: String, prefixed: String)] = []
        var lineagePath = ""
        for dataset in lineage {
            lineagePath += dataset.name + "."
            constraints += try Self.terms(dataset, model.name, context)
            pairs += dataset.fields.filter { !Self.unprefixed.contains($0) }.map { ($0, lineagePath + $0) }
            calculations += try Self.calculations(dataset, model.name, context)
        }
        rootPath = String(lineagePath.dropLast())
        self.constraints = constraints
        self.calculations = calculations
        path = pairs
        var descendants: [Descendant] = []
        try Self.collect(
            below: datasetName, path: rootPath, terms: [], calculations: [], model, context,
            into: &descendants)
        self.descendants = descendants
    }

    /// Fields of every event, which `tstats` and `datamodel` name without a dataset.
    /// Source: Splunk Knowledge Manager Manual 10.0, "About data models" (fields inherited from BaseEvent).
    static let unprefixed: Set<String> = ["_time", "_raw", "host", "index", "source", "sourcetype"]

    private static func collect(
        below parent: String, path: String, terms: [SearchExpression], calculations: [DatasetCalculation],
        _ model: DataModelDefinition, _ context: CompileContext, into descendants: inout [Descendant]
    ) throws(Diagnostic) {
        guard descendants.count < 200, path.utf8.count < 1_000 else { return }
        for dataset in model.datasets where dataset.parent == parent {
            let own = terms + (try Self.terms(dataset, model.name, context))
            let ownCalculations = calculations + (try Self.calculations(dataset, model.name, context))
            let predicate = try CompiledPredicate(own.isEmpty ? .all : .and(own), context: context)
            let name = path + "." + dataset.name
            descendants.append(
                Descendant(path: name, predicate: predicate, calculations: ownCalculations, fields: dataset.fields))
            try collect(
                below: dataset.name, path: name, terms: own, calculations: ownCalculations, model, context,
                into: &descendants)
        }
    }

    /// The commands that give the dataset's rows, fields without prefix.
    ///
    /// - Parameters:
    ///   - needed: what follows needs; a calculated field that nothing needs is not computed.
    ///   - extra: terms for the first search, beside the constraints; nil for rows that are the dataset's already.
    func commands(
        needed: FieldSet, extra: [SearchExpression]?, _ context: CompileContext
    ) throws(Diagnostic) -> [any Command] {
        let kept = try calculations.commands(giving: needed)
        guard let extra else { return kept }
        var context = context
        context.isFirst = true
        let terms = constraints + extra
        let search = try SearchCommand(terms.count == 1 ? terms[0] : .and(terms), context)
        return [search] + kept
    }

    /// Gives each field the path of its dataset: `All_Risk.risk_score`.
    var prefixing: RenameCommand { RenameCommand(path.map { ($0.field, $0.prefixed) }) }

    private static func terms(
        _ dataset: DataModelDefinition.Dataset, _ model: String, _ context: CompileContext
    ) throws(Diagnostic) -> [SearchExpression] {
        var terms: [SearchExpression] = []
        for constraint in dataset.constraints {
            terms.append(
                try checked(model) { () throws(Diagnostic) in
                    let expanded = try ExpandedSearch.expand(constraint, macros: context.environment.macros)
                    return try SearchExpression.parse(expanded.text)
                })
        }
        return terms
    }

    private static func calculations(
        _ dataset: DataModelDefinition.Dataset, _ model: String, _ context: CompileContext
    ) throws(Diagnostic) -> [DatasetCalculation] {
        var calculations: [DatasetCalculation] = []
        for calculation in dataset.calculations {
            calculations.append(
                try checked(model) { () throws(Diagnostic) in
                    try DatasetCalculation(calculation, model: model, context)
                })
        }
        return calculations
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
