/// Turns numbers within chunks into numbers within inputs: chunks are decoded in any order, and how many records the
/// earlier ones hold is known only when all are done.
public struct PositionLedger: Sendable {
    private struct Entry {
        var sequence: Int
        var inputIndex: Int
        var recordCount: Int
    }

    private var entries: [Entry] = []

    public init() {}

    public mutating func add(_ events: ChunkEvents) {
        entries.append(
            Entry(sequence: events.sequence, inputIndex: events.inputIndex, recordCount: events.recordCount))
    }

    /// `rejects` in input order, with their numbers counted from the start of their input.
    ///
    /// Every chunk up to the last reject's must have been added.
    public func resolved(_ rejects: [RejectedRecord]) -> [RejectedRecord] {
        var recordsBefore: [Int: Int] = [:]
        var inputIndex = -1
        var count = 0
        for entry in entries.sorted(by: { $0.sequence < $1.sequence }) {
            if entry.inputIndex != inputIndex {
                inputIndex = entry.inputIndex
                count = 0
            }
            recordsBefore[entry.sequence] = count
            count += entry.recordCount
        }
        return rejects.map { reject in
            var reject = reject
            reject.recordNumber += recordsBefore[reject.chunkSequence] ?? 0
            return reject
        }.sorted {
            ($0.chunkSequence, $0.recordNumber, $0.byteOffset) < ($1.chunkSequence, $1.recordNumber, $1.byteOffset)
        }
    }
}
