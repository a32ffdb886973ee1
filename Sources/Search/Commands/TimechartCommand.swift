import Columns
import SPL

/// `timechart [span=<span>] <function> ... [by <field>]`: a row per bucket of `_time`, a column per value of the field.
///
/// Without `span` the smallest of Splunk's spans that gives at most 100 buckets (`bins`, `minspan`). Buckets without rows
/// are rows too (`cont`), over the range of the search or, where it has no bound or `fixedrange=f`, over that of the rows:
/// `count` is 0 in them. `partial=f` drops the first and last bucket where the search covers only a part of them.
/// `per_second` and its kin are the sum over the length of the bucket. Rows without `_time` take no part; series as in
/// ``ChartCommand``. Source: Splunk Search Reference 9.4, "timechart".
struct TimechartCommand: Command {
    static let name = "timechart"
    static let help = CommandHelp(
        "timechart <options> <function>(<field>) [AS <name>] ... [BY <field>] [WHERE <function> in top5]",
        "Gives a row per bucket of time and a column per value of a field, with the result in the cells.",
        options: [
            (
                "partial=<bool>",
                "`f` drops the first and the last bucket where the search covers a part of them; `t` unless written"
            ),
            ("fixedrange=<bool>", "buckets cover the search's time range, `t` unless written, or that of the rows"),
        ] + SeriesArguments.help)

    private let plan: SeriesPlan
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        plan = try SeriesArguments(syntax, .timechart, context).plan
        explanation = syntax.explanation
    }

    func needs(_ after: FieldSet) -> FieldSet { plan.fields }
    func schema(after input: Schema) -> Schema { plan.schema }
    func rowKey(after input: [String]?) -> [String]? { ["_time"] }
    var dependsOnOrder: Bool { plan.dependsOnOrder }
    var policies: [Policy] { plan.policies }
    func makeOperator() -> any Operator { SeriesOperator(plan) }
}
