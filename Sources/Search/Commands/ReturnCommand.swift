import Columns
import SPL

/// `return [<count>] [<alias>=<field>] [<field>] [$<field>] ...` makes one row whose field `search` is text for the search
/// around it: `field="value"`, `alias="value"`, or the bare value.
///
/// Of the first `count` rows, 1 when none is written. Several rows stand in parentheses with OR between them; null fields
/// are left out, and where nothing is left there is no row, which as a subsearch matches nothing.
/// Errors: E380, E394. Source: Splunk Search Reference 9.4, "return".
struct ReturnCommand: Command {
    static let name = "return"
    static let help = CommandHelp(
        "return [<count>] [<alias>=<field>] [<field>] [$<field>] ...",
        "Makes one row whose field search is text for the search around the subsearch.")

    fileprivate struct Output: Sendable {
        var field: String
        /// Nil for the bare value.
        var alias: String?
    }

    private let count: Int
    private let outputs: [Output]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var count = 1
        if let token = reader.peek(), token.kind == .word, Int(token.text) != nil, reader.peekOption() == nil {
            count = try NumberOption.count(token, for: Self.name, in: 1...Int.max)
            _ = reader.next()
        }
        var outputs: [Output] = []
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if reader.peekOption() != nil, let (_, value) = reader.option() {
                // Not the option's name, which is lower-cased: aliases are field names.
                outputs.append(Output(field: value.text, alias: token.text))
                continue
            }
            let field = try reader.fieldName("a field to return", allowingParentheses: true)
            if token.kind == .word, field.hasPrefix("$"), field.utf8.count > 1 {
                let inner = field.dropFirst()
                outputs.append(Output(field: String(inner.hasSuffix("$") ? inner.dropLast() : inner), alias: nil))
            } else {
                outputs.append(Output(field: field, alias: field))
            }
        }
        if outputs.isEmpty { throw .noField(Self.name, syntax.nameSpan, "return <field>, or return $<field>") }
        self.count = count
        self.outputs = outputs
    }

    func needs(_ after: FieldSet) -> FieldSet { FieldSet(names: Set(outputs.map(\.field))) }
    func schema(after input: Schema) -> Schema { Schema(isOpen: false, names: ["search"]) }
    func rowKey(after input: [String]?) -> [String]? { [] }

    var dependsOnOrder: Bool { true }

    var explanation: String {
        let texts = outputs.map { output in output.alias.map { "\($0)=\(output.field)" } ?? "$\(output.field)" }
        return "return: first \(count), \(texts.joined(separator: " "))"
    }

    func makeOperator() -> any Operator {
        TermsOperator(limit: count) { [count, outputs] rows in
            var groups: [String] = []
            for row in 0..<rows.rowCount {
                let terms = outputs.compactMap { output in
                    // A field of the name `search` gives its bare value, as everywhere in subsearches.
                    SubsearchText.term(output.alias ?? "search", rows[output.field, row], "OR")
                }
                if !terms.isEmpty { groups.append(terms.joined(separator: " ")) }
            }
            if groups.isEmpty { return nil }
            return count == 1 ? groups[0] : groups.map { "(\($0))" }.joined(separator: " OR ")
        }
    }
}
