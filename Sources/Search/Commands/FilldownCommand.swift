import Columns
import SPL

/// `filldown [<fields>]` gives a null field the last value above it; all fields but internal ones when none is listed.
///
/// A field stays null until a row has it; empty text counts as a value. Source: Splunk Search Reference 9.4, "filldown".
struct FilldownCommand: Command {
    static let name = "filldown"
    static let help = CommandHelp("filldown [<fields>]", "Gives a null field the last value above it.")

    private let fields: [String]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        fields = try reader.fieldList()
        try reader.expectEnd()
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var dependsOnOrder: Bool { true }
    var policies: [Policy] { [.wildcardSkipsInternal] }
    var explanation: String { "filldown: \(fields.isEmpty ? "all fields" : fields.joined(separator: ", "))" }

    func makeOperator() -> any Operator { FilldownOperator(patterns: fields.isEmpty ? ["*"] : fields) }
}

private struct FilldownOperator: Operator {
    let patterns: [String]
    private var names: [String] = []
    private var last: [String: Value] = [:]

    init(patterns: [String]) { self.patterns = patterns }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return batch }
        for name in batch.names
        where last[name] == nil && patterns.contains(where: { FieldSet.matchesPublic($0, name) }) {
            names.append(name)
            last[name] = .null
        }
        var batch = batch
        for name in names {
            var value = last[name] ?? .null
            let column = batch.column(name) ?? .nulls(rowCount: batch.rowCount)
            guard column.ids.contains(0) || !value.isNull else {
                last[name] = column[batch.rowCount - 1]
                continue
            }
            var builder = ColumnBuilder()
            for row in 0..<batch.rowCount {
                if column.ids[row] != 0 { value = column[row] }
                builder.append(value)
            }
            last[name] = value
            batch.set(name, builder.finish())
        }
        return batch
    }
}
