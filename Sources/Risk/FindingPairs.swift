/// Findings of one incident rule and entity before and after a change, paired by time.
public enum FindingPairs {
    /// Positions in the two lists.
    public enum Pair: Sendable, Hashable {
        case kept(before: Int, after: Int)
        case moved(before: Int, after: Int)
        case lost(before: Int)
        case gained(after: Int)
    }

    /// Equal times are kept first. Of the rest the two that are nearest in time pair next, as long as they are no further
    /// apart than `within`; of equally near ones those with the earliest time before, then after.
    ///
    /// - Parameters:
    ///   - before: ascending, as is `after`; microseconds, as is `within`.
    /// - Returns: by the earlier time of each pair, then before after.
    public static func match(before: [Int64], after: [Int64], within: Int64) -> [Pair] {
        var pairs: [Pair] = []
        var line = PairingLine()
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if right == after.count || left < before.count && before[left] < after[right] {
                line.append(before[left], left, isAfter: false)
                left += 1
            } else if left == before.count || after[right] < before[left] {
                line.append(after[right], right, isAfter: true)
                right += 1
            } else {
                pairs.append(.kept(before: left, after: right))
                left += 1
                right += 1
            }
        }
        pairs += line.pairs(within: within)
        func order(_ pair: Pair) -> (Int64, Int, Int) {
            switch pair {
            case .kept(let left, _): (before[left], 0, left)
            case .moved(let left, let right): (min(before[left], after[right]), 1, left)
            case .lost(let left): (before[left], 2, left)
            case .gained(let right): (after[right], 3, right)
            }
        }
        return pairs.sorted { order($0) < order($1) }
    }
}

/// Times of both sides in one order. Of two sides' times the nearest are always neighbours, so that a queue of neighbours
/// finds them: n log n, also for a finding a minute.
private struct PairingLine {
    private struct Place {
        var time: Int64
        var position: Int
        var isAfter: Bool
        var previous: Int
        var next: Int
        var isTaken = false
    }

    private struct Candidate: Comparable {
        var distance: Int64
        var beforeTime: Int64
        var afterTime: Int64
        var left: Int
        var right: Int

        static func < (lhs: Candidate, rhs: Candidate) -> Bool {
            (lhs.distance, lhs.beforeTime, lhs.afterTime, lhs.left, lhs.right)
                < (rhs.distance, rhs.beforeTime, rhs.afterTime, rhs.left, rhs.right)
        }
    }

    private var places: [Place] = []

    mutating func append(_ time: Int64, _ position: Int, isAfter: Bool) {
        places.append(
            Place(
                time: time, position: position, isAfter: isAfter, previous: places.count - 1, next: places.count + 1))
    }

    consuming func pairs(within: Int64) -> [FindingPairs.Pair] {
        var pairs: [FindingPairs.Pair] = []
        var queue = SmallestFirst<Candidate>()
        for right in places.indices.dropFirst() { enqueue(right - 1, right, within, &queue) }
        while let nearest = queue.removeFirst() {
            guard !places[nearest.left].isTaken, !places[nearest.right].isTaken else { continue }
            let (left, right) = (places[nearest.left], places[nearest.right])
            pairs.append(
                .moved(
                    before: left.isAfter ? right.position : left.position,
                    after: left.isAfter ? left.position : right.position))
            places[nearest.left].isTaken = true
            places[nearest.right].isTaken = true
            if left.previous >= 0 { places[left.previous].next = right.next }
            if right.next < places.count { places[right.next].previous = left.previous }
            if left.previous >= 0, right.next < places.count { enqueue(left.previous, right.next, within, &queue) }
        }
        for place in places where !place.isTaken {
            pairs.append(place.isAfter ? .gained(after: place.position) : .lost(before: place.position))
        }
        return pairs
    }

    private func enqueue(_ left: Int, _ right: Int, _ within: Int64, _ queue: inout SmallestFirst<Candidate>) {
        let (first, second) = (places[left], places[right])
        // Times of a hostile clock may lie further apart than a number tells.
        let (distance, isTooFar) = second.time.subtractingReportingOverflow(first.time)
        guard first.isAfter != second.isAfter, !isTooFar, distance <= within else { return }
        queue.insert(
            Candidate(
                distance: distance, beforeTime: first.isAfter ? second.time : first.time,
                afterTime: first.isAfter ? first.time : second.time, left: left, right: right))
    }
}

/// A binary heap.
private struct SmallestFirst<Element: Comparable> {
    private var elements: [Element] = []

    mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0, elements[child] < elements[(child - 1) / 2] {
            elements.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let first = elements.first else { return last }
        elements[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
                if elements[child] < elements[smallest] { smallest = child }
            }
            if smallest == parent { return first }
            elements.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
