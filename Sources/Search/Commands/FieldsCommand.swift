import Columns
import SPL

/// `fields [+|-] <fields>`: keeps the listed fields and the internal ones (`_time`, `_raw`, ...), or removes the listed
/// ones. A wildcard matches an internal field only when it starts with `_` itself.
///
/// Source: Splunk Search Reference 9.4, "fields".
struct FieldsCommand: Command {
    static let name = "fields"
    static let help = CommandHelp(
        "fields [+|-] <fields>", "Keeps the listed fields and the internal ones, or removes the listed ones.")

    private let wanted: [String]
    private let removes: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var removes = false
        var prefix: String?
        if let token = reader.peek(), token.kind == .word, token.text.hasPrefix("-") || token.text.hasPrefix("+") {
            removes = token.text.hasPrefix("-")
            _ = reader.next()
            // `fields -a` is written without a blank too.
            if token.text.utf8.count > 1 { prefix = String(token.text.dropFirst()) }
        }
        let list = try reader.fieldList()
        try reader.expectEnd()
        self.removes = removes
        wanted = (prefix.map { [$0] } ?? []) + list
        if wanted.isEmpty {
            throw Diagnostic(
                "E317", "fields names no field", span: syntax.nameSpan,
                hint: "write fields <field> ... or fields - <field> ...")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        if removes {
            var needed = after
            for name in wanted where !name.contains("*") { needed.names.remove(name) }
            return needed
        }
        var needed = FieldSet()
        if after.isAll {
            for name in wanted { needed.insert(name) }
            needed.insert("_*")
        } else {
            for name in after.names where isWanted(name) { needed.insert(name) }
            for pattern in after.patterns { needed.insert(pattern) }
        }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        if removes {
            return Schema(
                isOpen: input.isOpen,
                names: input.names.filter { name in !wanted.contains { FieldSet.matchesPublic($0, name) } })
        }
        return Schema(isOpen: false, names: wanted + ["_*"])
    }

    func rowKey(after input: [String]?) -> [String]? {
        guard let input else { return nil }
        let survives = input.allSatisfy { key in
            removes ? !wanted.contains { FieldSet.matchesPublic($0, key) } : isWanted(key)
        }
        return survives ? input : nil
    }

    var readsClock: Bool { false }
    var explanation: String { "fields: \(removes ? "without " : "")\(wanted.joined(separator: ", "))" }

    var streams: Bool { true }

    func makeOperator() -> any Operator {
        removes
            ? RemoveOperator(unwanted: wanted)
            : SelectOperator(wanted: wanted, keepsInternal: true, addsMissing: false) as any Operator
    }

    private func isWanted(_ name: String) -> Bool {
        name.hasPrefix("_") || wanted.contains { FieldSet.matchesPublic($0, name) }
    }
}

private struct RemoveOperator: Operator {
    let unwanted: [String]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        batch.selecting(batch.names.filter { name in !unwanted.contains { FieldSet.matchesPublic($0, name) } })
    }
}
