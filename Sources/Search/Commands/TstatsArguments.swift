import Columns
import SPL

/// What `tstats` is told: functions, dataset, terms, keys.
struct TstatsArguments: Sendable {
    private(set) var calls: [StatsCommand.Call] = []
    private(set) var model: (name: String, span: Span)?
    private(set) var filter: SearchExpression = .all
    private(set) var keys: [String] = []
    private(set) var options = GroupingOptions()

    /// Options that choose how Splunk reads its summaries: nothing to choose here.
    private static let withoutEffect: Set<String> = [
        "allow_old_summaries", "chunk_size", "include_reduced_buckets", "local", "summariesonly",
    ]

    init(_ reader: inout ArgumentReader, _ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        while let token = reader.peek() {
            if token.kind == .comma {
                _ = reader.next()
            } else if reader.consumeKeyword("from") {
                try readDataset(&reader)
            } else if reader.nextIsKeyword("where") {
                _ = reader.next()
                let (text, offset) = reader.text(until: ["by", "groupby"])
                filter = try SearchExpression.parse(text, at: offset)
            } else if reader.nextIsKeyword("by") || reader.nextIsKeyword("groupby") {
                _ = reader.next()
                try readKeys(&reader)
            } else if reader.peekOption() != nil {
                try readOption(&reader)
            } else {
                calls.append(try StatsArguments.call(&reader, context, TstatsCommand.name))
            }
        }
        guard !calls.isEmpty else {
            throw Diagnostic(
                "E332", "tstats has no function", span: syntax.nameSpan, hint: "write tstats count from datamodel=...")
        }
        for name in keys + calls.map(\.source) where name.contains("PREFIX(") {
            throw Diagnostic(
                "E771", "tstats has no index whose terms '\(name)' could read", span: syntax.nameSpan,
                hint: "extract the field with rex, and use stats")
        }
        for call in calls where call.expression != nil || call.isWildcard {
            throw Diagnostic(
                "E771", "tstats takes no expression and no wildcard: '\(call.output)'", span: syntax.nameSpan,
                hint: "name one field; eval() works in stats")
        }
    }

    private mutating func readDataset(_ reader: inout ArgumentReader) throws(Diagnostic) {
        guard let option = reader.peekOption(), let name = reader.peek(), option == "datamodel" else {
            let token = reader.peek()
            throw Diagnostic(
                "E772", "tstats reads from '\(token?.text ?? "")', which is not supported", span: token?.span,
                hint: "write from datamodel=<model>.<dataset>; without FROM it reads events")
        }
        guard let (_, value) = reader.option() else { throw reader.unexpected(name, expected: "a data model") }
        model = (value.text + reader.gluedText(), value.span)
    }

    private mutating func readKeys(_ reader: inout ArgumentReader) throws(Diagnostic) {
        while !reader.isAtEnd {
            let place = reader.peek()
            keys += try reader.fieldList(until: ["where", "from"])
            if reader.peekOption() != nil {
                try readOption(&reader)
            } else if reader.peek()?.kind == place?.kind, reader.peek()?.span.lowerBound == place?.span.lowerBound {
                break
            }
            if reader.nextIsKeyword("where") || reader.nextIsKeyword("from") { break }
        }
        keys = try GroupingOptions.checked(keys, reader)
    }

    private mutating func readOption(_ reader: inout ArgumentReader) throws(Diagnostic) {
        try options.read(
            &reader, withoutEffect: Self.withoutEffect, of: TstatsCommand.name, TstatsCommand.help)
    }

    /// The terms that the source of events can use as they are, and the others.
    var splitFilter: (ofSource: [SearchExpression], ofRows: [SearchExpression]) {
        let terms = filter.conjuncts.filter { if case .all = $0 { false } else { true } }
        return (terms.filter(GroupingOptions.isOfSource), terms.filter { !GroupingOptions.isOfSource($0) })
    }

    /// The commands that group the filtered rows.
    func shaping(_ context: CompileContext) throws(Diagnostic) -> [any Command] {
        try options.commands(calls, by: keys, binsTime: keys.contains("_time"), context)
    }
}
