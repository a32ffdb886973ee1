import Columns
import SPL

/// `map search="<search>" [maxsearches=<count>]` or `map [<search>]`: runs the search once for each row, with the row's
/// values in the place of `$field$`; the result is the rows of all these searches.
///
/// Ten searches run unless `maxsearches` says otherwise; 0 is none, not all. A row that lacks a field of a token is
/// skipped. Macros in the text are expanded after the values are in. The time range is that of the search around, unless
/// the text sets one. Source: Splunk Search Reference 9.4, "map".
struct MapCommand: Command {
    static let name = "map"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "map search=\"<search>\" | [<subsearch>] <options>",
        "Runs a search for each row, the row's values in the place of $field$.",
        options: [
            ("search=\"<search>\"", "the search"),
            ("maxsearches=<count>", "how many searches run, 10 unless written"),
        ])

    fileprivate let template: MapTemplate
    fileprivate let maximum: Int?
    fileprivate let context: CompileContext
    private let text: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var text: String?
        var maximum: Int?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "search": text = value.text
                case "maxsearches": maximum = try NumberOption.count(value, for: name)
                default:
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if let pipeline = token.pipeline, text == nil {
                _ = reader.next()
                text = pipeline.description
            } else if token.kind == .word || token.kind == .quoted {
                throw Diagnostic(
                    "E736", "there are no saved searches here: '\(token.text)'", span: token.span,
                    hint: "write map search=\"<search>\"")
            } else {
                throw reader.unexpected(token, expected: "search=\"<search>\"")
            }
        }
        guard let text else {
            throw Diagnostic(
                "E734", "map has no search", span: syntax.nameSpan, hint: "write map search=\"search user=$user$\"")
        }
        self.text = text
        self.maximum = maximum
        self.context = context
        template = MapTemplate(text)
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = FieldSet()
        // Not through insert: a token's name is never a pattern.
        needed.names.formUnion(template.fields)
        return needed
    }

    func schema(after input: Schema) -> Schema { .open }
    func rowKey(after input: [String]?) -> [String]? { nil }
    var dependsOnOrder: Bool { true }
    var policies: [Policy] { [.mapKeepsStringsWhole] }
    var explanation: String { "map\(maximum.map { ", maxsearches \($0)" } ?? ""): \(text)" }

    func makeOperator() -> any Operator { MapOperator(command: self) }
}

private struct MapOperator: Operator {
    let command: MapCommand
    var held = RowBuffer()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        try held.append(batch, &context)
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let rows = held.take(&context)
        let limit = command.maximum ?? context.limits.mapSearches
        var result = RowBuffer()
        var columns = Batch()
        var count = 0
        for row in 0..<rows.rowCount {
            let (text, missing) = command.template.filled(rows, row, serial: count + 1)
            guard let text else {
                context.warn(
                    "W326", "map skips rows without the field '\(missing ?? "")'",
                    hint: "filter them out before, or fill the field with fillnull")
                continue
            }
            guard count < limit else {
                context.warn(
                    "W327", "map runs \(limit) searches, not one for each of \(rows.rowCount) rows",
                    hint: "write maxsearches=\(rows.rowCount), or reduce the rows with dedup or head")
                break
            }
            count += 1
            try context.checkTime()
            let search = try Subsearch(text: text, of: MapCommand.name, command.context)
            let found = try search.rows(&context, limit: .max, of: MapCommand.name)
            if found.rowCount > 0 { try result.append(found, &context) } else { columns = found }
        }
        return result.count > 0 ? result.take(&context) : columns
    }
}
