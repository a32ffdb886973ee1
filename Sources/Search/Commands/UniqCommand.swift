import Columns
import SPL

/// `uniq`: leaves out rows that are equal in all fields to the row before. It takes no arguments.
///
/// Source: Splunk Search Reference 9.4, "uniq".
struct UniqCommand: Command {
    static let name = "uniq"
    static let help = CommandHelp("uniq", "Leaves out rows that are equal in all fields to the row before.")

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        try reader.expectEnd()
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }
    var dependsOnOrder: Bool { true }
    var explanation: String { "uniq" }
    func makeOperator() -> any Operator { UniqOperator() }
}

private struct UniqOperator: Operator {
    private var previous: [String: Value]?

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return batch }
        var keep = [Bool](repeating: true, count: batch.rowCount)
        if let previous {
            let names = Set(batch.names).union(previous.keys)
            keep[0] = names.contains { !Self.areEqual(batch[$0, 0], previous[$0] ?? .null) }
        }
        for row in 1..<max(1, batch.rowCount) {
            keep[row] = batch.columns.contains { column in
                column.ids[row] != column.ids[row - 1] && !Self.areEqual(column[row], column[row - 1])
            }
        }
        var last: [String: Value] = [:]
        for (name, column) in zip(batch.names, batch.columns) { last[name] = column[batch.rowCount - 1] }
        previous = last
        return batch.filtered(keep)
    }

    /// As they print: a number and the text of it are the same value.
    private static func areEqual(_ left: Value, _ right: Value) -> Bool {
        left == right || (left.printed == right.printed && left.elements.count == right.elements.count)
    }
}
