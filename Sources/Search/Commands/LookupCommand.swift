import Columns
import SPL

/// `lookup [local=<bool>] [update=<bool>] <table> <column> [AS <field>] ... [OUTPUT|OUTPUTNEW <column> [AS <field>] ...]`
///
/// Rows whose fields equal the columns of a table's rows get the output columns of those; several rows give a
/// multivalue, in file order. A row that lacks one of the fields, or matches nothing, is left as it is unless the
/// lookup has a default for it. OUTPUTNEW leaves a row alone that has any of the output fields. Without a clause all
/// columns are written that are not matched. Each value of a multivalue field is looked up.
/// Source: Splunk Search Reference 9.4, "lookup"; docs/decisions/0002.
struct LookupCommand: Command {
    static let name = "lookup"
    static let help = CommandHelp(
        "lookup <options> <table> <column> [AS <field>] ... [OUTPUT|OUTPUTNEW <column> [AS <field>] ...]",
        "Adds columns of a lookup table to the rows whose fields equal those of the table's rows.",
        options: [
            ("local=<bool>", "no effect: there is one machine"),
            ("update=<bool>", "no effect: tables are read once a run"),
        ])

    fileprivate let transform: LookupTransform
    fileprivate let inputs: [CompiledLookup.Pair]
    /// Nil: all columns that are not matched.
    fileprivate let outputs: [CompiledLookup.Pair]?
    fileprivate let keepsExisting: Bool
    fileprivate let catalog: LookupCatalog
    /// The columns of the table, as far as the run cannot change them.
    private let columns: [String]?

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek(), let (name, value) = reader.option() {
            // Both say where and how often Splunk reads the table again.
            guard ["local", "update"].contains(name) else {
                throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
            }
            _ = try BooleanOption.value(value)
        }
        catalog = context.environment.lookups
        let (table, span) = try LookupName.read(&reader)
        transform = try catalog.resolve(table, written: context.writtenLookups)
        inputs = try Self.pairs(&reader, until: ["output", "outputnew"])
        if inputs.isEmpty {
            throw Diagnostic(
                "E741", "lookup names no column of '\(table.text)' to match", span: span,
                hint: "write lookup \(table.text) <column> [AS <field>]")
        }
        keepsExisting = reader.nextIsKeyword("outputnew")
        if reader.next() != nil {
            outputs = try Self.pairs(&reader, until: [])
            if outputs?.isEmpty ?? true { throw reader.unexpected(nil, expected: "a column to write") }
        } else {
            outputs = nil
        }
        try reader.expectEnd()
        columns = context.writtenLookups.contains(transform.tableName) ? nil : catalog.columns(of: transform)
        try check(table)
    }

    /// `a [AS b], c d [AS e]`.
    private static func pairs(
        _ reader: inout ArgumentReader, until keywords: [String]
    ) throws(Diagnostic) -> [CompiledLookup.Pair] {
        var pairs: [CompiledLookup.Pair] = []
        while reader.peek() != nil, !keywords.contains(where: { reader.nextIsKeyword($0) }) {
            if reader.consumeComma() { continue }
            let column = try reader.fieldName("column of the lookup")
            let field = reader.consumeKeyword("as") ? try reader.fieldName("field after AS") : column
            pairs.append(CompiledLookup.Pair(column: column, field: field))
        }
        return pairs
    }

    /// The content's table is what the search is checked against, even where the run may write another.
    private func check(_ table: Token) throws(Diagnostic) {
        guard let columns else { return }
        for pair in inputs + (outputs ?? []) where !columns.contains(pair.column) && pair.column != "_key" {
            throw Self.missing(pair.column, table.text, columns, span: table.span)
        }
        if case .script(let name) = transform.store, let script = ScriptedLookup.named(name) {
            do {
                _ = try CompiledLookup(
                    script, transform, inputs: inputs, outputs: outputs, keepsExisting: keepsExisting)
            } catch {
                throw Self.missing(error.name, table.text, columns, span: table.span)
            }
        }
    }

    fileprivate static func missing(_ column: String, _ table: String, _ columns: [String], span: Span?) -> Diagnostic {
        Diagnostic(
            "E742", "lookup '\(table)' has no column '\(column)' to use here", span: span,
            hint: NearestName.hint(column, in: columns)
                ?? (columns.isEmpty ? "the table is empty" : "its columns: \(columns.joined(separator: ", "))"))
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for input in inputs { needed.insert(input.field) }
        if transform.time != nil { needed.insert("_time") }
        if keepsExisting { for output in outputs ?? [] { needed.insert(output.field) } }
        return needed
    }

    /// Fields written, as far as they are known.
    private var targets: [String]? {
        (outputs ?? columns.map { CompiledLookup.others($0, inputs) })?.map(\.field)
    }

    func schema(after input: Schema) -> Schema {
        guard let targets else { return Schema(isOpen: true, names: input.names) }
        var schema = input
        for name in targets where !schema.names.contains(name) { schema.names.append(name) }
        // The run may give a file other columns than it has now.
        if outputs == nil, case .file = transform.store { schema.isOpen = true }
        return schema
    }

    func rowKey(after input: [String]?) -> [String]? {
        guard let input, let targets, Set(targets).isDisjoint(with: input) else { return nil }
        return input
    }

    var policies: [Policy] {
        [.lookupNoMatchLeavesField, .lookupTakesEachValue, .lookupCellsAreTrimmed]
    }

    var readsClock: Bool { false }
    var explanation: String {
        let clause = keepsExisting ? "outputnew" : "output"
        return "lookup: \(transform.name) (\(transform.summary)) on " + inputs.map(\.text).joined(separator: ", ")
            + (outputs.map { " \(clause) " + $0.map(\.text).joined(separator: ", ") } ?? " output all other columns")
    }

    /// A table that the run writes is whole before rows come here: what writes it does not stream.
    var streams: Bool { true }

    func makeOperator() -> any Operator { LookupOperator(command: self) }
}

