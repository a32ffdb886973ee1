import Columns
import SPL

/// `nomv <field>` makes one text of a multivalue field: its values with line feeds between them, or with the delimiter
/// that a `mvcombine` or `makemv delim=` before it set for the field. Scalars and null stay.
///
/// Source: Splunk Search Reference 9.4, "nomv", and "mvcombine" for the delimiter.
struct NomvCommand: Command {
    static let name = "nomv"
    static let help = CommandHelp("nomv <field>", "Makes one text of a multivalue field.")

    private let field: String
    private let delimiter: Text

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        guard !reader.isAtEnd else { throw .noField(Self.name, syntax.nameSpan, "nomv <field>") }
        field = try reader.fieldName("the field to join", allowingParentheses: true)
        try reader.expectEnd()
        delimiter = Text(context.delimiters[field] ?? "\n")
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    func delimiters(after input: [String: String]) -> [String: String] {
        var delimiters = input
        delimiters[field] = nil
        return delimiters
    }

    var policies: [Policy] { [.nomvTakesDelimiter] }
    var explanation: String { "nomv: \(field) joined by \"\(delimiter.string)\"" }

    var streams: Bool { true }

    func makeOperator() -> any Operator { NomvOperator(field: field, delimiter: delimiter) }
}

private struct NomvOperator: Operator {
    let field: String
    let delimiter: Text

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard let column = batch.column(field) else { return batch }
        var batch = batch
        batch.set(field, column.mapped { $0.joined(by: delimiter) })
        return batch
    }
}
