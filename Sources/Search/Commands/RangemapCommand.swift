import Columns
import SPL

/// `rangemap field=<field> <name>=<from>-<to> ... [default=<text>]`: a field `range` with the names of the ranges that the
/// number lies in, both ends included.
///
/// Several names make a multivalue; none, and a value that is no number, gives the default, `None`.
/// Source: Splunk Search Reference 9.4, "rangemap".
struct RangemapCommand: Command {
    static let name = "rangemap"
    static let help = CommandHelp(
        "rangemap field=<field> <name>=<from>-<to> ... <options>", "Names the ranges that a number lies in.",
        options: [
            ("field=<field>", "the field with the number"),
            ("default=<text>", "the name where no range fits, `None` unless written"),
        ])

    private struct Range: Sendable {
        var name: Text
        var bounds: ClosedRange<Double>
    }

    private let field: String
    private let ranges: [Range]
    private let fallback: Text
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        explanation = syntax.explanation
        var reader = ArgumentReader(syntax)
        var field: String?
        var ranges: [Range] = []
        var fallback = "None"
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            // The names of ranges keep their case.
            guard let (name, value) = reader.option() else { throw Self.malformed(token) }
            switch name {
            case "field": field = value.text
            case "default": fallback = value.text
            default:
                guard let bounds = Self.bounds(value.text) else { throw Self.malformed(value) }
                ranges.append(Range(name: Text(token.text), bounds: bounds))
            }
        }
        guard let field else { throw .fieldsExpected(syntax, "rangemap field=<field> low=0-10 high=11-99") }
        guard !ranges.isEmpty else {
            throw Diagnostic(
                "E388", "rangemap has no range", span: syntax.nameSpan, hint: "write low=0-10 high=11-99")
        }
        self.field = field
        self.ranges = ranges
        self.fallback = Text(fallback)
    }

    private static func malformed(_ token: Token) -> Diagnostic {
        Diagnostic(
            "E388", "'\(token.text)' is no range", span: token.span, hint: "write <name>=<from>-<to>, such as low=-5-10"
        )
    }

    /// `-5-10`, `1.5-2`: the first `-` that has a number on either side.
    private static func bounds(_ text: String) -> ClosedRange<Double>? {
        let bytes = Array(text.utf8)
        for index in bytes.indices.dropFirst() where bytes[index] == UInt8(ascii: "-") {
            guard let from = NumberText.parse(Array(bytes[..<index])),
                let to = NumberText.parse(Array(bytes[(index + 1)...])), from <= to
            else { continue }
            return from...to
        }
        return nil
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.names.remove("range")
        needed.insert(field)
        return needed
    }
    func schema(after input: Schema) -> Schema { input.adding("range") }
    var streams: Bool { true }

    func makeOperator() -> any Operator { RangemapOperator(command: self) }

    private struct RangemapOperator: Operator {
        let command: RangemapCommand

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            var batch = batch
            let column = batch.column(command.field) ?? .nulls(rowCount: batch.rowCount)
            batch.set(
                "range",
                column.mapped { value in
                    let numbers = value.elements.compactMap(\.numeric)
                    let names = command.ranges.filter { range in numbers.contains { range.bounds.contains($0) } }
                    return names.isEmpty ? .text(command.fallback) : .list(names.map { .text($0.name) })
                })
            return batch
        }
    }
}
