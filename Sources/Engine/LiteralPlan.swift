import Columns
import Matching
import Search

// Most events cannot satisfy a selective search, and the words that it needs say so without parsing. One scan of a
// chunk finds the words of all requests at once.

/// The words of all requests, and which of them each request needs.
final class LiteralPlan: Sendable {
    /// Text that may hide a letter behind an escape (`\u0050utImage`) is always a candidate.
    private static let escape = Array(#"\u00"#.utf8)
    /// Its number.
    static let escapeWord = 0

    /// One of the ways to satisfy a clause.
    typealias Alternative = (field: String, word: Int)

    /// Per request its clauses, each a list of alternatives as word numbers with the field they stand for.
    let clausesByRequest: [[[Alternative]]]
    private let words: [[UInt8]]

    init(_ requests: [ScanRequest]) {
        var words = [Self.escape]
        var numbers: [String: Int] = [:]
        clausesByRequest = requests.map { request in
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

    private init(_ clauses: [[[Alternative]]], _ words: [[UInt8]]) {
        clausesByRequest = clauses
        self.words = words
    }

    /// - Parameter clauses: of each request some of its own; words that none of them needs are left out.
    func selecting(_ clauses: [[[Alternative]]]) -> LiteralPlan {
        var numbers = [Int](repeating: -1, count: words.count)
        numbers[Self.escapeWord] = Self.escapeWord
        var kept = [Self.escape]
        let renumbered = clauses.map { clauses in
            clauses.map { clause in
                clause.map { alternative in
                    if numbers[alternative.word] < 0 {
                        numbers[alternative.word] = kept.count
                        kept.append(words[alternative.word])
                    }
                    return (alternative.field, numbers[alternative.word])
                }
            }
        }
        return LiteralPlan(renumbered, kept)
    }

    var wordCount: Int { words.count }
    var isEmpty: Bool { words.count == 1 }

    func makeScanner(_ cache: WordScannerCache? = nil) throws -> LiteralScanner {
        try cache?.scanner(words) ?? LiteralScanner(literals: words, caseInsensitive: true)
    }

    /// The clauses of a request that hold for events whose plain fields are known: word numbers only.
    func clauses(of request: Int, isPlain: (String) -> Bool) -> [[Int]] {
        isEmpty
            ? []
            : clausesByRequest[request].filter { clause in clause.allSatisfy { isPlain($0.field) } }.map {
                $0.map(\.word)
            }
    }

    /// Which words occur in which events.
    struct Hits {
        /// Per event where its words start in `words`, and behind the last event their count.
        private var starts: [Int32] = [0]
        private var words: [Int32] = []
        let eventCount: Int

        fileprivate init(eventCount: Int) {
            self.eventCount = eventCount
            starts.reserveCapacity(eventCount + 1)
        }

        /// Events come in ascending order.
        fileprivate mutating func mark(_ word: Int, _ event: Int) {
            skip(to: event)
            words.append(Int32(word))
        }

        fileprivate mutating func skip(to event: Int) {
            while starts.count <= event { starts.append(Int32(words.count)) }
        }

        /// Of all events, one behind the other.
        var allWords: [Int32] { words }

        /// Each once, in no fixed order.
        func words(of event: Int) -> ArraySlice<Int32> { words[Int(starts[event])..<Int(starts[event + 1])] }
    }

    func hits(in events: EventBatch, _ scanner: LiteralScanner) throws -> Hits {
        var hits = Hits(eventCount: events.count)
        var event = 0
        let ranges = events.ranges
        // The event in which a word was seen last.
        var lastEvents = [Int](repeating: -1, count: words.count)
        try scanner.scan(events.buffer.bytes) { word, end in
            // Hits come in the order of their ends, and events lie one behind the other.
            while event < ranges.count, ranges[event].upperBound < end { event += 1 }
            guard event < ranges.count else { return false }
            if lastEvents[word] < event, end - words[word].count >= ranges[event].lowerBound {
                lastEvents[word] = event
                hits.mark(word, event)
            }
            return true
        }
        hits.skip(to: events.count)
        return hits
    }
}

/// Which of several requests the words of an event may satisfy. Work follows the words that an event has, not the number
/// of requests: there may be a thousand.
struct LiteralIndex {
    private struct Posting {
        var member: Int
        var clauses: UInt64
    }

    private let memberCount: Int
    /// By word: the members' clauses that it satisfies.
    private let postings: [Int: [Posting]]
    /// By member: a bit for each clause; 0 for one that any event may satisfy.
    private let wanted: [UInt64]

    /// - Parameter members: of each its clauses, as word numbers. Clauses beyond 64 are left out, which lets through more.
    init(_ members: [[[Int]]]) {
        memberCount = members.count
        var postings: [Int: [Posting]] = [:]
        var wanted: [UInt64] = []
        for (member, clauses) in members.enumerated() {
            var bits: [Int: UInt64] = [:]
            for (number, clause) in clauses.prefix(64).enumerated() {
                for word in clause { bits[word, default: 0] |= 1 << UInt64(number) }
            }
            for (word, clauses) in bits {
                postings[word, default: []].append(Posting(member: member, clauses: clauses))
            }
            wanted.append(clauses.isEmpty ? 0 : clauses.count >= 64 ? .max : (1 << UInt64(clauses.count)) - 1)
        }
        self.postings = postings
        self.wanted = wanted
    }

    /// Per member the rows among `rows` that may satisfy it, ascending as they do.
    ///
    /// - Parameter isOpen: tells of a row that words say nothing of.
    func candidates(_ rows: [Int], _ hits: LiteralPlan.Hits?, isOpen: (Int) -> Bool) -> [[Int]] {
        guard let hits else { return [[Int]](repeating: rows, count: memberCount) }
        var candidates = wanted.map { $0 == 0 ? rows : [] }
        let selective = wanted.indices.filter { wanted[$0] != 0 }
        guard !selective.isEmpty else { return candidates }
        var found = [UInt64](repeating: 0, count: memberCount)
        var touched: [Int] = []
        for row in rows {
            let words = hits.words(of: row)
            if words.contains(Int32(LiteralPlan.escapeWord)) || isOpen(row) {
                for member in selective { candidates[member].append(row) }
                continue
            }
            for word in words {
                for posting in postings[Int(word)] ?? [] {
                    if found[posting.member] == 0 { touched.append(posting.member) }
                    found[posting.member] |= posting.clauses
                }
            }
            for member in touched {
                if found[member] == wanted[member] { candidates[member].append(row) }
                found[member] = 0
            }
            touched.removeAll(keepingCapacity: true)
        }
        return candidates
    }
}
