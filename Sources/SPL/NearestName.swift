/// "Did you mean": the known name with the smallest edit distance to the one that was written.
public enum NearestName {
    /// The nearest name, or nil where none is near: at most one edit in three characters, and no more than three.
    /// Case is ignored. Of equally near names the first in sorted order, so that messages never change between runs.
    public static func find(_ name: String, in candidates: some Sequence<String>) -> String? {
        let written = Array(name.lowercased().unicodeScalars.prefix(lengthLimit))
        var best: (distance: Int, name: String)?
        for candidate in candidates where candidate != name {
            let known = Array(candidate.lowercased().unicodeScalars.prefix(lengthLimit))
            let allowed = min(3, max(1, max(written.count, known.count) / 3))
            guard abs(written.count - known.count) <= allowed else { continue }
            let distance = editDistance(written, known)
            guard distance <= allowed else { continue }
            if let current = best, (current.distance, current.name) <= (distance, candidate) { continue }
            best = (distance, candidate)
        }
        return best?.name
    }

    /// `did you mean 'x'?`, or nil.
    public static func hint(_ name: String, in candidates: some Sequence<String>) -> String? {
        find(name, in: candidates).map { "did you mean '\($0)'?" }
    }

    private static let lengthLimit = 64

    /// Insertions, deletions, substitutions and swaps of neighbours.
    private static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let substitution = last[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(last[column + 1] + 1, current[column] + 1, substitution)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
