import Columns
import Formats
import SPL

/// `xpath [outfield=<field>] "<path>" [field=<field>] [default=<text>]` writes what an XPath selects in a field's XML.
///
/// `outfield` is `xpath` and `field` is `_raw` by default; several hits make a multivalue. Where nothing is selected the
/// default is written, or without one the row stays as it is. What of XPath is taken: ``XPath``; all else is E717.
/// Source: Splunk Search Reference 9.4, "xpath".
struct XpathCommand: Command {
    static let name = "xpath"
    static let help = CommandHelp(
        "xpath <options> \"<path>\"", "Writes what an XPath selects in a field's XML.",
        options: [
            ("field=<field>", "the field that is read, `_raw` unless written"),
            ("outfield=<field>", "the field that is written, `xpath` unless written"),
            ("default=<text>", "the value where nothing is selected; the row stays as it is unless written"),
        ])

    private var field = "_raw"
    private var output = "xpath"
    private var fallback: String?
    private let path: XPath

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var pathToken: Token?
        var text = ""
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "field": field = value.text
                case "outfield": output = value.text
                case "default": fallback = value.text
                default:
                    throw .unknownOption(
                        name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if pathToken == nil {
                text = try reader.fieldName("a quoted XPath", allowingParentheses: true)
                pathToken = token
            } else {
                try reader.expectEnd()
            }
        }
        guard let pathToken else { throw reader.unexpected(nil, expected: "a quoted XPath") }
        do {
            path = try XPath(text)
        } catch {
            throw Diagnostic(
                "E717", "xpath '\(text)' is not supported: \(error.message)", span: pathToken.span,
                hint: "supported: names, *, @attributes, text(), /, //, .., [n], [last()], [@a='v'], [b='v']")
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        needed.insert(field)
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        if !schema.names.contains(output) { schema.names.append(output) }
        return schema
    }

    var policies: [Policy] { [.structuredTextAllOrNothing, .noMatchLeavesField] }

    var explanation: String {
        "xpath: \(output) = \(path.text) of \(field)" + (fallback.map { ", else '\($0)'" } ?? "")
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator {
        XpathOperator(path: path, field: field, output: output, fallback: fallback.map { .text($0) } ?? .null)
    }
}

private struct XpathOperator: Operator {
    let path: XPath
    let field: String
    let output: String
    let fallback: Value

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return batch }
        var known: [UInt32: Value] = [:]
        let input = batch.column(field)
        let existing = batch.column(output)
        var builder = ColumnBuilder()
        for row in 0..<batch.rowCount {
            let id = input?.ids[row] ?? 0
            var value = known[id]
            if value == nil {
                value = select(input?[row] ?? .null)
                known[id] = value
            }
            let selected = value ?? .null
            builder.append(selected.isNull ? (fallback.isNull ? existing?[row] ?? .null : fallback) : selected)
        }
        var result = batch
        result.set(output, builder.finish())
        return result
    }

    private func select(_ value: Value) -> Value {
        var selected: [Value] = []
        for element in value.elements {
            guard let text = element.printed, let tree = try? XMLTree(text.bytes) else { continue }
            selected += ((try? path.values(in: tree)) ?? []).map { .text($0) }
        }
        return .list(selected)
    }
}
