import Columns
import SPL

/// `datamodel <model> <dataset> search|flat`: the rows of a dataset as events, fields with the dataset's prefix
/// (`search`) or without (`flat`).
///
/// Source: Splunk Search Reference 9.4, "datamodel". The forms that print the model's JSON are refused.
struct DatamodelCommand: GeneratingCommand {
    static let name = "datamodel"

    private let view: DataModelView
    private let hasPrefix: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        let place = reader.peek()?.span ?? syntax.nameSpan
        let model = try reader.fieldName("data model")
        let dataset = try reader.fieldName("dataset")
        let mode = reader.peek()
        switch reader.next()?.text.lowercased() {
        case "search": hasPrefix = true
        case "flat": hasPrefix = false
        default:
            throw Diagnostic(
                "E342", "datamodel needs 'search' or 'flat' after the dataset", span: mode?.span ?? syntax.nameSpan,
                hint: "write datamodel \(model) \(dataset) search")
        }
        try reader.expectEnd()
        view = try DataModelView("\(model).\(dataset)", span: place, context)
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    var explanation: String { "datamodel \(view.name)" }
    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] {
        hasPrefix ? view.commands + [view.prefixing] : view.commands
    }
    func makeOperator() -> any Operator { PassOperator() }
}
