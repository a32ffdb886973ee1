import Columns
import Matching
import Search

// Most events cannot satisfy a selective search, and the words that it needs say so without parsing. One scan of a
// chunk finds the words of all requests at once.

/// The words of all requests, and which of them each request needs.
final class LiteralPlan: Sendable {
    /// Text that may hide a letter behind an escape (`\u0050utImage`) is always a candidate.
    private static let escape = Array(#"\u00"#.utf8)

    /// Per request its clauses, each a list of alternatives as word numbers with the field they stand for.
    private let clauses: [[[(field: String, word: Int)]]]
    private let words: [[UInt8]]

    init(_ requests: [ScanRequest]) {
        var words = [Self.escape]
        var numbers: [String: Int] = [:]
        clauses = requests.map { request in
            request.event.clauses.map { clause in
                clause.alternatives.map { alternative in
                    let key = alternative.literal.lowercased()
                    if let known = numbers[key] { return (alternative.field, known) }
                    numbers[key] = words.count
                    words.append(Array(key.utf8))
                    return (alternative.field, words.count - 1)
                }
            }
        }
        self.words = words
    }

    var isEmpty: Bool { words.count == 1 }

    func makeScanner() throws -> LiteralScanner { try LiteralScanner(literals: words, caseInsensitive: true) }

    /// The clauses of a request that hold for events whose plain fields are known: word numbers only.
    func clauses(of request: Int, isPlain: (String) -> Bool) -> [[Int]] {
        isEmpty
            ? [] : clauses[request].filter { clause in clause.allSatisfy { isPlain($0.field) } }.map { $0.map(\.word) }
    }

    /// Which words occur in which events.
    struct Hits {
        private var words: [[Bool]]

        fileprivate init(wordCount: Int, eventCount: Int) {
            words = [[Bool]](repeating: [Bool](repeating: false, count: eventCount), count: wordCount)
        }

        fileprivate mutating func mark(_ word: Int, _ event: Int) { words[word][event] = true }

        func satisfies(_ clauses: [[Int]], _ event: Int) -> Bool {
            if words[0][event] { return true }
            return clauses.allSatisfy { clause in clause.contains { words[$0][event] } }
        }
    }

    func hits(in events: EventBatch, _ scanner: LiteralScanner) throws -> Hits {
        var hits = Hits(wordCount: words.count, eventCount: events.count)
        var event = 0
        let ranges = events.ranges
        try scanner.scan(events.buffer.bytes) { word, end in
            // Hits come in the order of their ends, and events lie one behind the other.
            while event < ranges.count, ranges[event].upperBound < end { event += 1 }
            guard event < ranges.count else { return false }
            if end - words[word].count >= ranges[event].lowerBound { hits.mark(word, event) }
            return true
        }
        return hits
    }
}
