import Columns

/// Numbers for texts, in the order in which they are met.
struct TextNumbers: Sendable {
    private(set) var all: [Text] = []
    private var known: [Text: UInt32] = [:]

    subscript(number: UInt32) -> Text { all[Int(number)] }

    mutating func number(of text: Text) -> UInt32 {
        if let number = known[text] { return number }
        let number = UInt32(all.count)
        all.append(text)
        known[text] = number
        return number
    }

    /// One for each element that prints; none for null.
    mutating func numbers(of value: Value) -> [UInt32] {
        value.elements.compactMap { element in element.printed.map { number(of: $0) } }
    }
}

/// How often each of some numbers was counted. Most groups have few: those are looked through; a dictionary takes over
/// where there are many.
struct NumberCounts: Sendable {
    private var few: [(number: UInt32, count: Int)] = []
    private var many: [UInt32: Int] = [:]

    private static let mostOfFew = 16

    var count: Int { few.count + many.count }

    func count(of number: UInt32) -> Int {
        if !many.isEmpty { return many[number] ?? 0 }
        return few.first { $0.number == number }?.count ?? 0
    }

    /// - Parameter count: may be negative; what falls to 0 is gone.
    /// - Returns: the count now.
    @discardableResult
    mutating func add(_ number: UInt32, _ count: Int) -> Int {
        if many.isEmpty {
            if let place = few.firstIndex(where: { $0.number == number }) {
                few[place].count += count
                let now = few[place].count
                if now <= 0 { few.remove(at: place) }
                return now
            }
            if few.count < Self.mostOfFew {
                if count > 0 { few.append((number, count)) }
                return count
            }
            for entry in few { many[entry.number] = entry.count }
            few = []
        }
        let now = (many[number] ?? 0) + count
        many[number] = now > 0 ? now : nil
        return now
    }

    /// In no particular order.
    func forEach(_ body: (UInt32, Int) -> Void) {
        for entry in few { body(entry.number, entry.count) }
        for (number, count) in many { body(number, count) }
    }
}

/// Rows counted by group and dictionary id.
enum GroupedIDs {
    /// - Parameters:
    ///   - ids: of a column's rows; rows of id 0, null, are left out.
    ///   - groups: per row, all below `groupCount`.
    ///   - body: gets each pair that occurs, once, and its number of rows.
    static func forEach(
        _ ids: [UInt32], groups: [Int], groupCount: Int, _ body: (_ group: Int, _ id: Int, _ rows: Int) -> Void
    ) {
        guard groupCount > 1 else {
            var rows: [Int] = []
            for row in groups.indices where ids[row] != 0 {
                rows.pad(to: Int(ids[row]) + 1, with: 0)
                rows[Int(ids[row])] += 1
            }
            for (id, count) in rows.enumerated() where count > 0 { body(0, id, count) }
            return
        }
        var pairs: [UInt64] = []
        pairs.reserveCapacity(groups.count)
        for (row, group) in groups.enumerated() where ids[row] != 0 {
            pairs.append(UInt64(group) << 32 | UInt64(ids[row]))
        }
        if pairs.count < groupCount / 8 {
            pairs.sort()
            var start = 0
            while start < pairs.count {
                var end = start + 1
                while end < pairs.count, pairs[end] == pairs[start] { end += 1 }
                body(Int(pairs[start] >> 32), Int(pairs[start] & 0xFFFF_FFFF), end - start)
                start = end
            }
            return
        }
        // By group, then id: two passes that count, no comparisons.
        let width = 1 + Int(pairs.reduce(0) { max($0, $1 & 0xFFFF_FFFF) })
        let idsOfGroups = pairs.bucketed(count: groupCount) { Int($0 >> 32) }
        var places = [Int](repeating: -1, count: width)
        var found: [(id: Int, rows: Int)] = []
        var position = 0
        while position < idsOfGroups.count {
            let group = Int(idsOfGroups[position] >> 32)
            found.removeAll(keepingCapacity: true)
            while position < idsOfGroups.count, Int(idsOfGroups[position] >> 32) == group {
                let id = Int(idsOfGroups[position] & 0xFFFF_FFFF)
                if places[id] < 0 {
                    places[id] = found.count
                    found.append((id, 1))
                } else {
                    found[places[id]].rows += 1
                }
                position += 1
            }
            for (id, rows) in found {
                body(group, id, rows)
                places[id] = -1
            }
        }
    }
}

extension [UInt64] {
    /// In the order of their buckets, stable.
    fileprivate func bucketed(count: Int, _ bucket: (UInt64) -> Int) -> [UInt64] {
        var next = [Int](repeating: 0, count: count + 1)
        for element in self { next[bucket(element) + 1] += 1 }
        for position in 1...count { next[position] += next[position - 1] }
        return [UInt64](unsafeUninitializedCapacity: self.count) { room, written in
            for element in self {
                let place = bucket(element)
                room[next[place]] = element
                next[place] += 1
            }
            written = self.count
        }
    }
}
