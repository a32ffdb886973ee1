import Columns
import Matching
import SPL

/// `replace <old> WITH <new> [, <old> WITH <new> ...] [IN <fields>]` replaces whole values, case-sensitively; `*` in `old`
/// is any run, and what it stood for comes again at the `*` of `new`.
///
/// All fields but internal ones where no IN is written. Of several pairs that match, one without `*` goes first, the last
/// written of these; among the others the one with the most text beside its `*`. Each value of a multivalue field is
/// replaced; null stays. Errors: E395 for a malformed pair, E327 for `*` that do not agree.
/// Source: Splunk Search Reference 9.4, "replace".
struct ReplaceCommand: Command {
    static let name = "replace"
    static let help = CommandHelp(
        "replace <old> WITH <new>, ... [IN <fields>]", "Replaces whole values; `*` takes any text along.")

    fileprivate struct Pair: Sendable {
        var old: String
        var new: String
        var isWildcard: Bool { old.contains("*") }
        var literalCount: Int { old.utf8.count { $0 != UInt8(ascii: "*") } }
    }

    private let pairs: [Pair]
    /// Nil for all fields that are not internal.
    private let fields: [String]?

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var pairs: [Pair] = []
        var fields: [String]?
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if !pairs.isEmpty, reader.consumeKeyword("in") {
                fields = try reader.fieldList()
                if fields == [] { throw .noField("IN of replace", token.span, "replace ... IN <field>") }
                break
            }
            let old = try Self.text(&reader)
            guard reader.consumeKeyword("with") else {
                throw Diagnostic(
                    "E395", "'\(old)' of replace is not followed by WITH", span: (reader.peek() ?? token).span,
                    hint: "write replace <old> WITH <new> IN <field>; quote values that hold blanks")
            }
            let target = reader.peek()
            let new = try Self.text(&reader)
            let stars = (old.count { $0 == "*" }, new.count { $0 == "*" })
            if stars.1 != 0, stars.0 != stars.1 {
                throw Diagnostic(
                    "E327", "'\(old)' and '\(new)' do not have the same number of wildcards", span: target?.span,
                    hint: "write as many * behind WITH as before it, or none")
            }
            pairs.append(Pair(old: old, new: new))
        }
        try reader.expectEnd()
        if pairs.isEmpty {
            throw Diagnostic(
                "E395", "replace has no pair", span: syntax.nameSpan, hint: "write replace <old> WITH <new> IN <field>")
        }
        self.pairs = pairs
        self.fields = fields
    }

    private static func text(_ reader: inout ArgumentReader) throws(Diagnostic) -> String {
        guard let token = reader.next(), token.kind == .word || token.kind == .quoted else {
            throw Diagnostic(
                "E395", "replace lacks a value", span: reader.peek(-1)?.span,
                hint: "write replace <old> WITH <new> IN <field>; quote values that hold other characters than letters")
        }
        return token.text + (token.kind == .word ? reader.gluedText() : "")
    }

    func needs(_ after: FieldSet) -> FieldSet { after }

    var explanation: String {
        "replace: " + pairs.map { "\"\($0.old)\" with \"\($0.new)\"" }.joined(separator: ", ")
            + (fields.map { " in \($0.joined(separator: ", "))" } ?? "")
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator { ReplaceOperator(pairs: pairs, fields: fields) }
}

private struct ReplaceOperator: Operator {
    private let exact: [Text: Text]
    /// Best first.
    private let patterns: [(wildcard: WildcardPattern, pair: ReplaceCommand.Pair)]
    private let fields: [String]?

    init(pairs: [ReplaceCommand.Pair], fields: [String]?) {
        exact = Dictionary(pairs.filter { !$0.isWildcard }.map { (Text($0.old), Text($0.new)) }) { $1 }
        patterns = pairs.filter(\.isWildcard).enumerated()
            .sorted { ($0.element.literalCount, $0.offset) > ($1.element.literalCount, $1.offset) }
            .map { (WildcardPattern(Array($0.element.old.utf8), caseSensitive: true), $0.element) }
        self.fields = fields
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        for (name, column) in zip(batch.names, batch.columns) {
            let isWanted = fields.map { $0.contains { FieldSet.matches($0, name) } } ?? !name.hasPrefix("_")
            guard isWanted else { continue }
            batch.set(name, try column.mappingElements { value throws(SearchError) in replaced(value) })
        }
        return batch
    }

    private func replaced(_ value: Value) -> Value {
        guard let text = value.printed else { return value }
        if let new = exact[text] { return .text(new) }
        for (wildcard, pair) in patterns where wildcard.matches(text.bytes) {
            guard pair.new.contains("*") else { return .text(pair.new) }
            guard let captures = RenameCommand.captures(of: text.string, in: pair.old) else { continue }
            return .text(RenameCommand.fill(pair.new, captures))
        }
        return value
    }
}
