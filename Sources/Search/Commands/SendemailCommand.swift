import Columns
import SPL

/// `sendemail to=<addresses> [from= cc= bcc= subject= ...]` sends nothing: it hands the rows on and warns (W324), so that
/// a search which ends in one shows its result.
///
/// Errors: E311 for an unknown option, E738 without `to`. Source: Splunk Search Reference 9.4, "sendemail".
struct SendemailCommand: Command {
    static let name = "sendemail"
    static let help = CommandHelp(
        "sendemail to=<addresses> <options>", "Sends no mail, and hands the rows on.",
        options: [("<option>=<value>", "the options of Splunk's sendemail; none has an effect")])

    private let text: String

    private static let options: Set<String> = [
        "allow_empty_attachment", "bcc", "cc", "content_type", "escapecsvnewline", "footer", "format", "from",
        "graceful", "inline", "maxinputs", "maxtime", "message", "paperorientation", "papersize", "pdfview", "priority",
        "sendcsv", "sendpdf", "sendpng", "sendresults", "server", "subject", "to", "use_ssl", "use_tls",
        "width_sort_columns",
    ]

    init(_ syntax: CommandSyntax, _ context: CompileContext) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var hasReceiver = false
        while let token = reader.peek() {
            if reader.consumeComma() { continue }
            guard let (name, _) = reader.option() else { throw reader.unexpected(token, expected: "an option") }
            guard Self.options.contains(name) else {
                throw .unknownOption(name, of: Self.name, options: Self.options.sorted(), token.span)
            }
            if name == "to" { hasReceiver = true }
        }
        guard hasReceiver else {
            throw Diagnostic(
                "E738", "sendemail names no receiver", span: syntax.nameSpan, hint: "write sendemail to=<address>")
        }
        text = syntax.argumentText
    }

    func needs(_ after: FieldSet) -> FieldSet { after }
    var explanation: String { "sendemail: \(text)" }
    func makeOperator() -> any Operator { UnsentMail() }
}

private struct UnsentMail: Operator {
    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch { batch }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        context.warn(
            "W324", "sendemail sends no mail; its rows are the result",
            hint: "remove it, and pass the rows to a program of yours")
        return nil
    }
}
