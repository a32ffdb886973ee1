import Columns
import Formats
import SPL

extension EvalFunction {
    static let lookup = EvalFunction(
        "lookup", arity: 3...3, group: .conditional,
        summary: """
            What a lookup has for the values of some columns, as a JSON object of the columns asked for; several rows \
            give arrays. Null when nothing matches.
            """,
        examples: [
            #"lookup("ut_shannon_lookup", json_object("word", "ab"), json_array("ut_shannon"))"#:
                #"{"ut_shannon":"1"}"#,
            #"lookup("ut_shannon_lookup", json_object("word", nosuch), json_array("ut_shannon"))"#: "null",
        ], form: .lookup)
}

/// One call of the eval function `lookup`: a table, what it is asked and for which columns.
///
/// The table is the one that the content brings; what the same search writes with `outputlookup` is not seen.
/// Source: Splunk Search Reference 9.4, "Comparison and Conditional functions", lookup.
struct LookupCall: Sendable {
    let lookup: CompiledLookup
    let inputs: [ExpressionNode]

    private static let shape = #"lookup("<table>", json_object("<column>", <value>, ...), json_array("<column>", ...))"#

    /// The table's name, its columns with what they must equal, and the columns to give.
    /// - Throws: E374 for arguments of another shape.
    static func parts(
        _ arguments: [EvalExpression], _ span: Span
    ) throws(Diagnostic) -> (table: Token, inputs: [(column: String, value: EvalExpression)], outputs: [String]) {
        guard case .string(let table, let place) = arguments[0],
            case .call("json_object", let members, _) = arguments[1], !members.isEmpty,
            case .call("json_array", let columns, _) = arguments[2], !columns.isEmpty, members.count % 2 == 0
        else { throw malformed(span) }
        var inputs: [(String, EvalExpression)] = []
        for index in stride(from: 0, to: members.count, by: 2) {
            guard case .string(let column, _) = members[index] else { throw malformed(span) }
            inputs.append((column, members[index + 1]))
        }
        var outputs: [String] = []
        for column in columns {
            guard case .string(let name, _) = column else { throw malformed(span) }
            if !outputs.contains(name) { outputs.append(name) }
        }
        let token = Token(kind: .quoted, text: table, raw: table, isGlued: false, span: place)
        return (token, inputs, outputs)
    }

    private static func malformed(_ span: Span) -> Diagnostic {
        Diagnostic(
            "E374", "'lookup' takes a table, a json_object and a json_array with the columns in double quotes",
            span: span, hint: "write \(shape)")
    }

    /// - Throws: E740 for an unknown table, E742 for a column that it lacks, E746 for one whose file is not loaded.
    init(
        _ table: Token, columns: [String], inputs: [ExpressionNode], outputs: [String], _ catalog: LookupCatalog
    ) throws(Diagnostic) {
        let transform = try catalog.resolve(table, written: [])
        let pairs = columns.map { CompiledLookup.Pair(column: $0, field: $0) }
        let wanted = outputs.map { CompiledLookup.Pair(column: $0, field: $0) }
        var nodes = inputs
        do throws(MissingLookupColumn) {
            switch transform.store {
            case .script(let name):
                guard let script = ScriptedLookup.named(name) else { throw MissingLookupColumn(name: name) }
                lookup = try CompiledLookup(script, transform, inputs: pairs, outputs: wanted, keepsExisting: false)
                // The script takes its inputs in an order of its own.
                nodes = lookup.inputs.compactMap { pair in columns.firstIndex(of: pair.column).map { inputs[$0] } }
            case .file(let name):
                let file = catalog.file(name) ?? LookupFile(csv: [])
                lookup = try CompiledLookup(transform, file: file, inputs: pairs, outputs: wanted, keepsExisting: false)
            case .collection:
                throw MissingLookupColumn(name: columns[0])
            }
        } catch {
            throw Diagnostic(
                "E742", "lookup '\(table.text)' has no column '\(error.name)' to use here", span: table.span,
                hint: catalog.columns(of: transform).map { "its columns: \($0.joined(separator: ", "))" }
                    ?? "the function reads CSV lookups only")
        }
        self.inputs = nodes
    }

    /// - Parameter values: of the inputs, in their order.
    func result(_ values: [Value]) throws(SearchError) -> Value {
        guard let found = lookup.found(values) else { return .null }
        let members = zip(lookup.outputs, found).compactMap { output, value in
            value.isNull ? nil : JSONValue.Member(key: Text(output.column), value: value.asStringsInJSON)
        }
        return try JSONValue.object(members).field(of: "lookup")
    }
}

extension Value {
    /// Cells of a table are strings, whatever they look like.
    fileprivate var asStringsInJSON: JSONValue {
        if case .multivalue(let values) = self { return .array(values.map { .string($0.printed ?? "") }) }
        return .string(printed ?? "")
    }
}
