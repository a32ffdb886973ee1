import Columns
import SPL

/// `reverse` turns the order of the rows around.
///
/// Source: Splunk Search Reference 9.4, "reverse".
struct ReverseCommand: Command {
    static let name = "reverse"
    static let help = CommandHelp("reverse", "Turns the order of the rows around.")

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        try reader.expectEnd()
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var dependsOnOrder: Bool { true }
    var explanation: String { "reverse" }

    func makeOperator() -> any Operator { ReverseOperator(count: .max) }
}

/// The last `count` rows, the last one first.
struct ReverseOperator: Operator {
    let count: Int
    private var rows = RowBuffer()

    init(count: Int) { self.count = count }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = rows.take(&context)
        return all.gathered((0..<all.rowCount).suffix(count).reversed())
    }
}
