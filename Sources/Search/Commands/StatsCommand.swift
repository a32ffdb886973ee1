import Columns
import SPL

/// `stats <function>(<field>) [AS <name>] ... [BY <fields>]`.
///
/// A row in which any BY field is null takes no part; a multivalue BY field makes the row count once per distinct
/// value. Without BY there is one result row even when there is no input; with BY there is none. Result rows ascend by
/// the BY tuple. Source: Splunk Search Reference 9.4, "stats" (null keys: docs/decisions/0002).
struct StatsCommand: Command {
    static let name = "stats"

    /// One function call of the command; the argument may be an expression.
    struct Call: Sendable {
        var function: AggregateFunction
        var field: String?
        var expression: CompiledExpression?
        var output: String

        var isWildcard: Bool { field?.contains("*") ?? false }
    }

    let calls: [Call]
    let keys: [String]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        (calls, keys) = try StatsArguments.read(&reader, context, command: Self.name)
        if calls.isEmpty {
            throw Diagnostic(
                "E332", "stats has no function", span: syntax.nameSpan, hint: "write stats count BY <field>")
        }
    }

    /// For `tstats` and its like, which read their arguments themselves.
    init(calls: [Call], keys: [String]) {
        self.calls = calls
        self.keys = keys
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = FieldSet(names: Set(keys))
        for call in calls {
            if let field = call.field { needed.insert(field) }
            if let expression = call.expression { needed.formUnion(expression.fields) }
            if call.function.needsTime { needed.insert("_time") }
        }
        return needed
    }

    func schema(after input: Schema) -> Schema { Schema(isOpen: false, names: keys + calls.map(\.output)) }

    func rowKey(after input: [String]?) -> [String]? { keys }

    var dependsOnOrder: Bool { calls.contains(where: \.function.dependsOnOrder) }

    var policies: [Policy] { keys.isEmpty ? [] : [.nullByKeyDropsRow, .multivalueByKeySplitsRow, .rowsAscendByKey] }
    var explanation: String {
        "stats: " + calls.map(\.output).joined(separator: ", ")
            + (keys.isEmpty ? "" : " by " + keys.joined(separator: ", "))
    }

    func makeOperator() -> any Operator { StatsOperator(calls: calls, keys: keys) }
}
