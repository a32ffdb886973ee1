import Columns
import SPL

/// `tstats [options] <function>(<field>) [AS <name>] ... [FROM datamodel=<model>.<dataset>] [WHERE <terms>]
/// [BY <fields> [span=<span>]]`: stats over the rows of a dataset, its fields named with their path, or without FROM over
/// events.
///
/// There are no summaries: everything is computed from events, so `summariesonly`, `allow_old_summaries`, `local`,
/// `chunk_size` and `include_reduced_buckets` have no effect. Rows in which a BY field is null are left out, unless
/// `fillnull_value` names the text that stands for null. WHERE has the rules of `search`. `prestats=t` hands on the rows
/// that a following `stats`, `chart` or `timechart` counts; `append=t` puts the rows behind those that came in.
/// Source: Splunk Search Reference 9.4, "tstats".
struct TstatsCommand: GeneratingCommand {
    static let name = "tstats"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "tstats <options> <function>(<field>) [AS <name>] ... [FROM datamodel=<dataset>] [WHERE <terms>] [BY <fields>]",
        "Computes stats over the rows of a data model's dataset, or over events.",
        options: [
            ("span=<span>", "behind BY: the width of the buckets of `_time`"),
            ("prestats=<bool>", "hands the rows to a following stats, chart or timechart; `f` unless written"),
            ("append=<bool>", "puts the rows behind those that come in; `f` unless written"),
            ("fillnull_value=<text>", "keeps rows in which a BY field is null, with this text for null"),
            ("summariesonly=<bool>", "no effect: there are no summaries"),
            ("allow_old_summaries=<bool>", "no effect: there are no summaries"),
            ("local=<bool>", "no effect: there is one machine"),
            ("chunk_size=<count>", "no effect on results"),
            ("include_reduced_buckets=<bool>", "no effect: there are no such buckets"),
        ])

    let arguments: TstatsArguments
    private let view: DataModelView?
    private let context: CompileContext
    /// Behind other commands: the search of its own whose rows it appends.
    private let appended: Subsearch?

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        arguments = try TstatsArguments(&reader, syntax, context)
        self.context = context
        view = try arguments.model.map { (name, span) throws(Diagnostic) in
            try DataModelView.of(name, span: span, context)
        }
        explanation = "tstats: \(syntax.argumentText)"
        if context.isFirst {
            appended = nil
        } else {
            try arguments.options.checkPlace(syntax)
            appended = try Subsearch(Pipeline([syntax]), context)
        }
    }

    var mayFollow: Bool { appended != nil }
    var subsearches: [CompiledSearch] { appended.map { [$0.search] } ?? [] }
    let explanation: String

    func needs(_ after: FieldSet) -> FieldSet { after }
    func schema(after input: Schema) -> Schema { .open }
    func rowKey(after input: [String]?) -> [String]? { nil }
    func makeOperator() -> any Operator { AppendedRows(search: appended, command: Self.name) }

    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] {
        try expansion(overGivenRows: false, before: commands)
    }

    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]? {
        try expansion(overGivenRows: true, before: commands)
    }

    func datasetUse(before commands: [any Command]) throws(Diagnostic) -> DatasetUse? {
        guard let view else { return nil }
        var context = context
        context.isFirst = false
        let filter: [any Command] = [try SearchCommand(arguments.filter, context)]
        let shaping = try arguments.shaping(context)
        return DatasetUse(view, needed: Self.needs(of: [view.prefixing] + filter + shaping + commands))
    }

    private func expansion(
        overGivenRows: Bool, before commands: [any Command]
    ) throws(Diagnostic) -> [any Command] {
        let shaping = try arguments.shaping(context)
        var context = context
        guard let view else {
            context.isFirst = !overGivenRows
            return [try SearchCommand(arguments.filter, context)] + shaping
        }
        let (ofSource, ofRows) = arguments.splitFilter
        context.isFirst = false
        let filter: [any Command] = ofRows.isEmpty ? [] : [try SearchCommand(.and(ofRows), context)]
        let tail = filter + shaping + commands
        // Behind the renaming of fields to their paths, where those below the dataset still show.
        let members: [any Command] = try DatasetMembers(view, needed: Self.needs(of: tail)).map { [$0] } ?? []
        let needed = Self.needs(of: members + [view.prefixing] + tail)
        let rows = try view.commands(needed: needed, extra: overGivenRows ? nil : ofSource, self.context)
        let given: [any Command] =
            overGivenRows && !ofSource.isEmpty ? [try SearchCommand(.and(ofSource), context)] : []
        return rows + given + members + [view.prefixing] + filter + shaping
    }

    private static func needs(of commands: [any Command]) -> FieldSet {
        commands.reversed().reduce(FieldSet.all) { $1.needs($0) }
    }
}

/// Hands rows on and puts the rows of a search behind them.
struct AppendedRows: Operator {
    let search: Subsearch?
    let command: String

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        try search?.rows(&context, limit: .max, of: command)
    }
}
