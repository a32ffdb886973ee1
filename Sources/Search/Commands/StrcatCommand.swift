import Columns
import SPL

/// `strcat [allrequired=<bool>] <field or "text"> ... <new field>` joins fields and quoted texts.
///
/// A missing field counts as empty text; with `allrequired=t` it leaves the new field as it was. A multivalue field gives
/// its values with line feeds between them. Source: Splunk Search Reference 9.4, "strcat".
struct StrcatCommand: Command {
    static let name = "strcat"
    static let help = CommandHelp(
        "strcat <options> <field or \"text\"> ... <new field>", "Joins fields and texts.",
        options: [
            ("allrequired=<bool>", "leaves the new field alone where a field is missing; `f` unless written")
        ])

    fileprivate enum Part: Sendable {
        case field(String)
        case text(Text)
    }

    private let parts: [Part]
    private let target: String
    private let isAllRequired: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var parts: [Part] = []
        var isAllRequired = false
        var last: Token?
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if let (name, value) = reader.option() {
                guard name == "allrequired" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                isAllRequired = try BooleanOption.value(value)
                continue
            }
            let text = try reader.fieldName("a field or a quoted text")
            parts.append(token.kind == .quoted ? .text(Text(text)) : .field(text))
            last = token
        }
        guard parts.count > 1, let last else {
            throw .noField(Self.name, syntax.nameSpan, "strcat <field> \"<text>\" ... <new field>")
        }
        self.parts = parts.dropLast()
        target = last.text
        self.isAllRequired = isAllRequired
    }

    private var sources: [String] {
        parts.compactMap { if case .field(let name) = $0 { name } else { nil } }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        guard after.contains(target) else { return after }
        var needed = after
        if !isAllRequired { needed.names.remove(target) }
        for name in sources { needed.insert(name) }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        if !schema.names.contains(target) { schema.names.append(target) }
        return schema
    }

    var explanation: String {
        let texts = parts.map { part in
            switch part {
            case .field(let name): name
            case .text(let text): "\"\(text.string)\""
            }
        }
        return "strcat: \(texts.joined(separator: " ")) as \(target)" + (isAllRequired ? ", all required" : "")
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator {
        StrcatOperator(parts: parts, target: target, isAllRequired: isAllRequired)
    }
}

private struct StrcatOperator: Operator {
    let parts: [StrcatCommand.Part]
    let target: String
    let isAllRequired: Bool

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        let columns = parts.map { part -> Column? in
            if case .field(let name) = part { batch.column(name) } else { nil }
        }
        let existing = batch.column(target)
        var builder = ColumnBuilder()
        rows: for row in 0..<batch.rowCount {
            var bytes: [UInt8] = []
            for (part, column) in zip(parts, columns) {
                if case .text(let text) = part {
                    bytes += text.bytes
                } else if let text = column?[row].printed {
                    bytes += text.bytes
                } else if isAllRequired {
                    builder.append(existing?[row] ?? .null)
                    continue rows
                }
            }
            builder.append(.text(Text(bytes)))
        }
        batch.set(target, builder.finish())
        return batch
    }
}
