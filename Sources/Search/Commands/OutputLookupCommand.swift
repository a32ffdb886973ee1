import Columns
import SPL

/// `outputlookup [append=<bool>] [create_empty=<bool>] [override_if_empty=<bool>] [max=<count>] [key_field=<field>]
/// [allow_updates=<bool>] [createinapp=<bool>] [create_context=<name>] [output_format=<name>] <table>`: writes the rows
/// into a table of this run and hands them on.
///
/// Rows take the place of the table's unless `append=t`; a file then keeps its columns, and a record of a collection
/// whose key is there already is replaced (`allow_updates=f`: left). Without rows a table is emptied;
/// `override_if_empty=f` leaves one that exists, `create_empty=f` makes none. A file holds text: numbers as they print,
/// the values of a multivalue field as lines of one text unless `output_format=splunk_mv_csv`.
/// The content's own files are never touched. Source: Splunk Search Reference 9.4, "outputlookup".
struct OutputLookupCommand: Command {
    static let name = "outputlookup"
    static let help = CommandHelp(
        "outputlookup <options> <table>", "Writes the rows into a lookup table of this run and hands them on.",
        options: [
            ("append=<bool>", "keeps the table's rows; `f` unless written"),
            ("max=<count>", "writes at most that many rows"),
            ("override_if_empty=<bool>", "`f` leaves a table alone when there are no rows; `t` unless written"),
            ("create_empty=<bool>", "`f` makes no table when there are no rows; `t` unless written"),
            ("key_field=<field>", "the field with the key of a collection's record, `_key` unless written"),
            ("allow_updates=<bool>", "with `append`: replaces records whose key is there already, `t` unless written"),
            (
                "output_format=splunk_sv_csv|splunk_mv_csv",
                "values of a multivalue field are lines of one text (unless written), or stay apart"
            ),
            ("createinapp=<bool>", "no effect: tables live in the run"),
            ("create_context=app|user|system", "no effect: tables live in the run"),
        ])

    struct Options: Hashable, Sendable {
        var appends = false
        var createsEmpty = true
        var overridesIfEmpty = true
        var maximumRows: Int?
        var keyField: String?
        var allowsUpdates = true
        var keepsMultivalues = false
    }

    private let transform: LookupTransform
    private let catalog: LookupCatalog
    private let options: Options

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var options = Options()
        var table: Token?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "append": options.appends = try BooleanOption.value(value)
                case "create_empty": options.createsEmpty = try BooleanOption.value(value)
                case "override_if_empty": options.overridesIfEmpty = try BooleanOption.value(value)
                case "max": options.maximumRows = try NumberOption.count(value, for: "max", in: 1...Int.max)
                case "key_field": options.keyField = value.text
                case "allow_updates": options.allowsUpdates = try BooleanOption.value(value)
                case "output_format": options.keepsMultivalues = try Self.keepsMultivalues(value)
                case "createinapp": _ = try BooleanOption.value(value)
                // Where Splunk puts a new file; here it is the run's.
                case "create_context": try Self.check(value, of: name, among: ["app", "user", "system"])
                default:
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if table == nil {
                table = try LookupName.read(&reader).token
            } else {
                try reader.expectEnd()
            }
        }
        guard let table else { throw reader.unexpected(nil, expected: "the name of a lookup") }
        catalog = context.environment.lookups
        transform =
            catalog[table.text] == nil && LookupName.isFile(table.text)
            ? LookupTransform(name: table.text, store: .file(table.text))
            : try catalog.resolve(table, written: catalog[table.text].map { [$0.tableName] } ?? [])
        switch transform.store {
        case .script:
            throw Diagnostic(
                "E744", "lookup '\(table.text)' is computed and cannot be written", span: table.span,
                hint: "write to another name, such as \(table.text).csv")
        case .file where options.keyField != nil:
            throw Diagnostic(
                "E748", "lookup '\(table.text)' is a file, and key_field is for collections", span: table.span,
                hint: "leave out key_field, or aggregate by the key before writing")
        default: break
        }
        self.options = options
    }

    private static func keepsMultivalues(_ value: Token) throws(Diagnostic) -> Bool {
        try check(value, of: "output_format", among: ["splunk_sv_csv", "splunk_mv_csv"])
        return value.text.lowercased() == "splunk_mv_csv"
    }

    private static func check(_ value: Token, of option: String, among known: [String]) throws(Diagnostic) {
        guard known.contains(value.text.lowercased()) else {
            throw Diagnostic(
                "E749", "'\(value.text)' is no value of '\(option)'", span: value.span,
                hint: "write \(known.joined(separator: " or "))")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        guard case .collection(_, let fields) = transform.store, !fields.isEmpty else { return .all }
        var needed = after
        for field in fields { needed.insert(field) }
        needed.insert(options.keyField ?? "_key")
        return needed
    }

    var dependsOnOrder: Bool { true }
    var policies: [Policy] { [.outputlookupReplacesUnlessAppend] }

    var explanation: String {
        var parts = ["outputlookup: \(transform.name) (\(transform.summary))"]
        if options.appends { parts.append("appended") }
        if !options.createsEmpty { parts.append("no empty table") }
        if !options.overridesIfEmpty { parts.append("kept when there are no rows") }
        if let count = options.maximumRows { parts.append("at most \(count) rows") }
        if let field = options.keyField { parts.append("key \(field)") }
        if !options.allowsUpdates { parts.append("no updates") }
        if options.keepsMultivalues { parts.append("multivalues kept") }
        return parts.joined(separator: ", ")
    }

    func makeOperator() -> any Operator {
        OutputLookupOperator(transform: transform, catalog: catalog, options: options)
    }
}

private struct OutputLookupOperator: Operator {
    let transform: LookupTransform
    let catalog: LookupCatalog
    let options: OutputLookupCommand.Options
    var rows = RowBuffer()
    /// Columns of a result without rows.
    var empty = Batch()

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        if batch.rowCount > 0 { try rows.append(batch, &context) } else { empty = batch }
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let all = rows.count > 0 ? rows.take(&context) : empty
        var written = all
        written.origins = nil
        if let count = options.maximumRows { written = written.prefix(count) }
        let existing = transform.rows(catalog, context.state)
        if written.rowCount == 0 {
            if !options.appends, options.overridesIfEmpty || existing == nil {
                transform.write(options.createsEmpty ? written : Batch(), to: context.state)
            }
            return all
        }
        let writer = LookupWriter(transform: transform, options: options)
        let base = options.appends ? existing : nil
        transform.write(writer.table(written, behind: base, &context), to: context.state)
        return all
    }
}
