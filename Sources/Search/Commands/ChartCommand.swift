import Columns
import SPL

/// `chart <function> ... [over <field>] [by <field> [<field>]]`: a row per value of the first field, a column per value of
/// the second, in the cells the function of the rows that have both.
///
/// Rows without the row field take no part; rows without the column field make the series NULL (`usenull`, `nullstr`).
/// Ten series have columns (`limit`, `agg`, WHERE), the others are one, OTHER (`useother`, `otherstr`). `span` and `bins`
/// behind a field of numbers make ranges such as `10-20` of it, without gaps (`cont`).
/// Source: Splunk Search Reference 9.4, "chart".
struct ChartCommand: Command {
    static let name = "chart"
    static let help = CommandHelp(
        "chart <options> <function>(<field>) [AS <name>] ... [OVER <field>] [BY <fields>] [WHERE <function> in top5]",
        "Gives a row per value of one field and a column per value of another, with the result in the cells.",
        options: SeriesArguments.help)

    private let plan: SeriesPlan
    let explanation: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        plan = try SeriesArguments(syntax, .chart, context).plan
        explanation = syntax.explanation
    }

    func needs(_ after: FieldSet) -> FieldSet { plan.fields }
    func schema(after input: Schema) -> Schema { plan.schema }
    func rowKey(after input: [String]?) -> [String]? { plan.rowField.map { [$0] } ?? [] }
    var dependsOnOrder: Bool { plan.dependsOnOrder }
    var policies: [Policy] { plan.policies }
    func makeOperator() -> any Operator { SeriesOperator(plan) }
}
