import Columns
import SPL

/// `setfields <field>="<text>", ...` gives every row these texts. In the names every character but ASCII letters and
/// digits becomes `_`, and leading `_` go.
///
/// Errors: E394 where nothing is set. Source: Splunk Search Reference 9.4, "setfields".
struct SetfieldsCommand: Command {
    static let name = "setfields"
    static let help = CommandHelp("setfields <field>=\"<text>\", ...", "Gives every row the same texts.")

    private let values: [(name: String, text: Text)]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var values: [(name: String, text: Text)] = []
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            guard token.kind == .word || token.kind == .quoted, reader.peek(1)?.kind == .comparison(.equal),
                let value = reader.peek(2), value.kind == .word || value.kind == .quoted
            else { throw reader.unexpected(token, expected: "<field>=\"<text>\"") }
            for _ in 0..<3 { _ = reader.next() }
            let name = Self.cleaned(token.text)
            if name.isEmpty {
                throw Diagnostic(
                    "E394", "'\(token.text)' is no field name for setfields", span: token.span,
                    hint: "write letters and digits")
            }
            values.append((name, Text(value.text)))
        }
        if values.isEmpty { throw .noField(Self.name, syntax.nameSpan, "setfields <field>=\"<text>\"") }
        self.values = values
    }

    private static func cleaned(_ name: String) -> String {
        let mapped = name.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value))
                ? Character(scalar) : "_"
        }
        return String(mapped.drop { $0 == "_" })
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.names.subtract(values.map(\.name))
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for (name, _) in values where !schema.names.contains(name) { schema.names.append(name) }
        return schema
    }

    var explanation: String {
        "setfields: " + values.map { "\($0.name)=\"\($0.text.string)\"" }.joined(separator: ", ")
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator { SetfieldsOperator(values: values) }
}

private struct SetfieldsOperator: Operator {
    let values: [(name: String, text: Text)]

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        for (name, text) in values { batch.set(name, Column(constant: .text(text), rowCount: batch.rowCount)) }
        return batch
    }
}
