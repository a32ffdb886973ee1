import Columns
import Synchronization

/// What one worker found for one request in one chunk.
struct ChunkMatches: Sendable {
    var sequence: Int
    var batch: Batch
    var times: [Int64]
    var digests: [TextDigest]
    /// Empty when the request keeps no text.
    var texts: [[UInt8]]
    var origins: [EventOrigin]
    var originOfRow: [UInt32]
}

/// Gathers the matches of one request from all workers.
///
/// Texts are kept within a budget. When it is exceeded, a threshold on the text's digest is halved and all texts above
/// it go: which ones stay depends on the events alone, not on the order in which threads bring them.
final class MatchCollector: Sendable {
    /// Contributing events beyond this are counted, not stored.
    static let textBudgetBytes = 64 << 20

    private struct State {
        var chunks: [ChunkMatches] = []
        var keptBytes = 0
        var effort = ScanEffort()
        var threshold = UInt64.max
    }

    private let state = Mutex(State())

    /// What was found of some candidates, and what that took.
    func add(_ chunk: ChunkMatches?, _ effort: ScanEffort) {
        state.withLock { $0.effort += effort }
        guard let chunk, chunk.batch.rowCount > 0 else { return }
        state.withLock { state in
            var chunk = chunk
            for row in chunk.texts.indices {
                if chunk.digests[row].high > state.threshold {
                    chunk.texts[row] = []
                } else {
                    state.keptBytes += chunk.texts[row].count
                }
            }
            state.chunks.append(chunk)
            while state.keptBytes > Self.textBudgetBytes, state.threshold > 0 { Self.halve(&state) }
        }
    }

    private static func halve(_ state: inout State) {
        state.threshold /= 2
        for chunk in state.chunks.indices {
            for row in state.chunks[chunk].texts.indices
            where state.chunks[chunk].digests[row].high > state.threshold {
                state.keptBytes -= state.chunks[chunk].texts[row].count
                state.chunks[chunk].texts[row] = []
            }
        }
    }

    /// All matches, newest first; leaves the collector empty.
    func finish() -> MatchedEvents {
        let (chunks, effort) = state.withLock { state in
            defer { state.chunks = [] }
            return (state.chunks.sorted { $0.sequence < $1.sequence }, state.effort)
        }
        guard !chunks.isEmpty else {
            var none = MatchedEvents.empty
            none.effort = effort
            return none
        }
        var builder = BatchBuilder()
        var times: [Int64] = []
        var texts: [KeptText] = []
        var dropped = 0
        for chunk in chunks {
            builder.append(chunk.batch)
            times += chunk.times
            for row in chunk.times.indices {
                let text = chunk.texts.isEmpty ? [] : chunk.texts[row]
                if !chunk.texts.isEmpty, text.isEmpty { dropped += 1 }
                texts.append(
                    KeptText(
                        digest: chunk.digests[row], bytes: text.isEmpty ? nil : text,
                        origin: chunk.origins[Int(chunk.originOfRow[row])]))
            }
        }
        let order = times.indices.sorted { left, right in
            if times[left] != times[right] { return times[left] > times[right] }
            if texts[left].digest != texts[right].digest { return texts[left].digest < texts[right].digest }
            let (a, b) = (texts[left].origin, texts[right].origin)
            if a != b { return (a.source, a.sourcetype, a.host, a.index) < (b.source, b.sourcetype, b.host, b.index) }
            return left < right
        }
        return MatchedEvents(
            batch: builder.finish().gathered(order), times: order.map { times[$0] },
            texts: order.map { texts[$0] }, droppedTextCount: dropped, effort: effort)
    }
}
