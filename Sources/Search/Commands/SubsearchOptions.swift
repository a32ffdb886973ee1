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
