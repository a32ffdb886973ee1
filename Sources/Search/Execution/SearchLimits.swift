/// Splunk's limits as named constants with Splunk's defaults, and the bounds that are ours; ``SearchLimit`` says of each
/// what it bounds.
///
/// A search that hits a limit of Splunk's goes on with what fits and says so in a warning; one that hits a bound of ours
/// fails by name.
public struct SearchLimits: Hashable, Sendable {
    public var sortRows = 10_000
    public var listValues = 100
    public var subsearchRows = 10_000
    public var appendRows = 50_000
    public var joinRows = 50_000
    public var mapSearches = 10
    public var topValues = 10
    public var chartSeries = 10
    public var timeBuckets = 100
    public var chartBuckets = 300
    public var sparklineValues = 100
    public var streamWindowRows = 10_000
    public var transactionEvents = 1_000
    public var openTransactions = 5_000
    public var openTransactionEvents = 100_000
    public var spathBytes = 5_000
    public var extractedPairs = 50
    public var extractBytes = 10_240
    public var lookupMatches = 100
    public var modelGroups = 1_024

    // Ours.
    public var memoryBytes = 4 << 30
    public var rows = 100_000_000
    public var extractedFields = 5_000
    public var nestedSearches = 16

    public init() {}

    /// `--no-limits`: none of Splunk's limits, all of ours.
    public static let unlimited: SearchLimits = {
        var limits = SearchLimits()
        for limit in SearchLimit.all where limit.isLifted { limits[keyPath: limit.value] = .max }
        return limits
    }()
}

/// One of ``SearchLimits`` with its documentation, which docs/reference/limits.md prints. A test compares the two.
public struct SearchLimit: Sendable {
    public let name: String
    public let value: any WritableKeyPath<SearchLimits, Int> & Sendable
    /// The commands that it bounds; empty for all.
    public let commands: [String]
    /// What it bounds, and what happens there.
    public let effect: String
    /// Where Splunk says so; nil for a bound of ours.
    public let source: String?
    /// `--no-limits` takes it away.
    public let isLifted: Bool

    private init(
        _ name: String, _ value: any WritableKeyPath<SearchLimits, Int> & Sendable, of commands: [String] = [],
        _ effect: String, source: String? = nil, isLifted: Bool? = nil
    ) {
        self.name = name
        self.value = value
        self.commands = commands
        self.effect = effect
        self.source = source
        self.isLifted = isLifted ?? (source != nil)
    }

    public static let all: [SearchLimit] = [
        SearchLimit(
            "sortRows", \.sortRows, of: ["sort"],
            "rows that are kept when no count is written (W301); `sort 0` keeps all",
            source: "Search Reference, \"sort\""),
        SearchLimit(
            "listValues", \.listValues,
            of: ["chart", "eventstats", "mstats", "stats", "streamstats", "timechart", "tstats"],
            "values that list() keeps (W302)", source: "Search Reference, \"Multivalue stats and chart functions\""),
        SearchLimit(
            "subsearchRows", \.subsearchRows, of: ["search", "set"],
            "rows of a subsearch that become terms or other arguments, or a side of `set` (W303)",
            source: "Search Manual, \"About subsearches\""),
        SearchLimit(
            "appendRows", \.appendRows, of: ["append", "appendcols", "union"],
            "rows of a subsearch that are added (W303); `maxout=0` takes all",
            source: "Search Reference, \"append\", maxout"),
        SearchLimit(
            "joinRows", \.joinRows, of: ["join"], "rows of the subsearch that are looked at (W303)",
            source: "Search Reference, \"join\""),
        SearchLimit(
            "mapSearches", \.mapSearches, of: ["map"], "searches that run (W327); `maxsearches=` runs more",
            source: "Search Reference, \"map\", maxsearches"),
        SearchLimit(
            "topValues", \.topValues, of: ["rare", "top"], "values per group (W311); `limit=0` gives all",
            source: "Search Reference, \"top\", limit"),
        SearchLimit(
            "chartSeries", \.chartSeries, of: ["chart", "timechart"],
            "series with a column of their own (W310), the others are OTHER; `limit=0` gives all a column",
            source: "Search Reference, \"chart\", limit"),
        SearchLimit(
            "timeBuckets", \.timeBuckets, of: ["bin", "makecontinuous", "timechart"],
            "buckets where no span is written: the span is chosen so; `bins=` or `span=` say otherwise",
            source: "Search Reference, \"timechart\" and \"bin\", bins", isLifted: false),
        SearchLimit(
            "chartBuckets", \.chartBuckets, of: ["chart"],
            "ranges of the first field where `start=` and the like stand there, but neither `bins=` nor `span=`",
            source: "Search Reference, \"chart\", bins", isLifted: false),
        SearchLimit(
            "sparklineValues", \.sparklineValues, of: ["chart", "stats"],
            "numbers of a `sparkline`: the span is chosen so; with a written span the first ones stay (W308)",
            source: "limits.conf, sparkline_maxsize", isLifted: false),
        SearchLimit(
            "streamWindowRows", \.streamWindowRows, of: ["streamstats"], "rows that a window looks back over (W305)",
            source: "limits.conf, max_stream_window"),
        SearchLimit(
            "transactionEvents", \.transactionEvents, of: ["transaction"],
            "events of one transaction, the next ones begin another (W328); `maxevents=-1` takes all",
            source: "Search Reference, \"transaction\", maxevents"),
        SearchLimit(
            "openTransactions", \.openTransactions, of: ["transaction"],
            "transactions that are open at a time, the oldest is evicted (W328); `maxopentxn=` allows more",
            source: "limits.conf, maxopentxn"),
        SearchLimit(
            "openTransactionEvents", \.openTransactionEvents, of: ["transaction"],
            "events that open transactions hold, the oldest is evicted (W328); `maxopenevents=` allows more",
            source: "limits.conf, maxopenevents"),
        SearchLimit(
            "spathBytes", \.spathBytes, of: ["spath"],
            "bytes of a text that Splunk reads without a path; here the rest is read too, with a warning (W320)",
            source: "Search Reference, \"spath\", extraction_cutoff"),
        SearchLimit(
            "extractedPairs", \.extractedPairs, of: ["extract"],
            "pairs that are found without delimiters (W321); `limit=` finds more",
            source: "Search Reference, \"extract\", limit"),
        SearchLimit(
            "extractBytes", \.extractBytes, of: ["extract"],
            "bytes of an event that are read (W322); `maxchars=` reads more",
            source: "Search Reference, \"extract\", maxchars"),
        SearchLimit(
            "lookupMatches", \.lookupMatches, of: ["lookup"],
            "rows of a table for one key (W331); `max_matches` of the lookup's definition says otherwise",
            source: "transforms.conf, max_matches"),
        SearchLimit(
            "modelGroups", \.modelGroups, of: ["fit"], "groups of one model; with more the search fails (E763)",
            source: "mlspl.conf, max_groups"),
        SearchLimit(
            "memoryBytes", \.memoryBytes,
            "bytes of rows that a search holds at a time (E306); `--max-memory <MiB>` says otherwise"),
        SearchLimit("rows", \.rows, "rows that a search holds or makes at a time (E306)"),
        SearchLimit(
            "extractedFields", \.extractedFields, of: ["extract", "fromjson", "spath", "xmlkv"],
            "different fields that are found in the data, the rest is left out (W323)"),
        SearchLimit(
            "nestedSearches", \.nestedSearches, "subsearches inside subsearches, `map` inside `map` (E309)"),
    ]
}
