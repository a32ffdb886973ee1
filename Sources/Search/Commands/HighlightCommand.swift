import Columns
import SPL

/// `highlight <texts>`, `iconify <fields>` and `localop` change how or where Splunk shows rows, never the rows: they are
/// checked and passed over.
///
/// Errors: E394 where `highlight` or `iconify` has no argument. Source: Splunk Search Reference 9.4, "highlight",
/// "iconify", "localop".
struct HighlightCommand: Command {
    static let name = "highlight"
    static let otherNames = ["iconify", "localop"]
    static let help = CommandHelp(
        "highlight <texts> | iconify <fields> | localop",
        "Changes how or where Splunk shows rows; they pass unchanged.",
        source: "Splunk Search Reference 9.4, \"highlight\", \"iconify\", \"localop\"")

    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        if syntax.name == "localop" {
            try reader.expectEnd()
        } else if try reader.fieldList().isEmpty {
            throw .noField(syntax.name, syntax.nameSpan, "\(syntax.name) <name> ...")
        }
        try reader.expectEnd()
        text = syntax.argumentText.isEmpty ? syntax.name : "\(syntax.name): \(syntax.argumentText)"
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var explanation: String { text }

    var streams: Bool { true }

    func makeOperator() -> any Operator { PassOperator() }
}
