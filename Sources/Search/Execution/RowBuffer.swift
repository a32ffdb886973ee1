import Columns
import SPL

/// Rows that a command holds back until it has seen them all: a `BatchBuilder` that counts what it holds against the
/// memory limit of the search. Every command that needs all rows keeps them in one of these.
struct RowBuffer {
    private var builder = BatchBuilder()
    private var heldBytes = 0

    var count: Int { builder.count }

    /// - Throws: E306 when the search holds more than its memory limit.
    mutating func append(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) {
        let bytes = batch.estimatedBytes
        try context.hold(bytes)
        heldBytes += bytes
        builder.append(batch)
    }

    /// All rows, in order; leaves the buffer empty.
    mutating func take(_ context: inout ExecutionContext) -> Batch {
        context.release(heldBytes)
        heldBytes = 0
        let rows = builder.finish()
        builder = BatchBuilder()
        return rows
    }
}
