import Columns
import SPL

/// Hands all rows to another operator at once. For commands whose columns are only known from the data: a later column
/// must stand behind all of them, however the rows are cut into batches.
struct GatheringOperator<Inner: Operator>: Operator {
    private var inner: Inner
    private var batches: [Batch] = []
    private var heldBytes = 0

    init(_ inner: Inner) { self.inner = inner }

    mutating func process(_ batch: Batch, _ context: inout ExecutionContext) throws(SearchError) -> Batch {
        let bytes = batch.estimatedBytes
        try context.hold(bytes)
        heldBytes += bytes
        batches.append(batch)
        return Batch()
    }

    mutating func finish(_ context: inout ExecutionContext) throws(SearchError) -> Batch? {
        let held = batches.filter { $0.rowCount > 0 }
        // One batch, which is what a source brings, need not be built anew.
        var whole = held.first ?? batches.last ?? Batch()
        if held.count > 1 {
            var builder = BatchBuilder()
            for batch in held { builder.append(batch) }
            whole = builder.finish()
        }
        batches = []
        defer { context.release(heldBytes) }
        return try inner.process(whole, &context)
    }
}
