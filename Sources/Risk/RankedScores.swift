// A set of scores in order that can lose any of them. The standard library has no ordered set, and heaps cannot take
// an element out or show the ten highest. Blocks of at most 128 in order: a change moves 4 KiB at most, and the list
// of blocks only when one splits or is used up. The first one lies outside: nearly every firing has just one event,
// and such sets then cost no allocation.

/// A score with what orders equal ones and the message it was counted for.
struct RankedScore: Sendable, Equatable {
    var score: Double
    var timeMicroseconds: Int64
    var key: UInt64
    var message: UInt64

    func precedes(_ other: RankedScore) -> Bool {
        if score != other.score { return score > other.score }
        if timeMicroseconds != other.timeMicroseconds { return timeMicroseconds < other.timeMicroseconds }
        return key < other.key
    }
}

/// Scores from the highest to the lowest.
struct RankedScores: Sendable {
    /// The highest.
    private(set) var first: RankedScore?
    /// The others; no block is empty.
    private var blocks: [[RankedScore]] = []

    private static let blockLimit = 128

    mutating func insert(_ new: RankedScore) {
        guard let first else {
            self.first = new
            return
        }
        var rest = new
        if new.precedes(first) {
            self.first = new
            rest = first
        }
        guard !blocks.isEmpty else {
            blocks.append([rest])
            return
        }
        let block = self.block(for: rest)
        blocks[block].insert(rest, at: Self.place(of: rest, in: blocks[block]))
        if blocks[block].count > Self.blockLimit {
            let half = Self.blockLimit / 2
            let upper = Array(blocks[block][half...])
            blocks[block].removeSubrange(half...)
            blocks.insert(upper, at: block + 1)
        }
    }

    /// - Returns: whether it was there.
    @discardableResult
    mutating func remove(_ old: RankedScore) -> Bool {
        if old == first {
            first = blocks.first?.first
            if first != nil { removeFromBlock(0, at: 0) }
            return true
        }
        guard !blocks.isEmpty else { return false }
        let block = self.block(for: old)
        let place = Self.place(of: old, in: blocks[block])
        guard place < blocks[block].count, blocks[block][place] == old else { return false }
        removeFromBlock(block, at: place)
        return true
    }

    /// Calls `body` with the highest ones, in order, until it returns false.
    func forEachFromHighest(_ body: (RankedScore) -> Bool) {
        guard let first, body(first) else { return }
        for block in blocks {
            for score in block where !body(score) { return }
        }
    }

    private mutating func removeFromBlock(_ block: Int, at place: Int) {
        blocks[block].remove(at: place)
        if blocks[block].isEmpty {
            blocks.remove(at: block)
        } else if block + 1 < blocks.count, blocks[block].count + blocks[block + 1].count <= Self.blockLimit / 2 {
            // Else a long history could leave thousands of blocks of one.
            blocks[block] += blocks.remove(at: block + 1)
        }
    }

    /// The last block that starts at or before `score`, or the first one.
    private func block(for score: RankedScore) -> Int {
        var (low, high) = (0, blocks.count)
        while low < high {
            let middle = (low + high) / 2
            if score.precedes(blocks[middle][0]) { high = middle } else { low = middle + 1 }
        }
        return max(low - 1, 0)
    }

    /// The first place whose element does not precede `score`.
    private static func place(of score: RankedScore, in block: [RankedScore]) -> Int {
        var (low, high) = (0, block.count)
        while low < high {
            let middle = (low + high) / 2
            if block[middle].precedes(score) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
