/// Splunk's limits as named constants with Splunk's defaults, and the bounds that are ours.
///
/// A search that hits a limit of Splunk's goes on with what fits and says so in a warning; one that hits a bound of ours
/// fails by name. Source: limits.conf, and the pages of the Search Reference 9.4 that each line names.
public struct SearchLimits: Hashable, Sendable {
    /// `sort` keeps this many rows when no count is written ("sort").
    public var sortRows = 10_000
    /// `list()` keeps this many values ("Multivalue stats and chart functions").
    public var listValues = 100
    /// A subsearch in search terms gives this many rows (Search Manual, "About subsearches").
    public var subsearchRows = 10_000
    /// `append` takes this many rows of its subsearch ("append", maxout).
    public var appendRows = 50_000
    /// `join` takes this many rows of its subsearch ("join").
    public var joinRows = 50_000
    /// `map` runs this many searches ("map", maxsearches).
    public var mapSearches = 10
    /// `top` and `rare` keep this many values ("top").
    public var topValues = 10
    /// `chart` and `timechart` keep this many series ("chart", limit).
    public var chartSeries = 10
    /// `timechart` and `bin` make at most this many buckets when no span is written ("timechart": 100 for time, "bin": 100).
    public var timeBuckets = 100
    /// `chart` makes at most this many ranges of its first field when no span is written ("chart", bins).
    public var chartBuckets = 300
    /// `sparkline` has at most this many numbers (limits.conf, sparkline_maxsize).
    public var sparklineValues = 100
    /// `streamstats` never looks back further than this many rows (limits.conf, max_stream_window).
    public var streamWindowRows = 10_000
    /// `transaction` holds this many events in one transaction ("transaction", maxevents).
    public var transactionEvents = 1_000
    /// `transaction` holds this many open transactions (limits.conf, maxopentxn).
    public var openTransactions = 5_000
    /// `transaction` holds this many events in open transactions (limits.conf, maxopenevents).
    public var openTransactionEvents = 100_000
    /// `spath` without a path reads this far ("spath", extraction_cutoff). Here it reads on, and says so.
    public var spathBytes = 5_000
    /// `extract` finds this many pairs by itself ("extract", limit).
    public var extractedPairs = 50
    /// `extract` looks this far into an event ("extract", maxchars).
    public var extractBytes = 10_240
    /// A lookup gives this many rows for one key (transforms.conf, max_matches).
    public var lookupMatches = 100
    /// `return` and `format` take this many rows ("format", maxresults).
    public var formatRows = 10_000

    /// Ours: bytes of rows that one search may hold at a time.
    public var memoryBytes = 4 << 30
    /// Ours: rows that one search may hold or make at a time.
    public var rows = 100_000_000
    /// Ours: different fields that one command may find in the data.
    public var extractedFields = 5_000
    /// Ours: subsearches inside subsearches, `map` inside `map`.
    public var nestedSearches = 16

    public init() {}

    /// `--no-limits`: none of Splunk's limits, all of ours.
    public static let unlimited: SearchLimits = {
        var limits = SearchLimits()
        limits.sortRows = .max
        limits.listValues = .max
        limits.subsearchRows = .max
        limits.appendRows = .max
        limits.joinRows = .max
        limits.mapSearches = .max
        limits.topValues = .max
        limits.chartSeries = .max
        limits.streamWindowRows = .max
        limits.transactionEvents = .max
        limits.openTransactions = .max
        limits.openTransactionEvents = .max
        limits.spathBytes = .max
        limits.extractedPairs = .max
        limits.extractBytes = .max
        limits.lookupMatches = .max
        limits.formatRows = .max
        return limits
    }()
}
