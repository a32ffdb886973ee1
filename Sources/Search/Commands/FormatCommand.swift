import Columns
import SPL

/// `format [mvsep="<text>"] [maxresults=<n>] ["<row prefix>" "<column prefix>" "<column separator>" "<column end>"
/// "<row separator>" "<row end>"] [emptystr="<text>"]` makes one row of all rows: its field `search` is the text that the
/// rows stand for as search terms; see ``SubsearchText``.
///
/// No rows give `emptystr`. `maxresults=0` takes all rows. Errors: E397 unless there are none or six of the words.
/// Source: Splunk Search Reference 9.4, "format".
struct FormatCommand: Command {
    static let name = "format"
    static let help = CommandHelp(
        "format <options> [\"<row begin>\" \"<term begin>\" \"<and>\" \"<term end>\" \"<or>\" \"<row end>\"]",
        "Makes one row of all rows, whose field search is their text as search terms.",
        options: [
            ("mvsep=\"<text>\"", "what stands between the values of a multivalue field, `OR` unless written"),
            ("maxresults=<count>", "how many rows count, 0 (all) unless written"),
            ("emptystr=\"<text>\"", "the text for no rows, `NOT ( )` unless written"),
        ])

    private let words: SubsearchText
    private let limit: Int

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var words = SubsearchText()
        var limit = 0
        var list: [String] = []
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if let (name, value) = reader.option() {
                switch name {
                case "mvsep": words.multivalueSeparator = value.text
                case "maxresults": limit = try NumberOption.count(value, for: name)
                case "emptystr": words.emptyText = value.text
                default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else {
                guard token.kind == .word || token.kind == .quoted else {
                    throw reader.unexpected(token, expected: "a quoted word")
                }
                list.append(token.text)
                _ = reader.next()
            }
        }
        guard list.isEmpty || list.count == 6 else {
            throw Diagnostic(
                "E397", "format takes none or six words, not \(list.count)", span: syntax.span,
                hint: "write format \"(\" \"(\" \"AND\" \")\" \"OR\" \")\" with your own words")
        }
        if list.count == 6 {
            (words.rowPrefix, words.columnPrefix, words.columnSeparator) = (list[0], list[1], list[2])
            (words.columnEnd, words.rowSeparator, words.rowEnd) = (list[3], list[4], list[5])
        }
        self.words = words
        self.limit = limit
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }
    func schema(after input: Schema) -> Schema { Schema(isOpen: false, names: ["search"]) }
    func rowKey(after input: [String]?) -> [String]? { [] }

    var dependsOnOrder: Bool { true }

    var explanation: String {
        let list = [
            words.rowPrefix, words.columnPrefix, words.columnSeparator, words.columnEnd, words.rowSeparator,
            words.rowEnd, words.multivalueSeparator, words.emptyText,
        ]
        return "format: " + list.map { "\"\($0)\"" }.joined(separator: " ") + (limit == 0 ? "" : ", first \(limit)")
    }

    func makeOperator() -> any Operator {
        TermsOperator(limit: limit == 0 ? .max : limit) { [words] rows in words.formatted(rows) }
    }
}

/// One row whose field `search` is what `text` makes of the first `limit` rows; no row where that is nil.
struct TermsOperator: Operator {
    let limit: Int
    let text: @Sendable (Batch) -> String?
    private var rows = RowBuffer()

    init(limit: Int, text: @escaping @Sendable (Batch) -> String?) {
        self.limit = limit
        self.text = text
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        if rows.count < limit { try rows.append(batch, &context) }
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = rows.take(&context).prefix(limit)
        guard let text = text(all) else {
            return Batch(rowCount: 0, columns: [("search", .nulls(rowCount: 0))])
        }
        var result = Batch(rowCount: 1, columns: [("search", Column(constant: .text(text), rowCount: 1))])
        result.origins = all.unitedOrigins
        return result
    }
}
