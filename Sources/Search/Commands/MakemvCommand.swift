import Columns
import Matching
import SPL

/// `makemv [delim="<text>"] [allowempty=<bool>] [tokenizer="<pattern>"] [setsv=<bool>] <field>` splits the field's text
/// into values, at each delimiter (a blank when none is written), or takes group 1 of each match of the tokenizer.
///
/// Empty values are left out unless `allowempty=t`; a text without values becomes null, null stays. Each value of a
/// multivalue field is split. With `setsv=t` the values are joined again with the delimiter. Errors: E391 for a tokenizer
/// without a group, E320, E321. Source: Splunk Search Reference 9.4, "makemv".
struct MakemvCommand: Command {
    static let name = "makemv"
    static let help = CommandHelp(
        "makemv <options> <field>", "Splits a text into the values of a multivalue field.",
        options: [
            ("delim=\"<text>\"", "what stands between the values, a blank unless written"),
            ("tokenizer=\"<pattern>\"", "a regular expression whose group 1 is a value, in the place of `delim`"),
            ("allowempty=<bool>", "keeps empty values; `f` unless written"),
            ("setsv=<bool>", "joins the values again with the delimiter; `f` unless written"),
        ])

    fileprivate struct Split: Sendable {
        var delimiter: Text?
        var tokenizer: CommandPattern?
        var allowsEmpty = false
        var joinsAgain = false
    }

    private let field: String
    private let split: Split

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var split = Split()
        var field: String?
        while let token = reader.peek() {
            if let name = reader.peekOption() {
                if name == "tokenizer" {
                    (_, _) = (reader.next(), reader.next())
                    let pattern = try CommandPattern.read(&reader, "a regular expression")
                    if pattern.regex.groupCount == 0 {
                        throw Diagnostic(
                            "E391", "'\(pattern.text)' has no group, so it gives no values", span: token.span,
                            hint: "put parentheses around what is to be a value: tokenizer=\"([^,]+),?\"")
                    }
                    split.tokenizer = pattern
                    continue
                }
                guard let (_, value) = reader.option() else { throw reader.unexpected(token, expected: "a value") }
                switch name {
                case "delim": split.delimiter = Text(value.text)
                case "allowempty": split.allowsEmpty = try BooleanOption.value(value)
                case "setsv": split.joinsAgain = try BooleanOption.value(value)
                default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if field == nil {
                field = try reader.fieldName("the field to split", allowingParentheses: true)
            } else {
                try reader.expectEnd()
            }
        }
        guard let field else { throw .noField(Self.name, syntax.nameSpan, "makemv delim=\",\" <field>") }
        self.field = field
        self.split = split
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    func delimiters(after input: [String: String]) -> [String: String] {
        var delimiters = input
        delimiters[field] = split.delimiter?.string
        return delimiters
    }

    var readsClock: Bool { false }
    var explanation: String {
        "makemv: \(field)" + (split.tokenizer.map { " tokenizer=\"\($0.text)\"" } ?? "")
            + (split.delimiter.map { " delim=\"\($0.string)\"" } ?? "") + (split.allowsEmpty ? " allowempty" : "")
            + (split.joinsAgain ? " setsv" : "")
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator { MakemvOperator(field: field, split: split) }
}

private struct MakemvOperator: Operator {
    let field: String
    let split: MakemvCommand.Split

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard let column = batch.column(field) else { return batch }
        var batch = batch
        let split = split
        let results = try column.usedEntries { value throws(SearchError) -> Value in
            var values: [Value] = []
            for element in value.elements {
                guard let text = element.printed else { continue }
                for bytes in try split.pieces(of: text) where split.allowsEmpty || !bytes.isEmpty {
                    values.append(.text(Text(bytes)))
                }
            }
            guard split.joinsAgain else { return .list(values) }
            return Value.list(values).joined(by: split.delimiter ?? " ")
        }
        batch.set(field, Column(source: column, results))
        return batch
    }
}

extension MakemvCommand.Split {
    fileprivate func pieces(of text: Text) throws(SearchError) -> [ArraySlice<UInt8>] {
        let bytes = text.bytes
        if let tokenizer {
            return try tokenizer.matches(in: text, limit: .max).compactMap { match in match[1].map { bytes[$0] } }
        }
        let delimiter = delimiter?.bytes ?? [0x20]
        guard let first = delimiter.first else { return [bytes[...]] }
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index + delimiter.count <= bytes.count {
            if bytes[index] == first, bytes[index..<index + delimiter.count].elementsEqual(delimiter) {
                pieces.append(bytes[start..<index])
                index += delimiter.count
                start = index
            } else {
                index += 1
            }
        }
        return pieces + [bytes[start...]]
    }
}

extension Value {
    /// The values of a multivalue as one text; a scalar and null are themselves.
    func joined(by delimiter: Text) -> Value {
        guard case .multivalue(let values) = self else { return self }
        return .text(Text(Array(values.compactMap(\.printed?.bytes).joined(separator: delimiter.bytes))))
    }
}
