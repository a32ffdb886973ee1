import Columns
import SPL

/// `require` ends the search with an error (E398) when no row reaches it; rows pass unchanged.
///
/// Source: Splunk Search Reference 9.4, "require".
struct RequireCommand: Command {
    static let name = "require"
    static let help = CommandHelp("require", "Ends the search with an error when no row reaches it.")

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        try reader.expectEnd()
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var explanation: String { "require" }

    func makeOperator() -> any Operator { RequireOperator() }
}

private struct RequireOperator: Operator {
    var hasRows = false

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        if batch.rowCount > 0 { hasRows = true }
        return batch
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        if hasRows { return nil }
        throw Diagnostic(
            "E398", "require: the search before it gives no rows", hint: "widen the search, or remove require")
    }
}
