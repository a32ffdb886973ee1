import Columns
import SPL

/// `fillnull [value=<text>] [<fields>]` puts a text, `0` when none is written, where a field is null; empty text stays.
///
/// A listed field is created where no row has it, a wildcard matches fields that some row has. Without a list every field
/// that some row has is filled, internal ones (`_...`) aside; that needs all rows. Source: Splunk Search Reference 9.4,
/// "fillnull".
struct FillnullCommand: Command {
    static let name = "fillnull"
    static let help = CommandHelp(
        "fillnull <options> [<fields>]", "Puts a text where a field is null.",
        options: [
            ("value=<text>", "the text, `0` unless written")
        ])

    private let value: Text
    private let fields: [String]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var value = Text("0")
        var fields: [String] = []
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if let (name, text) = reader.option() {
                guard name == "value" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                value = Text(text.text)
                continue
            }
            let field = try reader.fieldName("a field to fill", allowingParentheses: true)
            if !fields.contains(field) { fields.append(field) }
        }
        self.value = value
        self.fields = fields
    }

    private var needsAllRows: Bool { fields.isEmpty || fields.contains { $0.contains("*") } }

    func needs(_ after: FieldSet) -> FieldSet { after }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for name in fields where !schema.names.contains(name) { schema.names.append(name) }
        return schema
    }

    var policies: [Policy] { needsAllRows ? [.wildcardSkipsInternal] : [] }

    var readsClock: Bool { false }
    var explanation: String {
        "fillnull: \"\(value.string)\" in \(fields.isEmpty ? "all fields" : fields.joined(separator: ", "))"
    }

    /// Without a list it fills the fields that some row has.
    var streams: Bool { !needsAllRows }

    func makeOperator() -> any Operator {
        needsAllRows
            ? FillAllOperator(value: .text(value), patterns: fields.isEmpty ? ["*"] : fields)
            : FillOperator(value: .text(value), fields: fields) as any Operator
    }
}

private struct FillOperator: Operator {
    let value: Value
    let fields: [String]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        for field in fields { batch.fill(field, with: value) }
        return batch
    }
}

private struct FillAllOperator: Operator {
    let value: Value
    let patterns: [String]
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        var batch = rows.take(&context)
        for pattern in patterns where !pattern.contains("*") { batch.fill(pattern, with: value) }
        for (name, column) in zip(batch.names, batch.columns) where column.hasValues {
            if patterns.contains(where: { FieldSet.matchesPublic($0, name) }) { batch.fill(name, with: value) }
        }
        return batch
    }
}

extension Batch {
    /// Puts `value` into the rows in which the field is null; the field is made where there is none.
    fileprivate mutating func fill(_ name: String, with value: Value) {
        let column = column(name) ?? .nulls(rowCount: rowCount)
        set(name, column.mapped { $0.isNull ? value : $0 })
    }
}
