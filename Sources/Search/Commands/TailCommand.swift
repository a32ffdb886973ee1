import Columns
import SPL

/// `tail [<count>]` keeps the last rows, 10 when no count is written, the last one first.
///
/// Errors: E380 for no count. Source: Splunk Search Reference 9.4, "tail".
struct TailCommand: Command {
    static let name = "tail"
    static let help = CommandHelp(
        "tail [<count>]", "Keeps the last rows, 10 unless told otherwise, the last one first.")

    private let count: Int

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        count =
            try reader.next().map { token throws(Diagnostic) in try NumberOption.count(token, for: Self.name) } ?? 10
        try reader.expectEnd()
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var dependsOnOrder: Bool { true }
    var explanation: String { "tail: last \(count) rows, last one first" }

    func makeOperator() -> any Operator { ReverseOperator(count: count) }
}
