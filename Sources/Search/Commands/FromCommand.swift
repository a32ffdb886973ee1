import Columns
import SPL

/// `from datamodel <model>.<dataset>`: the rows of a dataset as events, fields without prefix. The forms
/// `from datamodel:"M.D"`, `from datamodel=M.D` and a model's name alone (its root dataset) are accepted.
/// `from inputlookup:<name>` and `from lookup:<name>` are the rows of a lookup.
///
/// Source: Splunk Search Reference 9.4, "from"; names without prefix: practice (docs/decisions/0002).
struct FromCommand: GeneratingCommand {
    static let name = "from"
    static let help = CommandHelp(
        "from datamodel <model>.<dataset> | inputlookup:<table> | lookup:<table>",
        "Reads the rows of a data model's dataset, fields without prefix, or of a lookup table.")

    private enum Dataset: Sendable {
        case model(DataModelView)
        case lookup(any GeneratingCommand)
    }

    private let dataset: Dataset
    private let context: CompileContext
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        self.context = context
        var reader = ArgumentReader(syntax)
        guard let kind = reader.next(), kind.kind == .word || kind.kind == .quoted else {
            throw reader.unexpected(nil, expected: "datamodel")
        }
        // `datamodel:M.D` is one word, `datamodel M.D` two, `datamodel=M.D` three.
        let pieces = kind.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var target = pieces.count > 1 ? String(pieces[1]) : ""
        var place = kind.span
        if target.isEmpty, case .comparison(.equal) = reader.peek()?.kind { _ = reader.next() }
        while let token = reader.peek(), target.isEmpty || token.isGlued {
            _ = reader.next()
            target += token.text
            place = token.span
        }
        try reader.expectEnd()
        explanation = "from \(pieces[0]) \(target)"
        switch pieces[0].lowercased() {
        case "datamodel":
            dataset = .model(try DataModelView.of(target, span: place, context))
        case "inputlookup", "lookup":
            let text = "| inputlookup \(SearchLiteral.quoted(target))"
            guard let lookup = try Commands.compile(text, context) as? any GeneratingCommand else {
                throw Diagnostic("E341", "from '\(kind.text)' is not supported", span: kind.span)
            }
            dataset = .lookup(lookup)
        default:
            throw Diagnostic(
                "E341", "from '\(kind.text)' is not supported", span: kind.span,
                hint: "supported: from datamodel <model>.<dataset>, from inputlookup:<lookup>")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] {
        switch dataset {
        case .lookup(let lookup): try lookup.expansion(before: commands)
        case .model(let view): try rows(view, extra: [], before: commands)
        }
    }

    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]? {
        guard case .model(let view) = dataset else { return nil }
        return try rows(view, extra: nil, before: commands)
    }

    func datasetUse(before commands: [any Command]) throws(Diagnostic) -> DatasetUse? {
        guard case .model(let view) = dataset else { return nil }
        let prefix: [any Command] = DatasetPrefix(path: view.path, usedBy: commands).map { [$0] } ?? []
        return DatasetUse(view, needed: (prefix + commands).reversed().reduce(FieldSet.all) { $1.needs($0) })
    }

    private func rows(
        _ view: DataModelView, extra: [SearchExpression]?, before commands: [any Command]
    ) throws(Diagnostic) -> [any Command] {
        let prefix: [any Command] = DatasetPrefix(path: view.path, usedBy: commands).map { [$0] } ?? []
        let needed = (prefix + commands).reversed().reduce(FieldSet.all) { $1.needs($0) }
        return try view.commands(needed: needed, extra: extra, context) + prefix
    }

    func makeOperator() -> any Operator { PassOperator() }
}

/// Hands rows on: a generating command does its work through its expansion.
struct PassOperator: Operator {
    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }
}
