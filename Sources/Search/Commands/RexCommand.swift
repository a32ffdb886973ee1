import Columns
import Matching
import SPL

/// `rex [field=<field>] "<pattern>" [max_match=<n>] [offset_field=<field>]` writes each named group into a field of its
/// name; `rex [field=<field>] mode=sed "<script>"` edits the field in place (see ``SedScript``).
///
/// `_raw` where no field is written. A row without a match is unchanged, and so is the field of a group that took no
/// part; `max_match` above 1, or 0 for all, collects the values of several matches. A multivalue field is searched value
/// by value. `offset_field` gives `name=first-last` for each group, characters from 0, last included, joined by `&`.
/// Errors: E320 for a bad pattern, E391 for one without named groups, E321 where a match is given up.
/// Source: Splunk Search Reference 9.4, "rex".
struct RexCommand: Command {
    static let name = "rex"
    static let help = CommandHelp(
        "rex <options> \"<pattern>\"", "Writes the named groups of a regular expression into fields, or edits a field.",
        options: [
            ("field=<field>", "the field that is read, `_raw` unless written"),
            ("max_match=<count>", "how many matches count, 1 unless written; 0 is all"),
            ("offset_field=<field>", "the field that gets the places of the groups"),
            (
                "mode=sed",
                "the pattern is a sed script, `s/<pattern>/<text>/g` or `y/<letters>/<letters>/`, that edits the field"
            ),
        ])

    private enum Work: Sendable {
        case extract(RexExtraction)
        case edit(SedScript)
    }

    private let field: String
    private let work: Work

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var field = "_raw"
        var limit = 1
        var isSed = false
        var offsetField: String?
        var pattern: (text: String, span: Span)?
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                switch name {
                case "field": field = value.text
                case "max_match": limit = try NumberOption.count(value, for: name)
                case "offset_field": offsetField = value.text
                case "mode" where value.text.lowercased() == "sed": isSed = true
                case "mode":
                    throw Diagnostic(
                        "E399", "rex has no mode '\(value.text)'", span: value.span, hint: "the one mode is mode=sed")
                default: throw .unknownOption(name, of: Self.name, options: Self.help.optionNames, token.span)
                }
            } else if pattern == nil {
                pattern = (try CommandPattern.readText(&reader, "a regular expression"), token.span)
            } else {
                throw Diagnostic(
                    "E390", "rex has a second pattern '\(token.text)'", span: token.span,
                    hint: "put the pattern into double quotes, and another rex behind a pipe")
            }
        }
        guard let pattern else {
            throw Diagnostic(
                "E390", "rex has no pattern", span: syntax.nameSpan, hint: "write rex field=<field> \"(?<name>...)\"")
        }
        self.field = field
        if isSed {
            work = .edit(try SedScript(pattern.text, span: pattern.span))
        } else {
            work = .extract(
                try RexExtraction(
                    CommandPattern(pattern.text, span: pattern.span), span: pattern.span,
                    limit: limit == 0 ? .max : limit, offsetField: offsetField))
        }
    }

    func needs(_ after: FieldSet) -> FieldSet {
        // What a row without a match keeps is still wanted, so nothing is taken away.
        var needed = after
        needed.insert(field)
        return needed
    }

    func schema(after input: Schema) -> Schema {
        guard case .extract(let extraction) = work else { return input }
        var schema = input
        for name in extraction.outputs where !schema.names.contains(name) { schema.names.append(name) }
        return schema
    }

    var policies: [Policy] {
        if case .edit = work { [.patternKeepsEscapedPipe, .sedReplacementEscapes] } else { [.patternKeepsEscapedPipe] }
    }

    var explanation: String {
        switch work {
        case .extract(let extraction): "rex: \(field) \(extraction.explanation)"
        case .edit(let script): "rex: \(field) mode=sed \"\(script.text)\""
        }
    }

    var streams: Bool { true }

    func makeOperator() -> any Operator {
        switch work {
        case .extract(let extraction): RexOperator(field: field, extraction: extraction)
        case .edit(let script): SedOperator(field: field, script: script)
        }
    }
}

/// What `rex` takes out of one value.
private struct RexExtraction: Sendable {
    let pattern: CommandPattern
    let limit: Int
    let offsetField: String?
    /// Names of the groups, each once, then the offset field.
    let outputs: [String]
    /// Per name its groups: `(?J)` and `(?|...)` give several groups one name.
    private let groups: [[Int]]

    init(_ pattern: CommandPattern, span: Span, limit: Int, offsetField: String?) throws(Diagnostic) {
        self.pattern = pattern
        self.limit = limit
        self.offsetField = offsetField
        var names: [String] = []
        var groups: [[Int]] = []
        for group in pattern.regex.groupNames {
            if let index = names.firstIndex(of: group.name) {
                groups[index].append(group.index)
            } else {
                names.append(group.name)
                groups.append([group.index])
            }
        }
        if names.isEmpty {
            throw Diagnostic(
                "E391", "'\(pattern.text)' names no group, so rex extracts nothing", span: span,
                hint: "name what to extract: (?<field>...)")
        }
        self.groups = groups
        outputs = names + (offsetField.map { [$0] } ?? [])
    }

    var explanation: String {
        "\"\(pattern.text)\"" + (limit == 1 ? "" : limit == .max ? " max_match=0" : " max_match=\(limit)")
            + (offsetField.map { " offset_field=\($0)" } ?? "")
    }

    /// Per output the value found, nil where the field stays as it is.
    func values(of value: Value) throws(SearchError) -> [Value?] {
        var found = [[Value]](repeating: [], count: groups.count)
        var offsets: [String] = []
        var remaining = limit
        for element in value.elements {
            guard remaining > 0, let text = element.printed else { break }
            for match in try pattern.matches(in: text, limit: remaining) {
                remaining -= 1
                for (index, candidates) in groups.enumerated() {
                    guard let range = candidates.lazy.compactMap({ match[$0] }).first else { continue }
                    found[index].append(.text(Text(text.bytes[range])))
                    if offsetField != nil { offsets.append("\(outputs[index])=\(Self.offsets(of: range, in: text))") }
                }
            }
        }
        var values = found.map { $0.isEmpty ? nil : Value.list($0) }
        if offsetField != nil { values.append(offsets.isEmpty ? nil : .text(offsets.joined(separator: "&"))) }
        return values
    }

    private static func offsets(of range: Range<Int>, in text: Text) -> String {
        let isCharacterStart: (UInt8) -> Bool = { $0 & 0xC0 != 0x80 }
        let start = text.bytes[..<range.lowerBound].count(where: isCharacterStart)
        return "\(start)-\(start + text.bytes[range].count(where: isCharacterStart) - 1)"
    }
}

private struct RexOperator: Operator {
    let field: String
    let extraction: RexExtraction

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        var batch = batch
        let source = batch.column(field) ?? .nulls(rowCount: batch.rowCount)
        let extraction = extraction
        let found = try source.usedEntries { value throws(SearchError) in try extraction.values(of: value) }
        for (index, name) in extraction.outputs.enumerated() {
            batch.overlay(name, by: source, found.map { $0.flatMap { $0[index] } })
        }
        return batch
    }
}

private struct SedOperator: Operator {
    let field: String
    let script: SedScript

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        guard let column = batch.column(field) else { return batch }
        var batch = batch
        let script = script
        batch.set(
            field,
            try column.mappingElements { value throws(SearchError) in
                guard let text = value.printed else { return value }
                let edited = try script.edit(text)
                return edited == text ? value : .text(edited)
            })
        return batch
    }
}
