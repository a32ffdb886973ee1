import Columns
import SPL

/// Several streams of rows as one, newest first, each stream's own order kept.
///
/// Of the rows at the head of the streams the one with the latest `_time` comes next, of equal ones that of the stream
/// written first. A row without `_time` stands with the row behind it. Source: Splunk Search Reference 9.4, "union".
enum TimeMerge {
    static func interleaved(
        _ streams: [Batch], _ context: inout ExecutionContext
    ) throws(SearchError) -> Batch {
        var all = RowBuffer()
        for stream in streams { try all.append(stream, &context) }
        let filled = streams.filter { $0.rowCount > 0 }
        guard filled.count > 1 else { return all.take(&context) }
        let times = filled.map(effectiveTimes)
        var starts: [Int] = []
        var total = 0
        for stream in filled {
            starts.append(total)
            total += stream.rowCount
        }
        var heads = [Int](repeating: 0, count: filled.count)
        var order: [Int] = []
        order.reserveCapacity(total)
        while order.count < total {
            var best: Int?
            for stream in filled.indices where heads[stream] < times[stream].count {
                if let known = best, times[known][heads[known]] >= times[stream][heads[stream]] { continue }
                best = stream
            }
            guard let best else { break }
            order.append(starts[best] + heads[best])
            heads[best] += 1
        }
        return all.take(&context).gathered(order)
    }

    private static func effectiveTimes(_ rows: Batch) -> [Double] {
        var times = [Double](repeating: .infinity, count: rows.rowCount)
        guard let column = rows.column("_time") else { return times }
        var next = Double.infinity
        for row in (0..<rows.rowCount).reversed() {
            if let time = column[row].numeric { next = time }
            times[row] = next
        }
        return times
    }
}
