import Columns
import SPL

/// `stats [<options>] <function>(<field>) [AS <name>] ... [BY <fields>] [dedup_splitvals=<bool>]`.
///
/// A row in which any BY field is null takes no part; a multivalue BY field makes the row count once per value. Without
/// BY there is one result row even when there is no input; with BY there is none. Result rows ascend by the BY tuple.
/// Options: `allnum`, `dedup_splitvals`, `check_for_invalid_time`, `delim` (for a later `nomv`), `partitions` (no
/// effect).
/// Source: Splunk Search Reference 9.4, "stats" (null keys: docs/decisions/0002).
struct StatsCommand: Command {
    static let name = "stats"
    static let help = CommandHelp(
        "stats <options> <function>(<field>) [AS <name>] ... [BY <fields>]",
        "Computes functions over all rows, or over the rows of each group.",
        options: StatsOptions.help)

    /// One function call of the command; the argument may be an expression.
    struct Call: Sendable {
        var function: AggregateFunction
        var field: String?
        var expression: CompiledExpression?
        var output: String
        /// What stands in the parentheses, without the quotes around a field.
        var argument = ""
        /// `allnum=true`: null for a group in which some value is no number.
        var isOnlyForNumbers = false
        /// `allnum=true` of `eventstats`: null is no number either.
        var isForbiddenNull = false

        var isWildcard: Bool { field?.contains("*") ?? false }

        /// The call without its name.
        var source: String {
            let text = argument.isEmpty ? field ?? "" : argument
            return text.isEmpty ? function.name : "\(function.name)(\(text))"
        }

        var explanation: String { source == output ? source : "\(source) AS \(output)" }
    }

    let calls: [Call]
    let keys: [String]
    private let options: StatsOptions

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var options = StatsOptions()
        let (calls, keys) = try StatsArguments.read(&reader, context, command: Self.name) {
            (name, reader) throws(Diagnostic) in
            try options.read(name, &reader, command: Self.name)
        }
        if calls.isEmpty {
            throw Diagnostic(
                "E332", "stats has no function", span: syntax.nameSpan, hint: "write stats count BY <field>")
        }
        self.calls = options.applied(to: calls)
        self.keys = keys
        self.options = options
        if let delimiter = options.delimiter, calls.contains(where: { $0.isWildcard && $0.function.isMultivalue }) {
            throw Diagnostic(
                "E334", "stats option 'delim=\(delimiter)' with a wildcard is not supported",
                span: syntax.nameSpan, hint: "name the fields of list() and values(), or join them with mvjoin()")
        }
    }

    /// For `tstats` and its like, which read their arguments themselves.
    init(calls: [Call], keys: [String]) {
        self.calls = calls
        self.keys = keys
        options = StatsOptions()
    }

    func needs(_ after: FieldSet) -> FieldSet { Self.fields(of: calls, keys) }

    /// A sparkline covers the search's range of time.
    static func readsClock(_ calls: [Call]) -> Bool {
        calls.contains { $0.function.isSparkline || $0.expression?.readsClock ?? false }
    }

    /// The fields that calls and BY read.
    static func fields(of calls: [Call], _ keys: [String]) -> FieldSet {
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

    /// What `nomv` puts between the values of a result.
    func delimiters(after input: [String: String]) -> [String: String] {
        guard let delimiter = options.delimiter else { return [:] }
        let outputs = calls.filter(\.function.isMultivalue).map { ($0.output, delimiter) }
        return Dictionary(outputs) { first, _ in first }
    }

    var dependsOnOrder: Bool { calls.contains(where: \.function.dependsOnOrder) }
    var readsClock: Bool { Self.readsClock(calls) }

    var policies: [Policy] {
        (keys.isEmpty ? [] : [.nullByKeyDropsRow, .multivalueByKeySplitsRow, .rowsAscendByKey])
            + (calls.contains(where: \.function.isSparkline) ? [.sparklineSpan] : [])
    }

    /// Pieces of the input can be counted apart. Not with a wildcard: its columns stand in the order in which their fields
    /// are met, which no piece knows.
    var merges: Bool { calls.allSatisfy { !$0.isWildcard && $0.expression?.isConstantPerSearch ?? true } }

    /// The functions whose merged result may have other last digits, by name.
    var inexactFunctions: [String] {
        Set(calls.filter { !$0.function.mergesExactly }.map(\.function.name)).sorted()
    }

    var explanation: String { "stats: " + Self.explanation(of: calls, keys) + options.explanation }

    static func explanation(of calls: [Call], _ keys: [String]) -> String {
        calls.map(\.explanation).joined(separator: ", ")
            + (keys.isEmpty ? "" : " by " + keys.joined(separator: ", "))
    }

    func makeOperator() -> any Operator { makeStats() }

    func makeStats() -> StatsOperator {
        StatsOperator(
            calls: calls, keys: keys, removesDuplicateKeys: options.removesDuplicateKeys,
            checksTime: options.checksTime)
    }
}
