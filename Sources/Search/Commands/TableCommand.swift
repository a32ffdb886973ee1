import Columns
import SPL

/// `table <fields>` keeps only these, in this order. A name that no row has is an empty column; a wildcard expands in
/// schema order and leaves internal fields (`_...`) out.
///
/// Source: Splunk Search Reference 9.4, "table".
struct TableCommand: Command {
    static let name = "table"
    static let help = CommandHelp("table <fields>", "Keeps only the listed fields, in that order.")

    private let wanted: [String]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        wanted = try reader.fieldList()
        try reader.expectEnd()
        if wanted.isEmpty {
            throw Diagnostic("E316", "table names no field", span: syntax.nameSpan, hint: "write table <field> ...")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = FieldSet()
        for name in wanted { needed.insert(name) }
        return needed
    }

    func schema(after input: Schema) -> Schema { Schema(isOpen: false, names: wanted) }

    func rowKey(after input: [String]?) -> [String]? {
        guard let input, input.allSatisfy({ key in wanted.contains { FieldSet.matches($0, key) } }) else { return nil }
        return input
    }

    var readsClock: Bool { false }
    var explanation: String { "table: \(wanted.joined(separator: ", "))" }

    /// Splunk runs it on the search head, for what it shows; here it only chooses columns.
    var streams: Bool { true }

    func makeOperator() -> any Operator { SelectOperator(wanted: wanted, keepsInternal: false, addsMissing: true) }
}

/// Keeps the columns that match `wanted`, in that order.
struct SelectOperator: Operator {
    let wanted: [String]
    /// `fields` keeps `_time`, `_raw` and their like; `table` does not.
    let keepsInternal: Bool
    /// `table` makes an empty column of a name that is not there; `fields` does not.
    let addsMissing: Bool

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var names: [String] = []
        var seen: Set<String> = []
        for pattern in wanted {
            if pattern.contains("*") {
                for name in batch.names where FieldSet.matchesPublic(pattern, name) {
                    if seen.insert(name).inserted { names.append(name) }
                }
            } else if addsMissing || batch.contains(pattern), seen.insert(pattern).inserted {
                names.append(pattern)
            }
        }
        if keepsInternal {
            for name in batch.names where name.hasPrefix("_") && seen.insert(name).inserted { names.append(name) }
        }
        return batch.selecting(names)
    }
}
