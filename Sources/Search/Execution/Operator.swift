public import Columns

/// One running command: batches in, batches out. One dynamic call a batch, never one a row.
public protocol Operator {
    /// Takes the next batch in row order and gives what can be given already.
    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch
    /// Gives what was held back; called once, after the last batch.
    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch?
}

extension Operator {
    public mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? { nil }
}
