import SPL

/// `maxout`, `maxtime` and `timeout` of the commands that run a subsearch; `maxout=0` sets no limit.
///
/// `maxtime` and `timeout` are read and do nothing: a result must not depend on how fast the machine is, and the whole
/// search has its own deadline. Source: Splunk Search Reference 9.4, "append", subsearch-options.
struct SubsearchOptions: Hashable, Sendable {
    static let help: [CommandHelp.Option] = [
        ("maxout=<count>", "how many rows of a subsearch count, 50000 unless written; 0 is all"),
        ("maxtime=<seconds>", "no effect: results do not depend on how fast the machine is"),
        ("timeout=<seconds>", "no effect, likewise"),
    ]
    private static let names = CommandHelp.names(of: help)

    private var maximumRows: Int?

    /// - Returns: false where the option is none of these.
    mutating func read(_ name: String, _ value: Token) throws(Diagnostic) -> Bool {
        guard Self.names.contains(name) else { return false }
        let count = try NumberOption.count(value, for: name)
        if name == "maxout" { maximumRows = count }
        return true
    }

    /// Rows to take of the subsearch, where `standard` is the limit when nothing is written.
    func limit(_ standard: Int) -> Int { maximumRows.map { $0 == 0 ? .max : $0 } ?? standard }

    var explanation: String { maximumRows.map { ", maxout \($0)" } ?? "" }
}

/// What `append` and `appendcols` are told: a subsearch, its options, and one option of their own, which is a boolean.
struct AppendArguments: Sendable {
    let search: Subsearch
    let options: SubsearchOptions
    /// Of the command's own option; false unless written.
    let flag: Bool

    /// - Throws: E311 for an option that `help` does not list, E731 where there is no subsearch.
    init(
        _ syntax: CommandSyntax, flag own: String, help: CommandHelp, _ context: CompileContext
    ) throws(Diagnostic) {
        var reader = ArgumentReader(syntax)
        var search: Subsearch?
        var options = SubsearchOptions()
        var flag = false
        while let token = reader.peek() {
            if let (name, value) = reader.option() {
                if name == own {
                    flag = try BooleanOption.value(value)
                } else if try !options.read(name, value) {
                    throw .unknownOption(name, of: syntax.name, options: help.optionNames, token.span)
                }
            } else if let pipeline = token.pipeline, search == nil {
                _ = reader.next()
                search = try Subsearch(pipeline, context)
            } else {
                throw reader.unexpected(token, expected: "a subsearch in brackets")
            }
        }
        guard let search else {
            throw .noSubsearch(of: syntax.name, span: syntax.nameSpan, example: "\(syntax.name) [search <terms>]")
        }
        self.search = search
        self.options = options
        self.flag = flag
    }
}
