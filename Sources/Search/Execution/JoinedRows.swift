import Columns
import SPL

/// Rows of two batches put side by side.
///
/// A field of both sides has the winning side's value, and the other's where that is null. Origins are united.
enum JoinedRows {
    enum Winner: Sendable { case left, right }

    /// Row `i` of the result is row `leftRows[i]` beside row `rightRows[i]`; nil is no row. Columns: the left side's, then
    /// the new ones of the right side.
    /// - Throws: E306 when the result is larger than the memory limit.
    static func make(
        _ left: Batch, _ leftRows: [Int?], _ right: Batch, _ rightRows: [Int?], winner: Winner,
        _ context: ExecutionContext
    ) throws(SearchError) -> Batch {
        try checkSize(rows: leftRows.count, columns: left.names.count + right.names.count, context)
        var result = Batch(rowCount: leftRows.count)
        for (name, column) in zip(left.names, left.columns) {
            let ours = gathered(column, leftRows)
            guard let other = right.column(name) else {
                result.set(name, ours)
                continue
            }
            let theirs = gathered(other, rightRows)
            result.set(name, winner == .right ? first(theirs, else: ours) : first(ours, else: theirs))
        }
        for (name, column) in zip(right.names, right.columns) where !left.contains(name) {
            result.set(name, gathered(column, rightRows))
        }
        if left.origins != nil || right.origins != nil {
            result.origins = zip(leftRows, rightRows).map { leftRow, rightRow in
                (leftRow.flatMap { left.origins?[$0] } ?? []) + (rightRow.flatMap { right.origins?[$0] } ?? [])
            }
        }
        return result
    }

    /// - Throws: E306. Pairs of rows may be many more than the rows that are held.
    static func checkSize(rows: Int, columns: Int, _ context: ExecutionContext) throws(SearchError) {
        guard rows <= context.limits.rows, rows * max(1, columns) * 4 <= context.limits.memoryBytes else {
            throw Diagnostic(
                "E306", "joining makes more than the \(context.limits.memoryBytes >> 20) MiB of rows that may be held",
                hint: "join on more fields, set max, or keep fewer fields with `fields`")
        }
    }

    private static func gathered(_ column: Column, _ rows: [Int?]) -> Column {
        var ids: [UInt32] = []
        ids.reserveCapacity(rows.count)
        for row in rows { ids.append(row.map { column.ids[$0] } ?? 0) }
        return Column(ids: ids, values: column.values)
    }

    private static func first(_ winner: Column, else other: Column) -> Column {
        let offset = UInt32(winner.values.count - 1)
        var ids: [UInt32] = []
        ids.reserveCapacity(winner.rowCount)
        for row in 0..<winner.rowCount {
            let id = winner.ids[row]
            if !winner.values[Int(id)].isNull {
                ids.append(id)
            } else {
                ids.append(other.ids[row] == 0 ? 0 : other.ids[row] + offset)
            }
        }
        return Column(ids: ids, values: winner.values + other.values.dropFirst())
    }
}
