import SPL

/// Which commands hand each row on without seeing the others, as `multisearch` and `union` ask for.
///
/// Source: Splunk Search Reference 9.4, "Command types".
enum StreamingCommands {
    /// The first command of the pipeline that is not streaming; nil where all are.
    /// - Parameter centralized: whether those count that see the rows in order (`head`, `streamstats`).
    static func firstOther(in pipeline: Pipeline, centralized isCentralizedAllowed: Bool) -> CommandSyntax? {
        pipeline.commands.first { syntax in
            !distributable.contains(syntax.name)
                && !(isCentralizedAllowed && centralized.contains(syntax.name))
        }
    }

    /// Those that bring rows without computing over them (`search`, `from`, ...) are here too.
    private static let distributable: Set<String> = [
        "addinfo", "addtotals", "bin", "bucket", "convert", "datamodel", "eval", "extract", "fieldformat", "fields",
        "fillnull", "foreach", "from", "fromjson", "gentimes", "highlight", "iconify", "inputlookup", "iplocation",
        "kv", "localop", "lookup", "makemv", "makeresults", "multikv", "multisearch", "mvexpand", "nomv", "rangemap",
        "regex", "reltime", "rename", "replace", "rex", "search", "setfields", "spath", "strcat", "tags", "tojson",
        "typer", "untable", "where", "xmlkv", "xmlunescape", "xpath",
    ]

    private static let centralized: Set<String> = [
        "accum", "autoregress", "dedup", "delta", "filldown", "head", "streamstats", "transaction", "trendline",
    ]
}
