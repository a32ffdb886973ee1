import Columns
import SPL

/// `inputlookup [append=<bool>] [strict=<bool>] [start=<count>] [max=<count>] <table> [WHERE <search terms>]`: the rows
/// of a table, columns in the table's order; what this run wrote goes before what the content brought.
///
/// Behind other commands it needs `append=t`: the rows that came in go first. `start` and `max` count the rows of the
/// table, before WHERE. WHERE takes comparisons with AND, OR and NOT, with the rules of `search`.
/// Source: Splunk Search Reference 9.4, "inputlookup". A table that does not exist is an error whatever `strict` says.
struct InputLookupCommand: GeneratingCommand {
    static let name = "inputlookup"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "inputlookup <options> <table> [WHERE <search terms>]", "Reads the rows of a lookup table.",
        options: [
            ("append=<bool>", "puts them behind the rows that come in; `f` unless written"),
            ("start=<number>", "skips that many rows of the table, 0 unless written"),
            ("max=<count>", "reads at most that many rows"),
            ("strict=<bool>", "no effect: a table that does not exist is an error either way"),
        ])

    fileprivate let transform: LookupTransform
    fileprivate let catalog: LookupCatalog
    fileprivate let start: Int
    fileprivate let count: Int?
    fileprivate let filter: SearchCommand?
    private let appends: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var table: Token?
        var appends = false
        var start = 0
        var count: Int?
        var filter: SearchCommand?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "append": appends = try BooleanOption.value(value)
                case "strict": _ = try BooleanOption.value(value)
                case "start": start = try NumberOption.count(value, for: "start")
                case "max": count = try NumberOption.count(value, for: "max")
                default:
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if table == nil {
                table = try LookupName.read(&reader).token
            } else if reader.consumeKeyword("where") {
                let (text, offset) = reader.remainingText()
                if text.isEmpty { throw reader.unexpected(nil, expected: "a comparison") }
                let expression = try Self.comparisons(SearchExpression.parse(text, at: offset))
                var inner = context
                inner.isFirst = false
                filter = try SearchCommand(expression, inner)
            } else {
                try reader.expectEnd()
            }
        }
        guard let table else { throw reader.unexpected(nil, expected: "the name of a lookup") }
        guard appends || (context.isFirst && !context.rowsAreGiven) else {
            throw Diagnostic(
                "E743", "inputlookup behind other commands needs append=t", span: syntax.nameSpan,
                hint: "write inputlookup append=t \(table.text)")
        }
        catalog = context.environment.lookups
        transform = try catalog.resolve(table, written: context.writtenLookups)
        if case .script = transform.store {
            throw Diagnostic(
                "E744", "lookup '\(table.text)' is computed and has no rows to read", span: table.span,
                hint: "use it with the lookup command")
        }
        self.appends = appends
        self.start = start
        self.count = count
        self.filter = filter
    }

    /// `earliest=5` compares a column here: a table has no time range.
    private static func comparisons(_ expression: SearchExpression) throws(Diagnostic) -> SearchExpression {
        switch expression {
        case .and(let terms): return .and(try each(terms))
        case .or(let terms): return .or(try each(terms))
        case .not(let term, let span): return .not(try comparisons(term), span)
        case .timeModifier(let name, let value, let span):
            return .comparison(
                field: name, operator: .equal, value: SearchLiteral(value, isQuoted: false), span)
        case .keyword(_, let span), .directive(_, _, let span):
            throw Diagnostic(
                "E745", "WHERE of inputlookup takes comparisons only", span: span,
                hint: "write <column>=<value>, joined with AND, OR and NOT")
        default: return expression
        }
    }

    private static func each(_ terms: [SearchExpression]) throws(Diagnostic) -> [SearchExpression] {
        var result: [SearchExpression] = []
        for term in terms { result.append(try comparisons(term)) }
        return result
    }

    var mayFollow: Bool { true }
    func needs(_ after: FieldSet) -> FieldSet { after }

    func schema(after input: Schema) -> Schema {
        let columns = catalog.columns(of: transform) ?? []
        let names = (appends ? input.names : []) + columns.filter { !appends || !input.names.contains($0) }
        // A search of the run may give a file other columns than it has now; a collection keeps its own.
        if case .collection(_, let fields) = transform.store, !fields.isEmpty, !appends || !input.isOpen {
            return Schema(isOpen: false, names: names)
        }
        return Schema(isOpen: true, names: names)
    }

    func rowKey(after input: [String]?) -> [String]? { nil }
    var subsearches: [CompiledSearch] { filter?.subsearches ?? [] }
    var policies: [Policy] { [.lookupCellsAreTrimmed, .inputlookupCountsBeforeWhere] }

    var explanation: String {
        "inputlookup: \(transform.name) (\(transform.summary))" + (appends ? ", appended" : "")
            + (start > 0 ? ", from row \(start)" : "") + (count.map { ", at most \($0) rows" } ?? "")
            + (filter.map { ", where \($0.expression)" } ?? "")
    }

    func makeOperator() -> any Operator { InputLookupOperator(command: self) }
}

private struct InputLookupOperator: Operator {
    let command: InputLookupCommand

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        guard let all = command.transform.rows(command.catalog, context.state) else {
            LookupName.warnMissing(command.transform, &context)
            return nil
        }
        if case .file(let name) = command.transform.store {
            if all.names.isEmpty { LookupName.warnMissing(command.transform, &context) }
            if context.state.table(name) == nil, let problem = command.catalog.file(name)?.csv.problems.first {
                LookupName.warn(name, problem, &context)
            }
        }
        var rows = all
        if case .collection(_, let fields) = command.transform.store {
            rows = rows.selecting(fields.isEmpty ? rows.names.filter { $0 != "_key" } : fields)
        }
        if command.start > 0 || command.count ?? .max < rows.rowCount {
            let start = min(command.start, rows.rowCount)
            let end = command.count.map { min($0, rows.rowCount - start) + start } ?? rows.rowCount
            rows = rows.gathered(Array(start..<end))
        }
        guard let filter = command.filter else { return rows }
        var filtering = filter.makeOperator()
        return try filtering.process(rows, &context)
    }
}
