import Columns
import Formats
import SPL

/// `collect [index=<name>] [addinfo= addtime= marker= source= sourcetype= host= output_format=raw|hec testmode= ...]`
/// puts the rows into a summary index, `summary` when none is named, and hands them on.
///
/// The index lives in the ``SearchState`` of the run and nowhere else. With `testmode=t` nothing is put into it, and the
/// rows become the events that would have been. `spool=f` collects nothing, for there are no files; `file`, `uselb` and
/// `run_in_preview` are read and do nothing. Source: Splunk Search Reference 9.4, "collect".
struct CollectCommand: Command {
    static let name = "collect"
    static let help = CommandHelp(
        "collect <options>", "Puts the rows into a summary index of this run and hands them on.",
        options: [
            ("index=<name>", "the index, `summary` unless written"),
            ("addinfo=<bool>", "adds the search's time range to each event, `t` unless written"),
            (
                "testmode=<bool>",
                "puts nothing into the index and gives the events that would have been; `f` unless written"
            ),
            ("output_format=raw|hec", "what an event's text is: fields and values (unless written) or JSON"),
            ("spool=<bool>", "`f` collects nothing, for there are no files to keep"),
            ("file=<name>", "no effect: there are no files"),
            ("run_in_preview=<bool>", "no effect: there are no previews"),
        ] + CollectedEvents.rawOptions)

    fileprivate let events: CollectedEvents
    private let isTest: Bool
    private let isSpooled: Bool

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var events = CollectedEvents()
        var isTest = false
        var isSpooled = true
        var rawOnly: (name: String, span: Span)?
        while let token = reader.peek() {
            guard let (name, value) = reader.option() else { throw reader.unexpected(token, expected: "an option") }
            switch name {
            case "index": events.index = value.text
            case "addinfo": events.addsInfo = try BooleanOption.value(value)
            case "testmode": isTest = try BooleanOption.value(value)
            case "spool": isSpooled = try BooleanOption.value(value)
            case "run_in_preview": _ = try BooleanOption.value(value)
            case "file": break
            case "output_format":
                guard ["raw", "hec"].contains(value.text.lowercased()) else {
                    throw Diagnostic(
                        "E737", "'\(value.text)' is no output format", span: value.span, hint: "write raw or hec")
                }
                events.isJSON = value.text.lowercased() == "hec"
            default:
                guard try events.setRawOption(name, value) else {
                    throw .unknownOption(
                        name, of: Self.name,
                        options: Self.help.optionNames, token.span)
                }
                rawOnly = (name, token.span)
            }
        }
        if events.isJSON, let rawOnly {
            throw Diagnostic(
                "E737", "'\(rawOnly.name)' is not valid with output_format=hec", span: rawOnly.span,
                hint: "remove it, or write output_format=raw")
        }
        self.events = events
        self.isTest = isTest
        self.isSpooled = isSpooled
    }

    func needs(_ after: FieldSet) -> FieldSet { .all }
    var explanation: String {
        "collect into \(events.index): \(events.explanation)\(isTest ? ", test" : "")\(isSpooled ? "" : ", not spooled")"
    }

    func makeOperator() -> any Operator { CollectOperator(events: events, isTest: isTest, isSpooled: isSpooled) }
}

private struct CollectOperator: Operator {
    let events: CollectedEvents
    let isTest: Bool
    let isSpooled: Bool

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        if isTest { return try events.made(of: batch, context) }
        if isSpooled, batch.rowCount > 0 {
            let made = try events.made(of: batch, context)
            try context.hold(made.estimatedBytes)
            context.state.collect(made, index: events.index)
        }
        return batch
    }
}
