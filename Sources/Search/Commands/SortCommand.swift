import Columns
import SPL

/// `sort [<count>] [-|+]<field> ... [d|desc]`: stable; numbers by value, addresses as addresses, other text bytewise;
/// nulls last whatever the direction. At most 10,000 rows are kept unless a count is written; 0 is all.
///
/// Modes `auto(f) str(f) num(f) ip(f)`: see ``SortKey``. Source: Splunk Search Reference 9.4, "sort".
struct SortCommand: Command {
    static let name = "sort"
    static let help = CommandHelp(
        "sort [<count>] [-|+]<field> ... [d|desc] <options>",
        "Sorts the rows by fields, also as auto(f), ip(f), num(f), str(f).",
        options: [
            ("limit=<count>", "the count, written as an option; 0 keeps all")
        ])

    private let keys: [SortKey]
    private let count: Int?

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        if let (name, value) = reader.peekOption() == "limit" ? reader.option() : nil {
            guard let limit = Int(value.text), limit >= 0 else {
                throw Diagnostic(
                    "E330", "'\(value.text)' is no count for '\(name)'", span: value.span, hint: "write limit=0")
            }
            count = limit
        } else if let token = reader.peek(), token.kind == .word, let number = Int(token.text), number >= 0,
            !token.text.hasPrefix("+"), !token.text.hasPrefix("-")
        {
            count = number
            _ = reader.next()
        } else {
            count = nil
        }
        keys = try SortKey.readList(&reader)
        if keys.isEmpty {
            throw Diagnostic("E331", "sort names no field", span: syntax.nameSpan, hint: "write sort - <field>")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for key in keys { needed.insert(key.field) }
        return needed
    }

    var dependsOnOrder: Bool { true }
    var readsClock: Bool { false }

    var explanation: String {
        "sort: " + keys.map(\.explanation).joined(separator: ", ")
            + (count.map { $0 == 0 ? "" : ", first \($0)" } ?? ", first 10,000")
    }

    func makeOperator() -> any Operator { SortOperator(keys: keys, count: count) }
}

private struct SortOperator: Operator {
    let keys: [SortKey]
    let count: Int?
    var rows = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = rows.take(&context)
        let order = SortKey.order(of: all, by: keys)
        let limit = count ?? context.limits.sortRows
        guard limit > 0, order.count > limit else { return all.gathered(order) }
        if count == nil {
            context.warn(
                "W301", "sort keeps \(limit) of \(order.count) rows", hint: "write sort 0 to keep all")
        }
        return all.gathered(Array(order.prefix(limit)))
    }
}
