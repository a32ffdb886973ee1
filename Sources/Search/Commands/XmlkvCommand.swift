import Columns
import Formats
import SPL

/// `xmlkv [<field>] [maxinputs=<count>]`: each `<name>text</name>` in the field, `_raw` by default, becomes a field.
///
/// Elements that hold others, and empty ones, give nothing; one that repeats gives a multivalue. The text need not be
/// well-formed, nor XML throughout. `maxinputs` is how many rows Splunk's script takes at a time and changes nothing.
/// Source: Splunk Search Reference 9.4, "xmlkv".
struct XmlkvCommand: Command {
    static let name = "xmlkv"
    static let help = CommandHelp(
        "xmlkv [<field>] <options>", "Makes a field of each element of XML that holds only text.",
        options: [
            ("maxinputs=<count>", "no effect: all rows are read")
        ])

    private var field = "_raw"

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var hasField = false
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                guard name == "maxinputs" else {
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                _ = try NumberOption.count(value, for: name)
            } else if !hasField {
                field = try reader.fieldName("a field")
                hasField = true
            } else {
                try reader.expectEnd()
            }
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }

    func schema(after input: Schema) -> Schema { Schema(isOpen: true, names: input.names) }

    var policies: [Policy] { [.noMatchLeavesField] }
    var explanation: String { "xmlkv: elements of \(field)" }

    func makeOperator() -> any Operator {
        GatheringOperator(
            ExtractionOperator(ElementExtractor(), field: field, merge: .replaces, command: Self.name))
    }
}

private struct ElementExtractor: FieldExtractor {
    private struct Open {
        var text: [UInt8] = []
        var hasElements = false
    }

    mutating func extract(
        _ text: Text, into found: inout FoundFields, _ context: inout ExecutionContext
    ) throws(SearchError) {
        var reader = XMLReader(text.bytes, form: .fragment)
        var open: [Open] = []
        // An error is a limit of the reader: what came before it stands.
        while let token = try? reader.next() {
            switch token {
            case .start:
                if !open.isEmpty { open[open.count - 1].hasElements = true }
                open.append(Open())
            case .text(let piece):
                if !open.isEmpty { open[open.count - 1].text += piece.bytes }
            case .end(let name, let start):
                // One that ends with the text was never closed.
                guard let element = open.popLast(), !element.hasElements, start < text.count else { continue }
                let value = XMLText.trimmed(element.text[...])
                if !value.isEmpty { found.add(name, Text(value)) }
            }
        }
    }
}
