import SPL

/// `maxout`, `maxtime` and `timeout` of the commands that run a subsearch; `maxout=0` sets no limit.
///
/// `maxtime` and `timeout` are read and do nothing: a result must not depend on how fast the machine is, and the whole
/// search has its own deadline. Source: Splunk Search Reference 9.4, "append", subsearch-options.
struct SubsearchOptions: Hashable, Sendable {
    static let names = ["maxout", "maxtime", "timeout"]

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
