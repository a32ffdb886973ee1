/// An open point of Splunk's semantics, named by the answer we chose. `accrue search --explain` prints those that a
/// search depends on; docs/decisions/0002 says why, and a test compares the two.
public enum Policy: String, CaseIterable, Sendable {
    case nullComparisonIsNotTrue = "null-comparison-is-not-true"
    case nullByKeyDropsRow = "null-by-key-drops-row"
    case multivalueByKeySplitsRow = "multivalue-by-key-splits-row"
    case rowsAscendByKey = "rows-ascend-by-key"
    case renamePerRow = "rename-per-row"
    case multivalueKeyJoinsResults = "multivalue-key-joins-results"
    case timeWindowIncludesItsEnd = "time-window-includes-its-end"
    case patternKeepsEscapedPipe = "pattern-keeps-escaped-pipe"
    case sedReplacementEscapes = "sed-replacement-escapes"
    case wildcardSkipsInternal = "wildcard-skips-internal"
    case nomvTakesDelimiter = "nomv-takes-delimiter"
    case mvexpandKeepsRow = "mvexpand-keeps-row"
    case reltimeWords = "reltime-words"
    case binTimeSpanOnNumber = "bin-time-span-on-number"
    case binAutomaticSpan = "bin-automatic-span"
}
