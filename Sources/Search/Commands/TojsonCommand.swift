import Columns
import Formats
import SPL

/// `tojson [<fields>] [<type>(<fields>)] ...` writes a row's fields as one JSON object into `output_field`, `_raw` by
/// default.
///
/// Types are `auto`, `bool`, `json`, `none`, `num` and `str`: see ``JSONFieldType``. Fields without one have
/// `default_type`, `none` by default; no field at all means every field. A value that does not fit its type is left out,
/// or null with `fill_null=t`. Fields that begin with `_` take part when named, or with `include_internal=t`. A
/// multivalue is an array. Source: Splunk Search Reference 9.4, "tojson".
struct TojsonCommand: Command {
    static let name = "tojson"
    static let help = CommandHelp(
        "tojson [<fields>] [auto|bool|json|none|num|str(<fields>)] ... <options>",
        "Writes a row's fields as a JSON object.",
        options: [
            ("output_field=<field>", "the field that is written, `_raw` unless written"),
            ("default_type=auto|bool|json|none|num|str", "the type of fields without one, `none` unless written"),
            ("fill_null=<bool>", "writes null for a value that does not fit its type; `f` unless written"),
            ("include_internal=<bool>", "takes fields that begin with `_` too; `f` unless written"),
        ])

    fileprivate struct Selection: Sendable {
        var pattern: String
        /// Nil is the default type.
        var type: JSONFieldType?
    }

    private var selections: [Selection] = []
    private var defaultType = JSONFieldType.none
    private var fillsNull = false
    private var includesInternal = false
    private var output = "_raw"

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if let (name, value) = reader.option() {
                switch name {
                case "default_type": defaultType = try Self.type(value)
                case "fill_null": fillsNull = try BooleanOption.value(value)
                case "include_internal": includesInternal = try BooleanOption.value(value)
                case "output_field": output = value.text
                default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if token.kind == .word, reader.peek(1)?.kind == .openParenthesis {
                _ = reader.next()
                let type = try Self.type(token)
                let (text, _) = try reader.parenthesizedText()
                let patterns = text.split(whereSeparator: { $0 == "," || $0.isWhitespace })
                if patterns.isEmpty { throw reader.unexpected(token, expected: "fields in the parentheses") }
                for pattern in patterns {
                    selections.append(
                        Selection(pattern: pattern.trimming("\""), type: type))
                }
            } else {
                selections.append(Selection(pattern: try reader.fieldName("a field"), type: nil))
            }
        }
    }

    private static func type(_ token: Token) throws(Diagnostic) -> JSONFieldType {
        guard let type = JSONFieldType(rawValue: token.text.lowercased()) else {
            throw Diagnostic(
                "E720", "tojson has no type '\(token.text)'", span: token.span,
                hint: "types: \(JSONFieldType.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return type
    }

    func needs(_ after: FieldSet) -> FieldSet {
        guard !selections.isEmpty else { return .all }
        var needed = after
        for selection in selections { needed.insert(selection.pattern) }
        return needed
    }

    func schema(after input: Schema) -> Schema {
        var schema = input
        if !schema.names.contains(output) { schema.names.append(output) }
        return schema
    }

    var policies: [Policy] { [.tojsonKeysAscend] }

    var explanation: String {
        let fields = selections.map { "\($0.type.map(\.rawValue) ?? "default")(\($0.pattern))" }
        return "tojson: \(output) = \(fields.isEmpty ? "all" : fields.joined(separator: " ")), "
            + "default_type \(defaultType.rawValue), fill_null \(fillsNull), include_internal \(includesInternal)"
    }

    /// Fields that other rows have are null in this one, and null is left out.
    var streams: Bool { true }

    func makeOperator() -> any Operator {
        ObjectOperator(
            selections: selections, defaultType: defaultType, fillsNull: fillsNull,
            includesInternal: includesInternal, output: output)
    }
}

private struct ObjectOperator: Operator {
    let selections: [TojsonCommand.Selection]
    let defaultType: JSONFieldType
    let fillsNull: Bool
    let includesInternal: Bool
    let output: String

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard batch.rowCount > 0 else { return batch }
        let fields = batch.names.filter { !$0.isEmpty }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap
        { name in
            type(of: name).map { (name: Text(name), column: batch.column(name), type: $0) }
        }
        var builder = ColumnBuilder()
        for row in 0..<batch.rowCount {
            var writer = JSONWriter()
            writer.beginObject()
            for (name, column, type) in fields {
                guard let value = column?[row], !value.isNull else { continue }
                let texts = value.elements.compactMap { element in
                    type.json(element) ?? (fillsNull ? Array("null".utf8) : nil)
                }
                guard let first = texts.first else { continue }
                writer.key(name)
                guard case .multivalue = value else {
                    writer.raw(first)
                    continue
                }
                writer.beginArray()
                for text in texts { writer.raw(text) }
                writer.endArray()
            }
            writer.endObject()
            builder.append(.text(Text(writer.bytes)))
        }
        var result = batch
        result.set(output, builder.finish())
        return result
    }

    /// Nil for a field that takes no part. A name as written goes before a pattern, then what comes first.
    private func type(of name: String) -> JSONFieldType? {
        let isInternal = name.hasPrefix("_")
        if let exact = selections.first(where: { $0.pattern == name }) { return exact.type ?? defaultType }
        if isInternal, !includesInternal { return nil }
        if selections.isEmpty { return defaultType }
        return selections.first { FieldSet.matches($0.pattern, name) }.map { $0.type ?? defaultType }
    }
}

/// How `tojson` writes a value. Source: Splunk Search Reference 9.4, "tojson", Usage.
private enum JSONFieldType: String, CaseIterable, Sendable {
    /// A number, `true`, `false`, `null` or JSON as what it is, all else as a string.
    case auto
    /// A number but 0, and `true`, `t`, `yes` are true; 0 and `false`, `f`, `no` are false, in any case.
    case bool
    /// A number or JSON text.
    case json
    /// What reads as a number as a number, all else as a string.
    case none
    /// What reads as a number.
    case num
    case str

    /// The value as JSON text; nil where it does not fit.
    func json(_ value: Value) -> [UInt8]? {
        guard let text = value.printed else { return nil }
        switch self {
        case .auto: return Self.valid(text) ?? Self.number(value) ?? Self.string(text)
        case .bool:
            if let number = value.numeric { return Array((number == 0 ? "false" : "true").utf8) }
            switch text.string.lowercased() {
            case "true", "t", "yes": return Array("true".utf8)
            case "false", "f", "no": return Array("false".utf8)
            default: return nil
            }
        case .json: return Self.valid(text) ?? Self.number(value)
        case .none: return Self.number(value) ?? Self.string(text)
        case .num: return Self.number(value)
        case .str: return Self.string(text)
        }
    }

    /// The text itself where it is one JSON value.
    private static func valid(_ text: Text) -> [UInt8]? {
        (try? JSONValue.parse(text.bytes)) == nil ? nil : text.bytes
    }

    /// As written where JSON writes numbers so (`1.50`), else as we print it (`007`).
    private static func number(_ value: Value) -> [UInt8]? {
        guard let number = value.numeric, number.isFinite else { return nil }
        if case .text(let text) = value, let written = valid(text) { return written }
        return Array(NumberText.print(number).utf8)
    }

    private static func string(_ text: Text) -> [UInt8] {
        var writer = JSONWriter()
        writer.string(text)
        return writer.bytes
    }
}

extension Substring {
    fileprivate func trimming(_ mark: Character) -> String {
        guard count >= 2, first == mark, last == mark else { return String(self) }
        return String(dropFirst().dropLast())
    }
}
