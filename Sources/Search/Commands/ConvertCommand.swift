import Columns
import Formats
import SPL

/// `convert [timeformat="..."] <function>(<field>) [AS <name>] ...`.
///
/// Functions: auto ctime dur2sec memk mktime mstime none num rmcomma rmunit; see ``ConvertFunction``. A wildcard takes all
/// fields that match, internal ones aside and those that a `none()` anywhere in the command names; its AS has as many `*`.
/// A missing field stays missing; a value that the function cannot convert stays as it is, except for `num`, which makes it
/// null, and `auto`, which then leaves the whole field and so needs all rows. Each value of a multivalue field is converted.
/// Errors: E339, E322, E327. Source: Splunk Search Reference 9.4, "convert".
struct ConvertCommand: Command {
    static let name = "convert"
    static let help = CommandHelp(
        "convert <options> <function>(<field>) [AS <name>] ...",
        "Converts values with auto, ctime, dur2sec, memk, mktime, mstime, none, num, rmcomma and rmunit.",
        options: [
            ("timeformat=\"<format>\"", "the format of `ctime` and `mktime`, `%m/%d/%Y %H:%M:%S` unless written")
        ])

    fileprivate struct Conversion: Sendable {
        var function: ConvertFunction
        var field: String
        var output: String?

        var isWildcard: Bool { field.contains("*") }
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
                    throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
                formatToken = value
            } else {
                conversions.append(try Self.conversion(&reader, token))
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

    private static func conversion(_ reader: inout ArgumentReader, _ token: Token) throws(Diagnostic) -> Conversion {
        guard let word = reader.next(), word.kind == .word,
            let function = ConvertFunction(rawValue: word.text.lowercased())
        else {
            throw Diagnostic(
                "E339", "convert has no function '\(token.text)'", span: token.span,
                hint: "functions: " + ConvertFunction.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let field = try reader.parenthesizedField()
        guard reader.consumeKeyword("as") else { return Conversion(function: function, field: field, output: nil) }
        let alias = reader.peek()
        let output = try reader.fieldName("name after AS", allowingParentheses: true)
        if field.count(where: { $0 == "*" }) != output.count(where: { $0 == "*" }) {
            throw Diagnostic(
                "E327", "'\(field)' and '\(output)' do not have the same number of wildcards", span: alias?.span,
                hint: "write as many * behind AS as before it")
        }
        return Conversion(function: function, field: field, output: output)
    }

    func needs(_ after: FieldSet) -> FieldSet {
        var needed = after
        for conversion in conversions.reversed() {
            guard let output = conversion.output else { continue }
            if conversion.isWildcard {
                needed.insert(conversion.field)
            } else if needed.contains(output) {
                // A missing source leaves what the target had.
                needed.insert(conversion.field)
            }
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

    var policies: [Policy] { conversions.contains(where: \.isWildcard) ? [.wildcardSkipsInternal] : [] }

    var explanation: String {
        "convert: "
            + conversions.map { "\($0.function.rawValue)(\($0.field))" + ($0.output.map { " AS \($0)" } ?? "") }
            .joined(separator: ", ")
            + (formatText == Self.defaultFormat ? "" : " timeformat=\"\(formatText)\"")
    }

    /// `auto` looks at a whole field.
    var streams: Bool { !conversions.contains { $0.function == .auto } }

    func makeOperator() -> any Operator { ConvertOperator(conversions: conversions, format: format) }
}

private struct ConvertOperator: Operator {
    private let conversions: [ConvertCommand.Conversion]
    private let excluded: [String]
    private let format: TimeFormat
    /// `auto` looks at all values of a field before it converts one.
    private let needsAllRows: Bool
    private var rows = RowBuffer()

    init(conversions: [ConvertCommand.Conversion], format: TimeFormat) {
        self.conversions = conversions.filter { $0.function != .none }
        excluded = conversions.filter { $0.function == .none }.map(\.field)
        self.format = format
        needsAllRows = conversions.contains { $0.function == .auto }
    }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard needsAllRows else { return converted(batch, context.zone) }
        try rows.append(batch, &context)
        return batch.prefix(0)
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        needsAllRows ? converted(rows.take(&context), context.zone) : nil
    }

    private func converted(_ batch: Batch, _ zone: TimeZoneRules) -> Batch {
        var batch = batch
        for conversion in conversions {
            for name in names(conversion, batch) {
                guard let column = batch.column(name) else { continue }
                var function = conversion.function
                if function == .auto {
                    let values = Set(column.ids).flatMap { column.values[Int($0)].elements }
                    function = ConvertFunction.best(for: values) ?? .none
                }
                let converted = column.mapped { value in
                    .list(value.elements.map { function.convert($0, format, zone) })
                }
                batch.set(target(conversion, name), converted)
            }
        }
        return batch
    }

    private func names(_ conversion: ConvertCommand.Conversion, _ batch: Batch) -> [String] {
        guard conversion.isWildcard else { return [conversion.field] }
        return batch.names.filter { name in
            FieldSet.matchesPublic(conversion.field, name)
                && !excluded.contains { FieldSet.matchesPublic($0, name) }
        }
    }

    private func target(_ conversion: ConvertCommand.Conversion, _ name: String) -> String {
        guard let output = conversion.output else { return name }
        guard conversion.isWildcard, let captures = RenameCommand.captures(of: name, in: conversion.field) else {
            return output
        }
        return RenameCommand.fill(output, captures)
    }
}
