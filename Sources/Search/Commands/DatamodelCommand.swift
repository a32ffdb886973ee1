import Columns
import SPL

/// `datamodel <model> <dataset> search|flat|acceleration_search`: the rows of a dataset as events, fields with the
/// dataset's prefix (`search`) or without (`flat`).
///
/// `strict_fields`, `summariesonly` and `allow_old_summaries` have no effect: there are no summaries, and only the
/// fields that the search uses are computed anyway. Source: Splunk Search Reference 9.4, "datamodel". The forms that
/// print a model's JSON are refused.
struct DatamodelCommand: GeneratingCommand {
    static let name = "datamodel"
    static let help = CommandHelp(
        "datamodel <model> <dataset> search|flat|acceleration_search <options>",
        "Reads the rows of a data model's dataset, fields with the dataset's prefix or, for flat, without.",
        options: [
            ("summariesonly=<bool>", "no effect: there are no summaries"),
            ("allow_old_summaries=<bool>", "no effect: there are no summaries"),
            ("strict_fields=<bool>", "no effect: fields that the search does not use are not computed anyway"),
        ])

    private let view: DataModelView
    private let hasPrefix: Bool
    private let context: CompileContext

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        self.context = context
        var reader = ArgumentReader(syntax)
        var words: [Token] = []
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard Self.help.optionNames.contains(name) else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                _ = try BooleanOption.value(value)
            } else {
                _ = try reader.fieldName(words.isEmpty ? "data model" : "dataset")
                words.append(token)
            }
        }
        guard words.count == 3, let mode = words.last else {
            throw Diagnostic(
                "E342", "datamodel needs a model, a dataset, and 'search' or 'flat'",
                span: words.last?.span ?? syntax.nameSpan, hint: "write datamodel <model> <dataset> search")
        }
        switch mode.text.lowercased() {
        case "search", "acceleration_search": hasPrefix = true
        case "flat": hasPrefix = false
        default:
            throw Diagnostic(
                "E342", "datamodel needs 'search' or 'flat' after the dataset", span: mode.span,
                hint: "write datamodel \(words[0].text) \(words[1].text) search")
        }
        view = try DataModelView.of("\(words[0].text).\(words[1].text)", span: words[0].span, context)
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    var explanation: String { "datamodel \(view.name) \(hasPrefix ? "search" : "flat")" }

    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] {
        try rows(extra: [], before: commands)
    }

    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]? {
        try rows(extra: nil, before: commands)
    }

    func datasetUse(before commands: [any Command]) throws(Diagnostic) -> DatasetUse? {
        let shaping: [any Command] = hasPrefix ? [view.prefixing] : []
        return DatasetUse(view, needed: (shaping + commands).reversed().reduce(FieldSet.all) { $1.needs($0) })
    }

    private func rows(
        extra: [SearchExpression]?, before commands: [any Command]
    ) throws(Diagnostic) -> [any Command] {
        let needed = commands.reversed().reduce(FieldSet.all) { $1.needs($0) }
        let members: [any Command] = hasPrefix ? try DatasetMembers(view, needed: needed).map { [$0] } ?? [] : []
        let shaping = members + (hasPrefix ? [view.prefixing] : [])
        let inner = (shaping + commands).reversed().reduce(FieldSet.all) { $1.needs($0) }
        return try view.commands(needed: inner, extra: extra, context) + shaping
    }

    func makeOperator() -> any Operator { PassOperator() }
}
