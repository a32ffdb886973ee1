/// The known name that a mistyped one most likely meant.
enum NearestName {
    /// Nil when nothing is near: at most a third of the letters may differ. Ties go to the earlier name.
    static func of(_ name: String, in known: [String]) -> String? {
        guard name.utf8.count <= 64 else { return nil }
        let folded = Array(name.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let distance = distance(folded, Array(candidate.lowercased().utf8))
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        guard let best, best.distance * 3 <= max(3, max(folded.count, best.name.utf8.count)) else { return nil }
        return best.name
    }

    /// Edits (insert, delete, replace, swap of neighbours) between two texts.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let isSame = left[row] == right[column]
                var cost = min(previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
