/// An open point of Splunk's semantics, named by the answer we chose. `accrue search --explain` prints those that a
/// search depends on; docs/decisions/0002 says why, and a test compares the two.
public enum Policy: String, CaseIterable, Sendable {
    case nullComparisonIsNotTrue = "null-comparison-is-not-true"
    case nullByKeyDropsRow = "null-by-key-drops-row"
    case multivalueByKeySplitsRow = "multivalue-by-key-splits-row"
    case rowsAscendByKey = "rows-ascend-by-key"
    case renamePerRow = "rename-per-row"
    case lookupCellsAreTrimmed = "lookup-cells-are-trimmed"
    case lookupNoMatchLeavesField = "lookup-no-match-leaves-field"
    case lookupTakesEachValue = "lookup-takes-each-value"
    case inputlookupCountsBeforeWhere = "inputlookup-counts-before-where"
    case outputlookupReplacesUnlessAppend = "outputlookup-replaces-unless-append"
}
