import Columns
import SPL

/// `mstats [options] <function>(<metric>) [AS <name>] ... [WHERE <terms>] [BY <dimensions>] [span=<span>]`: stats over
/// metric data points.
///
/// A data point is an event with `metric_name` and `_value`, or with fields `metric_name:<name>` that hold values; its
/// other fields are dimensions. `avg(_value)` goes with `metric_name=<name>` in WHERE. Values in WHERE are
/// case-sensitive. Rows in which a BY field is null are left out unless `fillnull_value` is given. `prestats=t` hands on
/// the rows, `append=t` puts them behind those that came in. Source: Splunk Search Reference 9.4, "mstats".
struct MstatsCommand: GeneratingCommand {
    static let name = "mstats"
    static let readsSubsearches = true
    static let help = CommandHelp(
        "mstats <options> <function>(<metric>) [AS <name>] ... [WHERE <terms>] [BY <fields>]",
        "Computes stats over metric data points.",
        options: [
            ("span=<span>", "adds buckets of `_time` of this width to BY"),
            ("prestats=<bool>", "hands the rows to a following stats, chart or timechart; `f` unless written"),
            ("append=<bool>", "puts the rows behind those that come in; `f` unless written"),
            ("fillnull_value=<text>", "keeps rows in which a BY field is null, with this text for null"),
            ("backfill=<bool>", "no effect: there is no real-time search"),
            ("chunk_size=<count>", "no effect on results"),
            ("update_period=<milliseconds>", "no effect: there are no previews"),
        ])

    private static let withoutEffect: Set<String> = ["backfill", "chunk_size", "update_period"]

    private var calls: [StatsCommand.Call] = []
    private var filter: SearchExpression = .all
    private var keys: [String] = []
    private var options = GroupingOptions()
    private let context: CompileContext
    private var appended: Subsearch?
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        self.context = context
        explanation = "mstats: \(syntax.argumentText)"
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if reader.consumeKeyword("where") {
                let (text, offset) = reader.text(until: ["by", "groupby", "span"])
                filter = try SearchExpression.parse(text, at: offset)
            } else if reader.consumeKeyword("by") || reader.consumeKeyword("groupby") {
                keys = try GroupingOptions.checked(keys + reader.fieldList(until: ["where"]), reader)
            } else if reader.peekOption() != nil {
                try options.read(&reader, withoutEffect: Self.withoutEffect, of: Self.name, Self.help)
            } else {
                calls.append(try StatsArguments.call(&reader, context, Self.name))
            }
        }
        guard !calls.isEmpty else {
            throw Diagnostic(
                "E332", "mstats has no function", span: syntax.nameSpan, hint: "write mstats avg(<metric>) WHERE ...")
        }
        if let call = calls.first(where: { $0.expression != nil }) {
            throw Diagnostic(
                "E771", "mstats takes no expression: '\(call.output)'", span: syntax.nameSpan,
                hint: "name one metric; eval() works in stats")
        }
        guard !context.isFirst else { return }
        try options.checkPlace(syntax)
        appended = try Subsearch(Pipeline([syntax]), context)
    }

    var mayFollow: Bool { appended != nil }
    var subsearches: [CompiledSearch] { appended.map { [$0.search] } ?? [] }
    func needs(_ after: FieldSet) -> FieldSet { after }
    func schema(after input: Schema) -> Schema { .open }
    func rowKey(after input: [String]?) -> [String]? { nil }
    func makeOperator() -> any Operator { AppendedRows(search: appended, command: Self.name) }

    func expansion(before commands: [any Command]) throws(Diagnostic) -> [any Command] {
        var context = context
        context.isFirst = true
        // Terms on the metric's name and value hold for a data point, not for the event that may carry several.
        let ofEvents = filter.conjuncts.filter(GroupingOptions.isOfSource)
        let first = try SearchCommand(ofEvents.isEmpty ? .all : .and(ofEvents), context)
        return try [first] + points(ofEvents)
    }

    func expansionOverGivenRows(before commands: [any Command]) throws(Diagnostic) -> [any Command]? {
        try points([])
    }

    private func points(_ done: [SearchExpression]) throws(Diagnostic) -> [any Command] {
        var context = context
        context.isFirst = false
        context.valuesAreCaseSensitive = true
        let rest = filter.conjuncts.filter { !done.contains($0) }
        var commands: [any Command] = [MetricPoints()]
        if !rest.isEmpty { commands.append(try SearchCommand(.and(rest), context)) }
        context.valuesAreCaseSensitive = false
        let metrics = calls.compactMap(\.field).filter { $0 != "_value" }
        commands.append(
            MetricColumns(metrics: metrics, keepsOthers: calls.contains { $0.field == "_value" || $0.field == nil }))
        let addsTime = options.span != nil && !keys.contains("_time")
        return try commands
            + options.commands(
                calls, by: (addsTime ? ["_time"] : []) + keys, binsTime: options.span != nil, context)
    }
}
