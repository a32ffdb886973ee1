/// An open point of Splunk's semantics, named by the answer we chose. `accrue search --explain` prints those that a
/// search depends on; docs/decisions/0002 says why, and a test compares the two.
public enum Policy: String, CaseIterable, Sendable {
    case nullComparisonIsNotTrue = "null-comparison-is-not-true"
    case nullByKeyDropsRow = "null-by-key-drops-row"
    case multivalueByKeySplitsRow = "multivalue-by-key-splits-row"
    case rowsAscendByKey = "rows-ascend-by-key"
    case renamePerRow = "rename-per-row"
    case appendcolsKeepsSurplusRows = "appendcols-keeps-surplus-rows"
    case foreachInsertsText = "foreach-inserts-text"
    case joinCommonFieldsSkipInternal = "join-common-fields-skip-internal"
    case joinKeysAreText = "join-keys-are-text"
    case mapKeepsStringsWhole = "map-keeps-strings-whole"
    case setRowsAreDistinct = "set-rows-are-distinct"
    case transactionEndIsOptional = "transaction-end-is-optional"
    case transactionListsOldestFirst = "transaction-lists-oldest-first"
}