extension CompiledLookup.Pair {
    fileprivate var text: String { column == field ? column : "\(column) as \(field)" }
}

private struct LookupOperator: Operator {
    let command: LookupCommand
    var compiled: CompiledLookup?

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        if compiled == nil { compiled = try compile(&context) }
        guard let compiled else { return batch }
        var batch = batch
        let findings = compiled.apply(to: &batch, defaultLimit: context.limits.lookupMatches)
        if findings.isCut {
            context.warn(
                "W331",
                "lookup '\(command.transform.name)' gives \(context.limits.lookupMatches) of more rows for one key",
                hint: "set max_matches in its definition, or use --no-limits")
        }
        if findings.hasTooManyCombinations {
            context.warn(
                "W332", "lookup '\(command.transform.name)' leaves rows with too many combinations of values alone",
                hint: "expand a multivalue field with mvexpand before the lookup")
        }
        return batch
    }

    /// The table as it is when the first rows come; nil where there is none yet.
    private func compile(_ context: inout ExecutionContext) throws(SearchError) -> CompiledLookup? {
        let transform = command.transform
        do throws(MissingLookupColumn) {
            if case .script(let name) = transform.store, let script = ScriptedLookup.named(name) {
                return try CompiledLookup(
                    script, transform, inputs: command.inputs, outputs: command.outputs,
                    keepsExisting: command.keepsExisting)
            }
            if case .file(let name) = transform.store, context.state.table(name) == nil,
                let file = command.catalog.file(name)
            {
                for problem in file.csv.problems.prefix(1) { LookupName.warn(name, problem, &context) }
                return try CompiledLookup(
                    transform, file: file, inputs: command.inputs, outputs: command.outputs,
                    keepsExisting: command.keepsExisting)
            }
            guard let rows = transform.rows(command.catalog, context.state), !rows.names.isEmpty else {
                LookupName.warnMissing(transform, &context)
                return nil
            }
            return try CompiledLookup(
                LookupTable(transform, rows: rows, inputs: command.inputs.map(\.column)), inputs: command.inputs,
                outputs: command.outputs, keepsExisting: command.keepsExisting)
        } catch {
            let columns = transform.rows(command.catalog, context.state)?.names ?? []
            throw LookupCommand.missing(error.name, transform.name, columns, span: nil)
        }
    }
}
