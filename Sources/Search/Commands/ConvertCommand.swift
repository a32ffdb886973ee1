import Columns
import Formats
import SPL

/// `convert [timeformat="..."] <function>(<field>) [AS <name>] ...`.
///
/// Functions: auto ctime dur2sec memk mktime mstime none num rmcomma rmunit. A missing field stays missing; a value that
/// the function cannot convert stays as it is, except for `num`, which makes it null. Each value of a multivalue field
/// is converted. Source: Splunk Search Reference 9.4, "convert".
struct ConvertCommand: Command {
    static let name = "convert"

    private struct Conversion: Sendable {
        var function: ConvertFunction
        var field: String
        var output: String?
    }

    /// Splunk's documented default.
    private static let defaultFormat = "%m/%d/%Y %H:%M:%S"

    private let conversions: [Conversion]
    private let format: TimeFormat
    private let formatText: String

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var formatToken: Token?
        var conversions: [Conversion] = []
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let (name, value) = reader.option() {
                guard name == "timeformat" else {
                    throw Diagnostic(
                        "E311", "convert has no option '\(name)'", span: token.span, hint: "options: timeformat")
                }
                formatToken = value
            } else {
                guard let word = reader.next(), word.kind == .word,
                    let function = ConvertFunction(rawValue: word.text.lowercased())
                else {
                    throw Diagnostic(
                        "E339", "convert has no function '\(token.text)'", span: token.span,
                        hint: "functions: " + ConvertFunction.allCases.map(\.rawValue).joined(separator: ", "))
                }
                let field = try reader.parenthesizedText().text.split(separator: " ").joined(separator: " ")
                let unquoted =
                    field.count > 1 && field.hasPrefix("\"") && field.hasSuffix("\"")
                    ? String(field.dropFirst().dropLast()) : field
                let output = reader.consumeKeyword("as") ? try reader.fieldName("name after AS") : nil
                conversions.append(Conversion(function: function, field: unquoted, output: output))
            }
        }
        if conversions.isEmpty {
            throw Diagnostic(
                "E339", "convert has no function", span: syntax.nameSpan, hint: "write convert ctime(<field>)")
        }
        self.conversions = conversions
        formatText = formatToken?.text ?? Self.defaultFormat
        do {
            format = try TimeFormat(formatText)
        } catch {
            throw Diagnostic(
                "E322", "'\(formatText)' is not a time format: \(error.message)", span: formatToken?.span)
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for conversion in conversions.reversed() {
            let output = conversion.output ?? conversion.field
            guard output.contains("*") || needed.contains(output) else { continue }
            if conversion.output != nil { needed.names.remove(output) }
            if !conversion.field.contains("*") { needed.insert(conversion.field) }
        }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        for conversion in conversions {
            if let output = conversion.output, !schema.names.contains(output) { schema.names.append(output) }
        }
        return schema
    }

    var explanation: String {
        "convert: "
            + conversions.map { "\($0.function.rawValue)(\($0.field))" + ($0.output.map { " AS \($0)" } ?? "") }
            .joined(separator: ", ")
    }

    func makeOperator() -> any Operator { ConvertOperator(conversions: conversions, format: format) }

    private struct ConvertOperator: Operator {
        let conversions: [Conversion]
        let format: TimeFormat

        mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
            var batch = batch
            var excluded: Set<String> = []
            let zone = context.zone
            for conversion in conversions {
                let names =
                    conversion.field.contains("*")
                    ? batch.names.filter { FieldSet.matches(conversion.field, $0) && !excluded.contains($0) }
                    : [conversion.field]
                if conversion.function == .none {
                    excluded.formUnion(names)
                    continue
                }
                for name in names {
                    guard let column = batch.column(name) else { continue }
                    let converted = column.mapped { value in
                        .list(value.elements.map { conversion.function.convert($0, format, zone) })
                    }
                    batch.set(conversion.output ?? name, converted)
                }
            }
            return batch
        }
    }
}
