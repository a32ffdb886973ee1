import Columns
import Formats
import SPL

/// `xmlunescape [maxinputs=<count>]` writes `&amp;`, `&lt;`, `&gt;` and their kind in `_raw` as the characters they are.
///
/// `maxinputs` is how many rows Splunk's script takes at a time and changes nothing.
/// Source: Splunk Search Reference 9.4, "xmlunescape".
struct XmlunescapeCommand: Command {
    static let name = "xmlunescape"
    static let help = CommandHelp(
        "xmlunescape <options>", "Writes the entities of XML in _raw as the characters they stand for.",
        options: [
            ("maxinputs=<count>", "no effect: all rows are read")
        ])

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            guard let (name, value) = reader.option() else {
                try reader.expectEnd()
                return
            }
            guard name == "maxinputs" else {
                throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
            _ = try NumberOption.count(value, for: name)
        }
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    var policies: [Policy] { [.xmlunescapeReadsRaw] }
    var explanation: String { "xmlunescape: _raw" }
    var streams: Bool { true }

    func makeOperator() -> any Operator { UnescapeOperator() }
}

private struct UnescapeOperator: Operator {
    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard let raw = batch.column("_raw") else { return batch }
        var batch = batch
        batch.set(
            "_raw",
            raw.mapped { value in
                .list(
                    value.elements.map { element in
                        guard case .text(let text) = element else { return element }
                        return .text(XMLText.decoded(text.bytes[...]))
                    })
            })
        return batch
    }
}
