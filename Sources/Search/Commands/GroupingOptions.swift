import SPL

/// The options that `tstats` and `mstats` share, and the commands that group their rows by them.
struct GroupingOptions: Sendable {
    private(set) var span: String?
    /// `fillnull_value`: what stands for null in a BY field.
    private(set) var fillText: String?
    private(set) var isPrestats = false
    private(set) var isAppended = false

    /// Reads the option that comes next.
    /// - Parameter withoutEffect: options of the command that choose how Splunk reads its summaries or shows previews.
    /// - Throws: E242 for an option without a value, E311 for one that `help` does not list.
    mutating func read(
        _ reader: inout ArgumentReader, withoutEffect: Set<String>, of command: String, _ help: CommandHelp
    ) throws(Diagnostic) {
        let token = reader.peek()
        guard let (name, value) = reader.option() else { throw reader.unexpected(token, expected: "a value") }
        switch name {
        case "prestats": isPrestats = try BooleanOption.value(value)
        case "append": isAppended = try BooleanOption.value(value)
        case "fillnull_value": fillText = value.text
        case "span": span = value.text
        case let name where withoutEffect.contains(name): break
        default: throw .unknownOption(name, of: command, options: help.optionNames, token?.span)
        }
    }

    /// - Throws: E346 where a command that brings rows stands behind others without `append=t`.
    func checkPlace(_ syntax: CommandSyntax) throws(Diagnostic) {
        guard !isAppended else { return }
        throw Diagnostic(
            "E346", "'\(syntax.name)' brings rows and must come first", span: syntax.nameSpan,
            hint: "start the search with | \(syntax.name), or write \(syntax.name) append=t")
    }

    /// The fields behind BY, each once.
    /// - Throws: E242 where there are none, E333 for a wildcard.
    static func checked(_ keys: [String], _ reader: ArgumentReader) throws(Diagnostic) -> [String] {
        if keys.isEmpty { throw reader.unexpected(reader.peek(), expected: "a field after BY") }
        if let star = keys.first(where: { $0.contains("*") }) {
            throw Diagnostic("E333", "'\(star)' after BY has a wildcard", hint: "name the fields of BY")
        }
        var seen: Set<String> = []
        return keys.filter { seen.insert($0).inserted }
    }

    /// The commands that group filtered rows: buckets of `_time` where `binsTime` says so, the text for null, stats.
    func commands(
        _ calls: [StatsCommand.Call], by keys: [String], binsTime: Bool, _ context: CompileContext
    ) throws(Diagnostic) -> [any Command] {
        var context = context
        context.isFirst = false
        var commands: [any Command] = []
        if binsTime {
            let option = span.map { "span=\(SearchLiteral.quoted($0)) " } ?? ""
            commands.append(try Commands.compile("| bin \(option)_time", context, isFirst: false))
        }
        let filled = keys.filter { $0 != "_time" }.map(SearchLiteral.quoted).joined(separator: " ")
        if let fillText, !filled.isEmpty {
            commands.append(
                try Commands.compile(
                    "| fillnull value=\(SearchLiteral.quoted(fillText)) \(filled)", context, isFirst: false))
        }
        if !isPrestats { commands.append(StatsCommand(calls: calls, keys: keys)) }
        return commands
    }

    /// Terms that the source of events can use as they are: on time, index, sourcetype, source and host.
    static func isOfSource(_ term: SearchExpression) -> Bool {
        switch term {
        case .timeModifier: term.setsTimeRange
        case .comparison(let field, _, _, _), .inList(let field, _, _): DataModelView.unprefixed.contains(field)
        default: false
        }
    }
}
