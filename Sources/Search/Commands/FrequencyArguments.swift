import Columns
import SPL

/// The argument grammar that `top` and `rare` share.
///
/// Source: Splunk Search Reference 9.4, "top" and "rare".
struct FrequencyArguments: Sendable {
    static let help: [CommandHelp.Option] = [
        ("limit=<count>", "the count, written as an option: 10 unless written, 0 is all"),
        ("countfield=<name>", "the column of counts, `count` unless written"),
        ("percentfield=<name>", "the column of percentages, `percent` unless written"),
        ("showcount=<bool>", "has the column of counts, `t` unless written"),
        ("showperc=<bool>", "has the column of percentages, `t` unless written"),
        ("useother=<bool>", "adds a row for all other values, `f` unless written"),
        ("otherstr=<text>", "the value in that row, `OTHER` unless written"),
    ]
    private static let names = CommandHelp.names(of: help)

    private(set) var fields: [String] = []
    private(set) var keys: [String] = []
    /// Nil is the limit of the search, 0 all.
    private(set) var limit: Int?
    private(set) var countField = "count"
    private(set) var percentField = "percent"
    private(set) var otherText = "OTHER"
    private(set) var showsCount = true
    private(set) var showsPercent = true
    private(set) var hasOther = false

    init(_ syntax: CommandSyntax) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            if reader.peekOption() != nil {
                try read(reader.option(), token, syntax.name)
            } else if fields.isEmpty, limit == nil, token.kind == .word, Int(token.text) != nil {
                limit = try NumberOption.count(token, for: "limit")
                _ = reader.next()
            } else if !fields.isEmpty, reader.consumeKeyword("by") {
                keys = try reader.fieldList()
                if keys.isEmpty { throw reader.unexpected(reader.peek(), expected: "a field after BY") }
            } else if keys.isEmpty {
                let more = try reader.fieldList(until: fields.isEmpty ? [] : ["by"])
                guard !more.isEmpty else { throw reader.unexpected(token, expected: "a field") }
                // `top count by x` counts nothing: the first word is a field even where it reads like BY.
                let end = more.dropFirst().firstIndex { $0.lowercased() == "by" }
                fields += more[..<(end ?? more.endIndex)]
                if let end {
                    keys = Array(more[(end + 1)...])
                    if keys.isEmpty { throw reader.unexpected(reader.peek(), expected: "a field after BY") }
                }
            } else {
                try reader.expectEnd()
            }
        }
        guard !fields.isEmpty else { throw .fieldsExpected(syntax, "\(syntax.name) <field> ... by <field> ...") }
        try check(syntax)
    }

    private mutating func read(
        _ option: (name: String, value: Token)?, _ token: Token, _ command: String
    ) throws(Diagnostic) {
        guard let (name, value) = option else {
            throw .unknownOption(token.text, of: command, options: Self.names, token.span)
        }
        switch name {
        case "limit": limit = try NumberOption.count(value, for: name)
        case "countfield": countField = value.text
        case "percentfield": percentField = value.text
        case "otherstr": otherText = value.text
        case "showcount": showsCount = try BooleanOption.value(value)
        case "showperc": showsPercent = try BooleanOption.value(value)
        case "useother": hasOther = try BooleanOption.value(value)
        default: throw .unknownOption(name, of: command, options: Self.names, token.span)
        }
    }

    private func check(_ syntax: CommandSyntax) throws(Diagnostic) {
        var seen: Set<String> = []
        let outputs = (showsCount ? [countField] : []) + (showsPercent ? [percentField] : [])
        for name in keys + fields + outputs {
            if name.contains("*") {
                throw Diagnostic(
                    "E333", "'\(name)' has a wildcard", span: syntax.nameSpan, hint: "name the fields of \(syntax.name)"
                )
            }
            guard seen.insert(name).inserted else {
                throw Diagnostic(
                    "E384", "\(syntax.name) has two fields '\(name)'", span: syntax.nameSpan,
                    hint: "name each field once; countfield= and percentfield= rename what is added")
            }
        }
    }

    var schema: Schema {
        Schema(
            isOpen: false,
            names: keys + fields + (showsCount ? [countField] : []) + (showsPercent ? [percentField] : []))
    }

    var policies: [Policy] { [.topTiesLastInOrder, .multivalueByKeySplitsRow] }
}
