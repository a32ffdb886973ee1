import Columns
import SPL

/// `from datamodel <model>.<dataset>`: the rows of a dataset as events, fields without prefix. The forms
/// `from datamodel:"M.D"`, `from datamodel=M.D` and a model's name alone (its root dataset) are accepted.
///
/// Source: Splunk Search Reference 9.4, "from"; names without prefix: practice (docs/decisions/0002).
struct FromCommand: GeneratingCommand {
    static let name = "from"

    private let view: DataModelView

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        guard let kind = reader.next(), kind.kind == .word else {
            throw reader.unexpected(nil, expected: "datamodel")
        }
        var word = kind.text
        var place = kind.span
        var target = ""
        if word.lowercased().hasPrefix("datamodel:") {
            target = String(word.dropFirst("datamodel:".count))
            word = "datamodel"
        } else if case .comparison(.equal) = reader.peek()?.kind {
            _ = reader.next()
        }
        guard word.lowercased() == "datamodel" else {
            throw Diagnostic(
                "E341", "from '\(kind.text)' is not supported yet", span: kind.span,
                hint: "supported: from datamodel <model>.<dataset>")
        }
        while let token = reader.peek(), target.isEmpty || token.isGlued {
            _ = reader.next()
            target += token.text
            place = token.span
        }
        try reader.expectEnd()
        view = try DataModelView(target, span: place, context)
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    var explanation: String { "from datamodel \(view.name)" }
    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] {
        view.commands + (DatasetPrefix(path: view.path, usedBy: commands).map { [$0] } ?? [])
    }
    func makeOperator() -> any Operator { PassOperator() }
}

/// Hands rows on: a generating command does its work through its expansion.
struct PassOperator: Operator {
    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }
}
